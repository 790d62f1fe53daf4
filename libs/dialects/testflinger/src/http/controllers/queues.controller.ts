import { Controller, Get, Inject, Param, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { type Config, CONFIG } from '@drover/config';
import { DialectGuards } from '@drover/http';
import { LabAgents } from '../../core/agents.js';
import { LabJobs } from '../../core/jobs.js';
import { LabQueues } from '../../core/queues.js';
import { LabGuard } from '../access/lab.guard.js';
import { Readers } from '../access/roles.decorator.js';
import { queueAgentView } from '../agent-view.js';
import { LabErrorsFilter } from '../errors.filter.js';
import { instant, nameable, stream, valuesOf } from '../lab-answers.js';
import { LabError } from '../lab-error.js';
import { jsonList } from './job.controller.js';

/** Queues: their agents, jobs and wait times. */
@ApiTags('testflinger')
@DialectGuards()
@Controller('v1/queues')
@UseFilters(LabErrorsFilter)
@UseGuards(LabGuard)
export class QueuesController {
  constructor(
    private readonly agents: LabAgents,
    private readonly jobs: LabJobs,
    private readonly queues: LabQueues,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('wait_times')
  @Readers()
  @ApiOperation({
    summary: 'Percentiles of the time jobs waited, in seconds',
    description: 'Only queues with at least one taken job.',
  })
  @ApiQuery({ name: 'queue', isArray: true, type: String, required: false })
  @ApiResponse({ status: 200, schema: { example: { myqueue: { 5: 0, 10: 1, 50: 4.5, 90: 20, 95: 31.7 } } } })
  async waitTimes(@Req() request: Request): Promise<Record<string, Record<string, number>>> {
    const asked = valuesOf(request.query, 'queue');
    return this.queues.waitTimes(asked.length === 0 ? undefined : asked.filter(nameable));
  }

  @Get(':queue/agents')
  @Readers()
  @ApiOperation({ summary: 'Agents that serve a queue' })
  @ApiResponse({ status: 200, schema: { example: [{ name: 'agent-00', state: 'waiting', queues: ['myqueue'] }] } })
  async ofQueue(@Param('queue') queue: string): Promise<Record<string, unknown>[]> {
    const agents = nameable(queue) ? await this.agents.ofQueue(queue) : [];
    if (agents.length === 0 && this.config.auth !== 'none')
      throw new LabError(404, `Queue '${queue.slice(0, 200)}' does not exist.`);
    return agents.map(queueAgentView);
  }

  @Get(':queue/jobs')
  @Readers()
  @ApiOperation({ summary: 'Jobs of a queue, in every state' })
  @ApiResponse({
    status: 200,
    schema: {
      example: [
        {
          job_id: '00000000-0000-0000-0000-000000000000',
          created_at: '2026-01-01T00:00:00Z',
          job_state: 'waiting',
          job_queue: 'myqueue',
        },
      ],
    },
  })
  @ApiResponse({ status: 204, description: 'None' })
  async jobsOf(@Param('queue') queue: string, @Res() response: Response): Promise<void> {
    const pages = this.jobs.list({ queue: nameable(queue) ? queue : '' });
    const start = await pages.next();
    if (start.done) {
      response.status(204).end();
      return;
    }
    response.type('application/json');
    await stream(
      response,
      jsonList(chain(start.value, pages), (job) => ({
        job_id: job.ref,
        created_at: instant(job.created_at),
        job_state: job.state,
        job_queue: job.queue,
      })),
    );
  }
}

async function* chain<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}
