import {
  Body,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Req,
  Res,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { loginOf, DialectGuards } from '@drover/http';
import { LOG_TYPES, PHASES, type LogType } from '../../core/job-states.js';
import { LabJobs } from '../../core/jobs.js';
import { LabLogs } from '../../core/logs.js';
import { WorkerOutput } from '../../core/worker-output.js';
import { Admission } from '../access/admission.js';
import { LabGuard } from '../access/lab.guard.js';
import { Agents, Readers } from '../access/roles.decorator.js';
import { agentNameOf } from '../cookies.js';
import { LabErrorsFilter } from '../errors.filter.js';
import { JsonBodyInterceptor } from '../json-body.interceptor.js';
import { checkRef, first, stream, text } from '../lab-answers.js';
import { LabError, type Faults } from '../lab-error.js';
import { logView } from '../result-view.js';
import { fit, FRAGMENT, type FragmentBody } from '../schema/body-schemas.js';
import { dateTime, integer, oneOf, type Check } from '../schema/check.js';

const QUERY: Record<string, Check> = {
  phase: oneOf(PHASES),
  start_fragment: integer({ min: 0 }),
  start_timestamp: dateTime(),
};

/** Logs as numbered fragments. */
@ApiTags('testflinger')
@DialectGuards()
@Controller('v1/result/:job_id/log/:type')
@UseFilters(LabErrorsFilter)
@UseGuards(LabGuard)
@UseInterceptors(JsonBodyInterceptor)
@ApiParam({ name: 'type', enum: LOG_TYPES })
export class LogController {
  constructor(
    private readonly jobs: LabJobs,
    private readonly logs: LabLogs,
    private readonly workers: WorkerOutput,
    private readonly admission: Admission,
  ) {}

  @Post()
  @HttpCode(200)
  @Agents()
  @ApiOperation({
    summary: 'Post a fragment',
    description: 'Numbers count from 0 over the whole job, per type. A fragment that comes twice is stored once.',
  })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['fragment_number', 'timestamp', 'phase', 'log_data'],
      example: { fragment_number: 0, timestamp: '2026-01-01T00:00:00Z', phase: 'test', log_data: 'hello\n' },
    },
  })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'OK' } } })
  async post(
    @Param('job_id') ref: string,
    @Param('type') type: string,
    @Req() request: Request,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    checkType(type);
    checkRef(ref);
    const fragment = fit<FragmentBody>(FRAGMENT, body);
    const job = await this.jobs.ofAgent(ref, agentNameOf(request));
    if (job) this.admission.checkServes(loginOf(request).principal, job.queue);
    await this.logs.append(
      ref,
      type,
      { number: fragment.fragment_number, phase: fragment.phase, at: fragment.timestamp, text: fragment.log_data },
      job,
    );
    text(response, 'OK');
  }

  @Get()
  @Readers()
  @ApiOperation({ summary: 'Read fragments, joined by phase' })
  @ApiQuery({ name: 'phase', enum: PHASES, required: false })
  @ApiQuery({ name: 'start_fragment', type: Number, required: false, description: 'Only this number and higher' })
  @ApiQuery({ name: 'start_timestamp', type: String, required: false, description: 'Only stamped at or after' })
  @ApiResponse({
    status: 200,
    schema: { example: { output: { test: { last_fragment_number: 0, log_data: 'hello\n' } } } },
  })
  async read(
    @Param('job_id') ref: string,
    @Param('type') type: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    checkType(type);
    checkRef(ref);
    const query = checkQuery(request.query);
    const { job, hidden } = await this.jobs.look(ref);
    await this.workers.sync(ref, job);
    const filter = {
      ...(query['phase'] === undefined ? {} : { phase: query['phase'] as string }),
      ...(query['start_fragment'] === undefined ? {} : { from: query['start_fragment'] as number }),
      ...(query['start_timestamp'] === undefined ? {} : { since: query['start_timestamp'] as Date }),
    };
    // A job the caller must not know of answers as one that nobody has heard of.
    const shown = hidden ? NOBODYS : ref;
    const phases = await this.logs.phases(shown, type, filter);
    response.type('application/json');
    await stream(
      response,
      logView(type, phases, (phase) => this.logs.texts(shown, type, { ...filter, phase })),
    );
  }
}

/** An id that no job has. */
const NOBODYS = '00000000-0000-0000-0000-000000000000';

function checkType(type: string): asserts type is LogType {
  if (!(LOG_TYPES as readonly string[]).includes(type)) throw new NotFoundException('Not Found');
}

/** 400, with an object for a message. */
function checkQuery(query: Request['query']): Record<string, unknown> {
  const faults: Record<string, Faults> = {};
  const values: Record<string, unknown> = {};
  for (const [name, check] of Object.entries(QUERY)) {
    const value = first(query, name);
    if (value === undefined) continue;
    const checked = check(value);
    if (checked.ok) values[name] = checked.value;
    else faults[name] = checked.faults;
  }
  if (Object.keys(faults).length > 0) throw new LabError(400, 'Bad query', { messages: faults });
  return values;
}
