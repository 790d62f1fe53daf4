import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Req,
  Res,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ownerOf, may } from '@drover/access';
import { type Config, CONFIG } from '@drover/config';
import { isDroverError } from '@drover/domain';
import { loginOf, DialectGuards, ChangesByGet } from '@drover/http';
import type { StoredJob } from '@drover/jobs';
import { Archives } from '../../core/archives.js';
import { SEARCH_STATES } from '../../core/job-states.js';
import { LabJobs, type ListedJob } from '../../core/jobs.js';
import { Admission } from '../access/admission.js';
import { LabGuard } from '../access/lab.guard.js';
import { Agents, Readers, Submitters } from '../access/roles.decorator.js';
import { agentNameOf } from '../cookies.js';
import { LabErrorsFilter } from '../errors.filter.js';
import { JsonBodyInterceptor } from '../json-body.interceptor.js';
import { checkRef, first, instant, nameable, onlyGet, stream, text, valuesOf } from '../lab-answers.js';
import { LabError, validationError } from '../lab-error.js';
import { countJob } from '../metrics.js';
import { ACTION, fit } from '../schema/body-schemas.js';
import { fitJob } from '../schema/job-document.js';
import { SecretsAtHandOut } from '../secrets-at-hand-out.js';
import { toDocument, toSubmission } from '../translate.js';

const EXAMPLE_ID = '00000000-0000-0000-0000-000000000000';

/** Jobs: in, out to agents, looked at, cancelled. */
@ApiTags('testflinger')
@DialectGuards()
@Controller('v1/job')
@UseFilters(LabErrorsFilter)
@UseGuards(LabGuard)
@UseInterceptors(JsonBodyInterceptor)
export class JobController {
  constructor(
    private readonly jobs: LabJobs,
    private readonly archives: Archives,
    private readonly admission: Admission,
    private readonly secrets: SecretsAtHandOut,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @HttpCode(200)
  @Submitters()
  @ApiOperation({
    summary: 'Submit a job',
    description: 'Only `job_queue` is required; every other field is kept and handed to the agent unchanged.',
  })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['job_queue'],
      example: {
        job_queue: 'myqueue',
        provision_data: { url: 'https://images.example/core.img.xz' },
        test_data: { test_cmds: 'uname -a' },
      },
    },
  })
  @ApiResponse({ status: 200, schema: { example: { job_id: EXAMPLE_ID } } })
  @ApiResponse({
    status: 422,
    schema: {
      example: { message: 'Validation error', detail: { json: { job_queue: ['Missing data for required field.'] } } },
    },
  })
  async submit(@Req() request: Request, @Body() body: unknown): Promise<{ job_id: string }> {
    const { document, attached } = fitJob(body);
    const { principal } = loginOf(request);
    if (document.job_id !== undefined && document.job_id !== '') checkRef(document.job_id);
    await this.admission.check(document, principal);
    const owner = ownerOf(principal);
    const job_id = await this.jobs.submit(toSubmission(document, owner), {
      ...(document.job_id ? { ref: document.job_id } : {}),
      attached,
      // With logins, an id is its owner's.
      mayRenew: (before: StoredJob) => {
        if (this.config.auth !== 'none' && before.owner !== owner && !may(principal, 'operate'))
          throw new LabError(403, 'This job_id belongs to another client');
      },
    });
    countJob(document);
    return { job_id };
  }

  @Get()
  @ChangesByGet()
  @Agents()
  @ApiOperation({
    summary: 'Take a job',
    description:
      'Hands the best waiting job of these queues to the agent that asks: highest priority first, then oldest. 204 when there is none.',
  })
  @ApiQuery({ name: 'queue', isArray: true, type: String, example: ['myqueue'] })
  @ApiResponse({
    status: 200,
    schema: {
      example: {
        job_id: EXAMPLE_ID,
        job_queue: 'myqueue',
        started_at: '2026-01-01T00:00:00Z',
        test_data: { test_cmds: 'uname -a' },
      },
    },
  })
  @ApiResponse({ status: 204, description: 'No job' })
  @ApiResponse({ status: 400, description: 'No queue' })
  async take(@Req() request: Request, @Res() response: Response): Promise<void> {
    onlyGet(request);
    const queues = valuesOf(request.query, 'queue');
    if (queues.length === 0) throw new LabError(400, 'No queue(s) specified in request');
    const agentName = agentNameOf(request);
    if (agentName === null && this.config.auth !== 'none')
      throw new LabError(
        401,
        'Agent not identified: post its data to /v1/agents/data/<name> first and send the cookie back',
      );
    const { principal } = loginOf(request);
    for (const queue of queues) {
      this.admission.checkServes(principal, queue);
      await this.admission.checkReserved(principal, queue);
    }
    const taken = await this.jobs.take(
      agentName !== null && nameable(agentName) ? agentName : null,
      queues.filter(nameable),
    );
    if (!taken) {
      response.status(204).end();
      return;
    }
    const { job, ref } = taken;
    // The agent may hang up before it has the answer, or have done so while we looked; then nobody would ever run the
    // job.
    const gone = (): void => {
      if (!response.writableFinished) void this.jobs.giveBack(job).catch(() => undefined);
    };
    response.once('close', gone);
    if (response.closed) {
      gone();
      return;
    }
    try {
      const document = await this.secrets.resolve(toDocument(job), job);
      const attached = await this.archives.info(ref, 'attachments', null);
      response.json({
        ...document,
        job_id: ref,
        started_at: instant(job.claimed_at ?? new Date()),
        ...(attached ? { attachments_status: 'complete' } : {}),
      });
    } catch (error) {
      // The agent gets an error and knows of no job.
      response.off('close', gone);
      await this.jobs.giveBack(job);
      throw error;
    }
  }

  @Get('search')
  @Readers()
  @ApiOperation({
    summary: 'Search by tags and states',
    description: '`state=active`: every job that has not ended; it overrides other states.',
  })
  @ApiQuery({ name: 'tags', isArray: true, type: String, required: false, example: ['foo', 'bar'] })
  @ApiQuery({ name: 'match', enum: ['any', 'all'], required: false })
  @ApiQuery({ name: 'state', isArray: true, enum: SEARCH_STATES, required: false })
  @ApiResponse({
    status: 200,
    schema: { example: [{ job_id: EXAMPLE_ID, created_at: '2026-01-01T00:00:00Z', job_state: 'waiting' }] },
  })
  async search(@Req() request: Request, @Res() response: Response): Promise<void> {
    const match = first(request.query, 'match') ?? 'any';
    const states = valuesOf(request.query, 'state');
    if (match !== 'any' && match !== 'all') throw validationError({ match: ['Must be one of: any, all.'] }, 'query');
    const unknown = states.findIndex((state) => !SEARCH_STATES.includes(state));
    if (unknown >= 0)
      throw validationError({ state: { [unknown]: [`Must be one of: ${SEARCH_STATES.join(', ')}.`] } }, 'query');
    const tags = valuesOf(request.query, 'tags');
    // No job can have such a tag.
    const impossible = match === 'all' && !tags.every(nameable);
    const found = this.jobs.list({ tags: tags.filter(nameable), match, states });
    response.type('application/json');
    await stream(
      response,
      impossible || (tags.length > 0 && !tags.some(nameable))
        ? one('[]')
        : jsonList(found, ({ ref, state, created_at }) => ({
            job_id: ref,
            created_at: instant(created_at),
            job_state: state,
          })),
    );
  }

  @Get(':job_id')
  @Readers()
  @ApiOperation({ summary: 'The definition of a job, as it was submitted' })
  @ApiResponse({
    status: 200,
    schema: { example: { job_id: EXAMPLE_ID, job_queue: 'myqueue', test_data: { test_cmds: 'uname -a' } } },
  })
  @ApiResponse({ status: 204, description: 'No such job' })
  async show(@Param('job_id') ref: string, @Res() response: Response): Promise<void> {
    checkRef(ref);
    const job = await this.jobs.find(ref);
    if (!job) {
      response.status(204).end();
      return;
    }
    const document = toDocument(job);
    response.json({
      ...document,
      ...(this.config.auth !== 'none' && document['exclude_agents'] === undefined ? { exclude_agents: [] } : {}),
      job_id: ref,
    });
  }

  @Get(':job_id/position')
  @Readers()
  @ApiOperation({ summary: 'How many waiting jobs of its queue go before it' })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: '0' } } })
  @ApiResponse({ status: 410, description: 'It does not wait, or does not exist' })
  async position(@Param('job_id') ref: string, @Res() response: Response): Promise<void> {
    checkRef(ref);
    const position = await this.jobs.position(ref);
    if (position === null) throw new LabError(410, 'Job not found or already started', { plain: true });
    text(response, String(position));
  }

  @Post(':job_id/action')
  @HttpCode(200)
  @Submitters()
  @ApiOperation({ summary: 'Cancel a job' })
  @ApiBody({ schema: { type: 'object', required: ['action'], example: { action: 'cancel' } } })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'OK' } } })
  @ApiResponse({ status: 400, content: { 'text/plain': { example: 'The job is already completed or cancelled' } } })
  @ApiResponse({ status: 404, description: 'No such job' })
  async act(
    @Param('job_id') ref: string,
    @Req() request: Request,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    checkRef(ref, 'text');
    fit(ACTION, body);
    try {
      await this.jobs.cancel(ref, `cancelled by ${ownerOf(loginOf(request).principal)}`);
    } catch (error) {
      if (isDroverError(error, 'terminal'))
        throw new LabError(400, 'The job is already completed or cancelled', { plain: true });
      throw error;
    }
    text(response, 'OK');
  }
}

async function* one(value: string): AsyncGenerator<string> {
  yield value;
}

/** A JSON array, written page by page. */
export async function* jsonList(
  pages: AsyncIterable<ListedJob[]>,
  view: (job: ListedJob) => object,
): AsyncGenerator<string> {
  let opened = false;
  for await (const page of pages) {
    yield `${opened ? ',' : '['}${page.map((job) => JSON.stringify(view(job))).join(',')}`;
    opened = true;
  }
  yield opened ? ']' : '[]';
}
