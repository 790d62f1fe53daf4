import { randomUUID } from 'node:crypto';
import { Controller, HttpCode, Post, Req, UseFilters, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  fromHostlist,
  hpcRefusal,
  isHpcState,
  isHpcTerminal,
  readJson,
  Refusal,
  V1ErrorsFilter,
  V1Guard,
  V1JobsService,
  type V1Request,
} from '@drover/dialects/v1-jobs';
import { DroverError } from '@drover/domain';
import { NeedsUnlessOpen } from '@drover/http';
import { OPEN_EVENTS } from '../config.js';
import { body, optionalNumber, optionalText, optionalTexts, optionalTime, requiredText } from './body-fields.js';
import { HpcCounters } from './hpc-counters.js';
import { HpcJobsService } from './hpc-jobs.service.js';

interface EventReply {
  status: 'created' | 'updated' | 'skipped';
  job_id: string;
  message: string;
}

const GPU_VENDORS = ['none', 'nvidia', 'amd', 'mixed'];
const count = { min: 0, max: 2 ** 40, whole: true };

/** Only what says something: the hook scripts send empty texts for what Slurm does not tell them. */
const given = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
    ),
  );

/**
 * Takes the posts of Slurm's prolog and epilog scripts. They send no audit headers, wait five seconds at most and
 * ignore the answer.
 */
@ApiTags('HPC observability')
@NeedsUnlessOpen(OPEN_EVENTS, 'agent', 'operate')
@Controller('v1/events')
@UseGuards(V1Guard)
@UseFilters(V1ErrorsFilter)
export class HpcEventsController {
  constructor(
    private readonly jobs: V1JobsService,
    private readonly changes: HpcJobsService,
    private readonly counters: HpcCounters,
  ) {}

  @Post('job-started')
  @HttpCode(200)
  @ApiOperation({ summary: 'Slurm has started a job. Idempotent' })
  async started(@Req() request: V1Request): Promise<EventReply> {
    const values = body(await readJson(request));
    const job_id = requiredText(values, 'job_id', 'job_id is required');
    const user = requiredText(values, 'user', 'user is required');
    const list = optionalTexts(values, 'node_list');
    if (list === undefined || list.length === 0) throw hpcRefusal('validation_error', 'node_list is required');
    const started_at = optionalTime(values, 'timestamp') ?? new Date();
    const cpus = optionalNumber(values, 'cpu_allocation', count);
    const memory = optionalNumber(values, 'memory_allocation_mb', count);
    const gpus = optionalNumber(values, 'gpu_allocation', count);
    const gpu_vendor = optionalText(values, 'gpu_vendor');
    if (gpu_vendor && !GPU_VENDORS.includes(gpu_vendor))
      throw hpcRefusal('validation_error', `gpu_vendor must be one of ${GPU_VENDORS.join(', ')}`);
    const observed = given({
      cluster_name: 'default',
      scheduler_instance: 'slurm',
      ingest_version: 'prolog-v1',
      requested_cpus: cpus,
      allocated_cpus: cpus,
      requested_memory_mb: memory,
      allocated_memory_mb: memory,
      requested_gpus: gpus,
      allocated_gpus: gpus,
      gpu_vendor,
      gpu_devices: optionalTexts(values, 'gpu_devices'),
      cgroup_path: optionalText(values, 'cgroup_path', 4_096),
      scheduler: given({
        type: 'slurm',
        external_job_id: job_id,
        partition: optionalText(values, 'partition'),
        account: optionalText(values, 'account'),
      }),
    });
    const nodes = list.flatMap((name) => fromHostlist(name));
    try {
      await this.counters.time('create_job', () =>
        this.changes.create(
          { id: job_id, user, nodes, started_at, observed },
          { changed_by: 'slurm-prolog', source: 'lifecycle-event', correlation_id: randomUUID() },
        ),
      );
      return { status: 'created', job_id, message: 'Job created' };
    } catch (error) {
      if (error instanceof Refusal && error.status === 409)
        return { status: 'skipped', job_id, message: 'Job already exists' };
      throw error;
    }
  }

  @Post('job-finished')
  @HttpCode(200)
  @ApiOperation({ summary: 'Slurm has ended a job. Idempotent' })
  async finished(@Req() request: V1Request): Promise<EventReply> {
    const values = body(await readJson(request));
    const job_id = requiredText(values, 'job_id', 'job_id is required');
    const state = optionalText(values, 'final_state');
    if (!isHpcState(state)) throw hpcRefusal('validation_error', 'Invalid final_state');
    const ended_at = optionalTime(values, 'timestamp') ?? new Date();
    const exit_code = optionalNumber(values, 'exit_code', { whole: true, min: -(2 ** 31), max: 2 ** 31 - 1 });
    optionalNumber(values, 'signal', { whole: true });
    const job = await this.jobs.find(job_id);
    if (job.dispatch !== 'observed') return { status: 'skipped', job_id, message: 'Job is run by Drover itself' };
    try {
      await this.counters.time('update_job', () =>
        this.changes.update(
          job_id,
          { state, ...(isHpcTerminal(state) ? { ended_at } : {}), ...(exit_code === undefined ? {} : { exit_code }) },
          { changed_by: 'slurm-epilog', source: 'lifecycle-event', correlation_id: randomUUID() },
        ),
      );
      return { status: 'updated', job_id, message: 'Job updated' };
    } catch (error) {
      if (error instanceof DroverError && error.code === 'terminal')
        return { status: 'skipped', job_id, message: 'Job is already in a terminal state' };
      throw error;
    }
  }
}
