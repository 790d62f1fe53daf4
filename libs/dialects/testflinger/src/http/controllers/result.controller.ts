import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Req,
  Res,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { loginOf, DialectGuards } from '@drover/http';
import { LabJobs } from '../../core/jobs.js';
import { LabLogs } from '../../core/logs.js';
import { LabResults } from '../../core/results.js';
import { WorkerOutput } from '../../core/worker-output.js';
import { Admission } from '../access/admission.js';
import { LabGuard } from '../access/lab.guard.js';
import { Agents, ReadersAndAgents } from '../access/roles.decorator.js';
import { agentNameOf } from '../cookies.js';
import { LabErrorsFilter } from '../errors.filter.js';
import { JsonBodyInterceptor } from '../json-body.interceptor.js';
import { checkRef, stream, text } from '../lab-answers.js';
import { withLogs } from '../result-view.js';
import { fit, RESULT } from '../schema/body-schemas.js';

/** Outcomes: posted by agents, polled by people, and by agents for the sign to stop. */
@ApiTags('testflinger')
@DialectGuards()
@Controller('v1/result/:job_id')
@UseFilters(LabErrorsFilter)
@UseGuards(LabGuard)
@UseInterceptors(JsonBodyInterceptor)
export class ResultController {
  constructor(
    private readonly jobs: LabJobs,
    private readonly results: LabResults,
    private readonly logs: LabLogs,
    private readonly workers: WorkerOutput,
    private readonly admission: Admission,
  ) {}

  @Post()
  @HttpCode(200)
  @Agents()
  @ApiOperation({
    summary: 'Post outcomes',
    description: 'Top-level keys replace one by one. `job_state` moves the job; a cancelled job stays cancelled.',
  })
  @ApiBody({ schema: { type: 'object', example: { job_state: 'provision', status: { setup: 0 } } } })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'OK' } } })
  @ApiResponse({ status: 413, description: 'Not below 16 MiB' })
  async post(
    @Param('job_id') ref: string,
    @Req() request: Request,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    checkRef(ref);
    const values = fit<Record<string, unknown>>(RESULT, body);
    const job = await this.jobs.ofAgent(ref, agentNameOf(request));
    if (job) this.admission.checkServes(loginOf(request).principal, job.queue);
    await this.results.post(ref, values, job, agentNameOf(request));
    text(response, 'OK');
  }

  @Get()
  @ReadersAndAgents()
  @ApiOperation({ summary: 'The posted results, with the log of each phase' })
  @ApiResponse({
    status: 200,
    schema: {
      example: {
        job_state: 'complete',
        setup_status: 0,
        test_status: 0,
        test_output: 'Linux\n',
        device_info: { device_ip: '10.0.0.5' },
      },
    },
  })
  @ApiResponse({ status: 204, description: 'Nothing is known under this id' })
  async read(@Param('job_id') ref: string, @Res() response: Response): Promise<void> {
    checkRef(ref);
    // The state is read before the log: a client stops at `complete`, and must have everything then.
    const { job, hidden } = await this.jobs.look(ref);
    await this.workers.sync(ref, job);
    const values = hidden ? null : await this.results.read(ref, job);
    const pieces = await withLogs(values, ref, this.logs);
    if (pieces === null) {
      response.status(204).end();
      return;
    }
    response.type('application/json');
    await stream(response, pieces);
  }
}
