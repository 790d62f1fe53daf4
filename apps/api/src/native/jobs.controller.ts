import type { ServerResponse } from 'node:http';
import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiCallbacks,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Request } from 'express';
import { type BlobStore, BLOBS } from '@drover/blobs';
import { invalid, mapInPieces, type Submission } from '@drover/domain';
import {
  Early,
  requestOwner,
  Needs,
  ApiProblems,
  fromCursor,
  toCursor,
  Valid,
  ValidLong,
  ValidOrAbsent,
} from '@drover/http';
import { ControlService, QueryService, SubmitService } from '@drover/jobs';
import { WebhookPayloadDto } from './dto/delivery.dto.js';
import { JobCountDto, JobFilterDto, ListJobsDto } from './dto/job-filter.dto.js';
import { BatchAcceptedDto, JobDetailDto, JobListDto } from './dto/job.dto.js';
import { CancelJobDto, CronDto, SubmitBatchDto, SubmitJobDto } from './dto/submit-job.dto.js';
import { idempotencyOf } from './idempotency.js';
import { toFilter } from './job-filter.js';
import { JobId } from './job-id.pipe.js';
import { linked } from './trace-link.js';
import { bodyHash, detailOf, fromJob, toSubmission } from './translate.js';

const DEFAULT_PAGE = 50;
/** Faults of one answer. */
const MOST_FAULTS = 20;

@ApiTags('jobs')
@ApiExtraModels(CronDto, WebhookPayloadDto)
@Controller('api/v1/jobs')
export class JobsController {
  constructor(
    private readonly submits: SubmitService,
    private readonly control: ControlService,
    private readonly query: QueryService,
    @Inject(BLOBS) private readonly blobs: BlobStore,
  ) {}

  /**
   * Submits a job
   *
   * When the answer arrives, the job is in the record and will run, whatever happens to the queue. With an
   * `Idempotency-Key` the same request may be sent again: the same key and body give the same job (200), the same key
   * with another body is refused (422).
   */
  @Needs('submit')
  @Early()
  @Post()
  @ApiCallbacks({
    name: 'webhook',
    callbackUrl: '{$request.body#/webhooks/0/url}',
    method: 'post',
    requestBody: { type: WebhookPayloadDto },
    expectedResponse: { status: 200, description: 'Taken; any status below 400 is' },
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: '1 to 200 printable characters; kept for a day',
    schema: { type: 'string' },
  })
  @ApiHeader({
    name: 'traceparent',
    required: false,
    description:
      'W3C Trace Context of the caller; the trace of the job has a link to it. One that cannot be read counts as none',
    schema: { type: 'string' },
  })
  @ApiCreatedResponse({ type: JobDetailDto, description: 'Accepted' })
  @ApiOkResponse({ type: JobDetailDto, description: 'The key was known: the job of then' })
  @ApiProblems(400, 409, 413, 415, 422, 429)
  async submit(
    @Body(Valid) body: SubmitJobDto,
    @Headers('idempotency-key') key: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<JobDetailDto> {
    const owner = requestOwner(request);
    const { job, created } = await this.submits.submit(
      {
        owner,
        make: async () => {
          await this.demandParents([body], () => '');
          return linked(toSubmission(body, owner), request);
        },
      },
      idempotencyOf(key, body),
    );
    response.statusCode = created ? 201 : 200;
    response.setHeader('Location', `/api/v1/jobs/${job.id}`);
    return detailOf(job);
  }

  /**
   * Submits up to 10,000 jobs at once, all or none
   *
   * Faults name the job by its place: `jobs.17.priority`. With an `Idempotency-Key` the same batch may be sent again:
   * the same key and body give the ids of then (200), the same key with another body is refused (422). An id of your
   * own that exists already is refused (409).
   */
  @Needs('submit')
  @Early()
  @Post('batch')
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: '1 to 200 printable characters; kept for a day',
    schema: { type: 'string' },
  })
  @ApiHeader({
    name: 'traceparent',
    required: false,
    description:
      'W3C Trace Context of the caller; the trace of the job has a link to it. One that cannot be read counts as none',
    schema: { type: 'string' },
  })
  @ApiOkResponse({ type: BatchAcceptedDto, description: 'The key was known: the jobs of then' })
  @ApiCreatedResponse({ type: BatchAcceptedDto, description: 'All accepted' })
  @ApiProblems(400, 409, 413, 415, 422, 429)
  async batch(
    @Body(ValidLong) body: SubmitBatchDto,
    @Headers('idempotency-key') key: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<BatchAcceptedDto> {
    if (body.jobs.length === 0) throw invalid([{ field: 'jobs', message: 'must hold at least 1 job' }]);
    const owner = requestOwner(request);
    const now = Date.now();
    const make = async (): Promise<Submission[]> => {
      await this.demandParents(body.jobs, (index) => `jobs.${index}.`);
      return mapInPieces(body.jobs, (job, index) => linked(toSubmission(job, owner, `jobs.${index}.`, now), request));
    };
    const said = key === undefined ? [] : await mapInPieces(body.jobs, (job) => bodyHash(job));
    const { ids, created } = await this.submits.submitAll({ owner, make }, idempotencyOf(key, { jobs: said }));
    response.statusCode = created ? 201 : 200;
    return { ids, count: ids.length };
  }

  /** Throws `invalid` where a job names a parent that the caller may not see. */
  private async demandParents(jobs: readonly SubmitJobDto[], prefixOf: (index: number) => string): Promise<void> {
    const named = jobs.flatMap(({ parent_id: parent }, index) => (parent == null ? [] : [{ parent, index }]));
    if (named.length === 0) return;
    const known = await this.query.names(named.map(({ parent }) => parent));
    const faults = named
      .filter(({ parent }) => !known.has(parent))
      .slice(0, MOST_FAULTS)
      .map(({ parent, index }) => ({
        field: `${prefixOf(index)}parent_id`,
        message: `names job ${parent}, which does not exist`,
        value: parent,
      }));
    if (faults.length > 0) throw invalid(faults);
  }

  /**
   * Lists jobs, newest first
   *
   * All filters have to fit. Give `next` of the answer as `cursor` for the next page; jobs that come meanwhile do not
   * shift it. With `q` a page holds what is found among the next 10,000 jobs or more, with `cause`, `exit`,
   * `dialect` or a time of the start or end among the next 2,000 or more: it may be short or empty, and `next` goes on.
   */
  @Needs('read')
  @Get()
  @ApiOkResponse({ type: JobListDto, description: 'A page of jobs' })
  @ApiProblems(422)
  async list(@Query(Valid) query: ListJobsDto): Promise<JobListDto> {
    const cursor = fromCursor(query.cursor);
    const { jobs, next } = await this.query.list(toFilter(query), {
      limit: query.limit ?? DEFAULT_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { jobs: jobs.map(fromJob), next: toCursor(next) };
  }

  /**
   * Counts jobs
   *
   * Takes the filters of the list. Exact up to 100,000 jobs, and for 0.3 s; beyond that `exact` is false and `count`
   * says how many there are at least. Without filters but `state` it is always exact.
   */
  @Needs('read')
  @Get('count')
  @ApiOkResponse({ type: JobCountDto, description: 'How many there are' })
  @ApiProblems(422)
  async count(@Query(Valid) query: JobFilterDto): Promise<JobCountDto> {
    return this.query.countUpTo(toFilter(query));
  }

  /**
   * Shows a job
   *
   * With its environment and its webhooks, without their secrets. Values of variables that look like secrets are hidden
   * from those who do not own the job.
   */
  @Needs('read')
  @Get(':id')
  @ApiOkResponse({ type: JobDetailDto, description: 'The job' })
  @ApiProblems(404)
  async get(@Param('id', JobId) id: string): Promise<JobDetailDto> {
    return detailOf(await this.query.get(id));
  }

  /**
   * Deletes a job that has ended
   *
   * With its executions, logs, samples and artifacts. A live one is refused (409): cancel it first.
   */
  @Needs('submit')
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'Deleted' })
  @ApiProblems(404, 409)
  async delete(@Param('id', JobId) id: string): Promise<void> {
    const keys = await this.control.delete(id);
    await Promise.all(keys.map((key) => this.blobs.delete(key).catch(() => undefined)));
  }

  /**
   * Cancels a job
   *
   * One that waits ends at once. One that runs becomes `cancelling`: its processes get TERM, after the grace KILL; it
   * is `cancelled` when they are gone.
   */
  @Needs('submit')
  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOkResponse({
    type: JobDetailDto,
    description: 'The job: `cancelled`, or `cancelling` until its processes are gone',
  })
  @ApiProblems(400, 404, 409, 415, 422)
  async cancel(@Param('id', JobId) id: string, @Body(ValidOrAbsent) body: CancelJobDto): Promise<JobDetailDto> {
    return detailOf(await this.control.cancel(id, body.reason));
  }

  /**
   * Keeps a job, however old it is
   *
   * With its executions, output, artifacts, events and profile: no retention deletes them.
   */
  @Needs('submit')
  @Post(':id/pin')
  @HttpCode(200)
  @ApiOkResponse({ type: JobDetailDto, description: 'The job, pinned' })
  @ApiProblems(404)
  async pin(@Param('id', JobId) id: string): Promise<JobDetailDto> {
    return detailOf(await this.control.pin(id, true));
  }

  /**
   * Lets a pinned job go when it has had its time
   *
   * From then on retention counts from its end as for any other.
   */
  @Needs('submit')
  @Post(':id/unpin')
  @HttpCode(200)
  @ApiOkResponse({ type: JobDetailDto, description: 'The job, no longer pinned' })
  @ApiProblems(404)
  async unpin(@Param('id', JobId) id: string): Promise<JobDetailDto> {
    return detailOf(await this.control.pin(id, false));
  }

  /**
   * Runs an ended job again, as its next attempt
   *
   * Its id stays, `attempt` grows by 1. A job that has not ended is refused (409): cancel it first, or wait.
   */
  @Needs('submit')
  @Post(':id/retry')
  @HttpCode(200)
  @ApiOkResponse({ type: JobDetailDto, description: 'The job, queued again' })
  @ApiProblems(404, 409)
  async retry(@Param('id', JobId) id: string): Promise<JobDetailDto> {
    return detailOf(await this.control.retry(id));
  }
}
