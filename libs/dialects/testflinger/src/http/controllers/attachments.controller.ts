import { Controller, Get, HttpCode, Param, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { isWaiting } from '@drover/domain';
import { loginOf, DialectGuards } from '@drover/http';
import { ControlService } from '@drover/jobs';
import { Archives } from '../../core/archives.js';
import { LabJobs } from '../../core/jobs.js';
import { Admission } from '../access/admission.js';
import { LabGuard } from '../access/lab.guard.js';
import { Agents, Submitters } from '../access/roles.decorator.js';
import { agentNameOf } from '../cookies.js';
import { LabErrorsFilter } from '../errors.filter.js';
import { checkRef, text } from '../lab-answers.js';
import { LabError } from '../lab-error.js';
import { hasAttachments } from '../schema/job-document.js';
import { sendArchive } from '../send-archive.js';
import { receiveFile } from '../upload.js';

/** Attachments: an archive that goes in with a job and out to its agent. */
@ApiTags('testflinger')
@DialectGuards()
@Controller('v1/job/:job_id/attachments')
@UseFilters(LabErrorsFilter)
@UseGuards(LabGuard)
export class AttachmentsController {
  constructor(
    private readonly jobs: LabJobs,
    private readonly archives: Archives,
    private readonly control: ControlService,
    private readonly admission: Admission,
  ) {}

  @Post()
  @HttpCode(200)
  @Submitters()
  @ApiOperation({
    summary: 'Send the archive a job waits for',
    description:
      'A gzip tar. The job is not handed out before it is here. Sending it again while the job waits changes nothing.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
  })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'OK' } } })
  @ApiResponse({ status: 422, description: 'No such job, it does not wait any more, or it has no attachments' })
  async send(@Param('job_id') ref: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    checkRef(ref, 'text');
    const job = await this.jobs.find(ref);
    if (!job || !isWaiting(job.state) || !hasAttachments(job.payload))
      throw new LabError(422, 'Job not awaiting attachments');
    this.jobs.checkControl(job);
    if (!job.held) {
      // A retry after an answer that was lost: what is stored stays.
      request.resume();
      text(response, 'OK');
      return;
    }
    await receiveFile(request, (file) => this.archives.put(ref, 'attachments', file, job));
    await this.control.release(job.id);
    text(response, 'OK');
  }

  @Get()
  @Agents({ job: true })
  @ApiOperation({ summary: 'The same bytes, for the agent' })
  @ApiResponse({ status: 200, content: { 'application/gzip': {} } })
  @ApiResponse({ status: 204, description: 'None' })
  async fetch(@Param('job_id') ref: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    checkRef(ref, 'text');
    const { job_id, principal } = loginOf(request);
    const job = job_id === null ? await this.jobs.ofAgent(ref, agentNameOf(request)) : await this.jobs.find(ref);
    if (job_id !== null && job?.id !== job_id) throw new LabError(403, 'This token belongs to another job');
    if (job) this.admission.checkServes(principal, job.queue);
    await sendArchive(
      request,
      response,
      this.archives,
      await this.archives.info(ref, 'attachments', null),
      'attachments.tar.gz',
    );
  }
}
