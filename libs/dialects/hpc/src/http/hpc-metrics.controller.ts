import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { settingsOf, type Config, CONFIG } from '@drover/config';
import {
  readJson,
  share,
  v1JobNotFound,
  V1ErrorsFilter,
  V1Guard,
  V1JobsService,
  type V1Request,
  type Values,
} from '@drover/dialects/v1-jobs';
import type { Sample } from '@drover/domain';
import { DialectGuards } from '@drover/http';
import { QueryService, type StoredJob } from '@drover/jobs';
import { hpcSettings } from '../config.js';
import { Trail } from './audit-headers.js';
import { body, queryNumber, queryText, timeOf } from './body-fields.js';
import { HpcCounters } from './hpc-counters.js';
import { SampleIntake, type SampleObject } from './sample-intake.js';

const MB = 1024 * 1024;
const DAY_MS = 86_400_000;

export function sampleObject(
  job: StoredJob,
  sample: Pick<Sample, 'at' | 'cpu_percent' | 'memory_bytes' | 'gpu_percent'>,
): SampleObject {
  return {
    timestamp: sample.at.toISOString(),
    cpu_usage: share(job, sample.cpu_percent ?? 0),
    memory_usage_mb: Math.floor((sample.memory_bytes ?? 0) / MB),
    ...(sample.gpu_percent === null
      ? {}
      : { gpu_usage: Math.round(Math.min(100, Math.max(0, sample.gpu_percent)) * 1e4) / 1e4 }),
  };
}

@ApiTags('HPC observability')
@Controller('v1/jobs/:id')
@UseGuards(V1Guard)
@UseFilters(V1ErrorsFilter)
export class HpcMetricsController {
  constructor(
    private readonly jobs: V1JobsService,
    private readonly query: QueryService,
    @Inject(CONFIG) private readonly config: Config,
    private readonly intake: SampleIntake,
    private readonly counters: HpcCounters,
    private readonly trail: Trail,
  ) {}

  @DialectGuards('read')
  @Get('metrics')
  @ApiOperation({ summary: 'Samples of a job, oldest first; of too many the newest' })
  async history(
    @Param('id') id: string,
    @Query() query: Values,
  ): Promise<{ job_id: string; samples: SampleObject[]; total: number }> {
    const [from, to] = ['start_time', 'end_time'].map((name) => {
      const text = queryText(query, name);
      return text === undefined ? undefined : timeOf(name, text);
    });
    const limit = queryNumber(query, 'limit', { min: 1, max: 10_000, default: 1000 });
    return this.counters.time('get_metrics', async () => {
      const job = await this.jobs.find(id);
      const range = { ...(from ? { from } : {}), ...(to ? { to } : {}) };
      const [found, kept] = await Promise.all([this.query.history(job.id, { ...range, limit }), this.kept(job, range)]);
      // Only a list that was cut has to be counted.
      const total = found.length < limit ? found.length : (kept ?? (await this.query.countSamples(job.id, range)));
      return { job_id: id, samples: found.map((sample) => sampleObject(job, sample)), total };
    });
  }

  @DialectGuards('agent', 'submit')
  @Post('metrics')
  @HttpCode(201)
  @ApiOperation({ summary: "One sample; the job's usage, averages and peaks follow at once" })
  async record(
    @Param('id') id: string,
    @Req() request: V1Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SampleObject> {
    this.trail.author(request, response);
    return this.intake.take(id, body(await readJson(request)));
  }

  /** Samples of a whole history: the record keeps the count, and it holds as long as no day of it can have been dropped. */
  private async kept(job: StoredJob, range: { from?: Date; to?: Date }): Promise<number | undefined> {
    if (
      range.from ||
      range.to ||
      job.created_at.getTime() <= Date.now() - settingsOf(this.config, hpcSettings).retentionDays * DAY_MS
    )
      return undefined;
    return (await this.query.usages([job.id])).get(job.id)?.sample_count;
  }

  @DialectGuards('read')
  @Get('audit')
  @ApiOperation({ summary: 'The changes of a job and their authors, oldest first; also of a job that was deleted' })
  async audit(@Param('id') id: string, @Query() query: Values): Promise<{ job_id: string; entries: unknown[] }> {
    const limit = queryNumber(query, 'limit', { min: 1, max: 10_000, default: 1000 });
    const entries = await this.query.trail('hpc', id.slice(0, 255), limit);
    if (entries.length === 0 && !(await this.jobs.lookUp(id))) throw v1JobNotFound();
    return {
      job_id: id,
      entries: entries.map(({ change_type, changed_at, changed_by, source, correlation_id, snapshot }) => ({
        job_id: id,
        change_type,
        changed_at: changed_at.toISOString(),
        changed_by,
        source,
        correlation_id,
        snapshot,
      })),
    };
  }
}
