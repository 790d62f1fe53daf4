import { Controller, Get, HttpCode, Param, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { loginOf, DialectGuards, readBytes, ChangesByGet, writeOut } from '@drover/http';
import { Archives, ARTIFACT_NAME } from '../../core/archives.js';
import type { LogType } from '../../core/job-states.js';
import { LabJobs } from '../../core/jobs.js';
import { LabLogs } from '../../core/logs.js';
import { Admission } from '../access/admission.js';
import { LabGuard } from '../access/lab.guard.js';
import { Agents, Readers } from '../access/roles.decorator.js';
import { agentNameOf } from '../cookies.js';
import { LabErrorsFilter } from '../errors.filter.js';
import { checkRef, onlyGet, text } from '../lab-answers.js';
import { sendArchive } from '../send-archive.js';
import { receiveFile } from '../upload.js';

/** The archive of artifacts, and the output of agents that do not number it. */
@ApiTags('testflinger')
@DialectGuards()
@Controller('v1/result/:job_id')
@UseFilters(LabErrorsFilter)
@UseGuards(LabGuard)
export class ArchivesController {
  constructor(
    private readonly jobs: LabJobs,
    private readonly archives: Archives,
    private readonly logs: LabLogs,
    private readonly admission: Admission,
  ) {}

  @Post('artifact')
  @HttpCode(200)
  @Agents()
  @ApiOperation({
    summary: 'Send the archive of artifacts',
    description: 'The archive may have any size. Sending again replaces.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
  })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'OK' } } })
  async send(@Param('job_id') ref: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    checkRef(ref, 'text');
    const job = await this.jobs.ofAgent(ref, agentNameOf(request));
    if (job) this.admission.checkServes(loginOf(request).principal, job.queue);
    await receiveFile(request, (file) => this.archives.put(ref, 'artifact', file, job));
    text(response, 'OK');
  }

  @Get('artifact')
  @Readers()
  @ApiOperation({ summary: 'The archive of artifacts', description: 'Takes a Range.' })
  @ApiResponse({ status: 200, content: { 'application/gzip': {} } })
  @ApiResponse({ status: 204, description: 'None' })
  async fetch(@Param('job_id') ref: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    checkRef(ref, 'text');
    const { job, hidden } = await this.jobs.look(ref);
    const info = hidden ? null : await this.archives.info(ref, 'artifact', job);
    await sendArchive(request, response, this.archives, info, ARTIFACT_NAME);
  }

  @Post('output')
  @HttpCode(200)
  @Agents()
  @ApiOperation({ summary: 'Append live output (old agents)' })
  @ApiConsumes('text/plain')
  @ApiBody({ schema: { type: 'string', example: 'hello' } })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'OK' } } })
  async addOutput(@Param('job_id') ref: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.add(ref, 'output', request, response);
  }

  @Get('output')
  @ChangesByGet()
  @Readers()
  @ApiOperation({ summary: 'Live output since the last read, which forgets it (old clients)' })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'hello' } } })
  @ApiResponse({ status: 204, description: 'None' })
  async takeOutput(@Param('job_id') ref: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.take(ref, 'output', request, response);
  }

  @Post('serial_output')
  @HttpCode(200)
  @Agents()
  @ApiOperation({ summary: 'Append live serial output (old agents)' })
  @ApiConsumes('text/plain')
  @ApiBody({ schema: { type: 'string', example: 'login:' } })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'OK' } } })
  async addSerial(@Param('job_id') ref: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.add(ref, 'serial', request, response);
  }

  @Get('serial_output')
  @ChangesByGet()
  @Readers()
  @ApiOperation({ summary: 'Live serial output since the last read, which forgets it (old clients)' })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'login:' } } })
  @ApiResponse({ status: 204, description: 'None' })
  async takeSerial(@Param('job_id') ref: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.take(ref, 'serial', request, response);
  }

  private async add(ref: string, type: LogType, request: Request, response: Response): Promise<void> {
    checkRef(ref);
    const data = await readBytes(request);
    const job = await this.jobs.ofAgent(ref, agentNameOf(request));
    if (job) this.admission.checkServes(loginOf(request).principal, job.queue);
    await this.logs.addOutput(ref, type, data, job);
    text(response, 'OK');
  }

  private async take(ref: string, type: LogType, request: Request, response: Response): Promise<void> {
    onlyGet(request);
    checkRef(ref);
    const { hidden } = await this.jobs.look(ref);
    const pages = this.logs.takeOutput(ref, type);
    const first = hidden ? undefined : await pages.next();
    if (!first || first.done) {
      response.status(204).end();
      return;
    }
    // When the client is gone no further page is taken: nothing is forgotten that nobody could read.
    await writeOut(response, joined(first.value, pages), () => response.status(200).type('text/plain'));
  }
}

const NEWLINE = Buffer.from('\n');

/** The entries of all pages, with a newline between each two. */
async function* joined(first: Buffer[], others: AsyncGenerator<Buffer[]>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for (let page = first; ;) {
    for (const entry of page) {
      if (!isFirst) yield NEWLINE;
      isFirst = false;
      yield entry;
    }
    const next = await others.next();
    if (next.done) return;
    page = next.value;
  }
}
