import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { settingsOf, type Config, CONFIG } from '@drover/config';
import {
  boolean,
  coreStates,
  hpcRefusal,
  isHpcState,
  isObject,
  merged,
  MOST_JOBS,
  readJson,
  V1ErrorsFilter,
  V1Guard,
  V1JobsService,
  type JobObject,
  type V1Request,
  type Values,
} from '@drover/dialects/v1-jobs';
import { DialectGuards, sendRows } from '@drover/http';
import { hpcSettings } from '../config.js';
import { Trail } from './audit-headers.js';
import { body, optionalText, queryNumber, queryText, requiredText, texts, usageOf } from './body-fields.js';
import { HpcCounters } from './hpc-counters.js';
import { HpcJobsService } from './hpc-jobs.service.js';
import { schedulerOf } from './scheduler-info.js';

/** The resource both services own: the observability service's rules, Flux's details where they are asked for. */
@ApiTags('HPC observability')
@Controller('v1/jobs')
@UseGuards(V1Guard)
@UseFilters(V1ErrorsFilter)
export class HpcJobsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly jobs: V1JobsService,
    private readonly changes: HpcJobsService,
    private readonly counters: HpcCounters,
    private readonly trail: Trail,
  ) {}

  @DialectGuards('read')
  @Get()
  @ApiOperation({ summary: 'Jobs, newest first; with details=true in the form of Flux' })
  async list(@Req() request: V1Request, @Query() query: Values, @Res() response: Response): Promise<void> {
    // Flux callers send their parameters as a body on the GET.
    const values = merged(query, await readJson(request));
    if (boolean(values, 'details') ?? boolean(values, 'detail')) return this.details(values, response);
    const state = queryText(query, 'state');
    if (state !== undefined && !isHpcState(state)) throw hpcRefusal('validation_error', 'Invalid job state');
    const owner = queryText(query, 'user');
    const node = queryText(query, 'node');
    const limit = queryNumber(stringed(values), 'limit', {
      min: 1,
      max: 1000,
      default: settingsOf(this.config, hpcSettings).listLimit,
    });
    const offset = queryNumber(query, 'offset', { min: 0, max: Number.MAX_SAFE_INTEGER, default: 0 });
    const filter = {
      ...(state === undefined ? {} : { states: coreStates(state) }),
      ...(owner === undefined ? {} : { owner }),
      ...(node === undefined ? {} : { node }),
    };
    const page = await this.counters.time('list_jobs', async () => {
      const [{ jobs }, total] = await Promise.all([this.jobs.list(filter, { limit, offset }), this.jobs.count(filter)]);
      return { jobs: await this.jobs.show(jobs, 'merged'), total, limit, offset };
    });
    response.json(page);
  }

  /** Flux's shape: no limit means all, a limit that is no number is ignored. */
  private async details(values: Values, response: Response): Promise<void> {
    const listing = boolean(values, 'listing') ?? false;
    const asked = values['limit'];
    const text = typeof asked === 'string' || typeof asked === 'number' ? String(asked).trim() : '';
    const limit = /^\d+$/.test(text) ? Math.min(Number(text), MOST_JOBS) : MOST_JOBS;
    const { jobs } = await this.jobs.list({}, { limit });
    const shown = await this.jobs.show(jobs, 'flux');
    if (listing) return sendRows(response, '[', shown, (job) => JSON.stringify(job), ']');
    await sendRows(response, '{', shown, (job) => `${JSON.stringify(job.id)}:${JSON.stringify(job)}`, '}');
  }

  @DialectGuards('submit')
  @Post()
  @ApiOperation({ summary: 'A job that runs elsewhere, to be observed' })
  async create(@Req() request: V1Request, @Res({ passthrough: true }) response: Response): Promise<JobObject> {
    const author = this.trail.author(request, response);
    const values = body(await readJson(request));
    const id = requiredText(values, 'id', 'Job ID is required');
    const user = requiredText(values, 'user', 'User is required');
    const nodes = texts(values, 'nodes', 'At least one node is required');
    if (id === 'search' || id === 'submit')
      throw hpcRefusal('validation_error', `Job ID must not be "${id}": that is the name of a route`);
    const scheduler = schedulerOf(values['scheduler']);
    const job = await this.counters.time('create_job', () =>
      this.changes.create(
        {
          id,
          user,
          nodes,
          started_at: new Date(),
          observed: {
            cluster_name: 'default',
            scheduler_instance: 'api',
            ingest_version: 'api-v1',
            ...(scheduler ? { scheduler } : {}),
          },
        },
        author,
      ),
    );
    return this.jobs.showOne(job);
  }

  @DialectGuards('read')
  @Get(':id')
  @ApiOperation({ summary: 'One job, in the words of both services' })
  async get(@Param('id') id: string): Promise<JobObject> {
    return this.counters.time('get_job', async () => this.jobs.showOne(await this.jobs.find(id)));
  }

  @DialectGuards('submit')
  @Patch(':id')
  @ApiOperation({ summary: 'State and usage of an observed job; "cancelled" also for one of ours' })
  async update(
    @Param('id') id: string,
    @Req() request: V1Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JobObject> {
    const author = this.trail.author(request, response);
    const values = body(await readJson(request));
    const state = optionalText(values, 'state');
    if (state !== undefined && !isHpcState(state)) throw hpcRefusal('validation_error', 'Invalid job state');
    const usage = usageOf(values);
    const job = await this.counters.time('update_job', () =>
      this.changes.update(
        id,
        { ...(state === undefined ? {} : { state }), ...(Object.keys(usage).length > 0 ? { usage } : {}) },
        author,
      ),
    );
    return this.jobs.showOne(job);
  }

  @DialectGuards('submit')
  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Removes a job with its samples; its trail stays' })
  async remove(
    @Param('id') id: string,
    @Req() request: V1Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const author = this.trail.author(request, response);
    await this.counters.time('delete_job', () => this.changes.delete(id, author));
  }
}

/** The limit of a JSON body is a number. */
const stringed = (values: Values): Values =>
  isObject(values) && typeof values['limit'] === 'number' ? { ...values, limit: String(values['limit']) } : values;
