import { Controller, Get, HttpCode, Next, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { NextFunction, Response } from 'express';
import {
  isObject,
  last,
  Refusal,
  V1ErrorsFilter,
  V1JobsService,
  type V1Request,
  type Values,
} from '@drover/dialects/v1-jobs';
import { DialectGuards, Open, ChangesByGet, sendPage } from '@drover/http';
import { FluxJobsService } from '../http/flux-jobs.service.js';
import { OutputService } from '../http/output.service.js';
import { search } from '../http/search.js';
import type { PortalRequest } from './job-of-path.js';
import { about, FIELDS, jobPage, jobTable, loggedOut, noSuchJob, submitPage, submitted } from './pages.js';
import { PortalGuard } from './portal.guard.js';

const ROWS = 100;
/** Lines of output on a job's page. */
const MOST_LINES = 2_000;
const MOST_CHARS = 512 * 1024;

/** Open to all: who logs out may have no login. */
@ApiExcludeController()
@Open()
@Controller()
export class PortalLogoutController {
  /** Nobody can make a browser forget HTTP Basic; some do at this header. */
  @ChangesByGet()
  @Get('logout')
  logout(@Res() response: Response): void {
    response.setHeader('Clear-Site-Data', '"cookies"');
    sendPage(response, loggedOut());
  }
}

/** Pages for people, made on the server; they need no other host and no script. */
@ApiExcludeController()
@Controller()
@UseGuards(PortalGuard)
@UseFilters(V1ErrorsFilter)
export class PortalController {
  constructor(
    private readonly jobs: V1JobsService,
    private readonly flux: FluxJobsService,
    private readonly outputs: OutputService,
  ) {}

  @DialectGuards('read')
  @Get('page/about')
  about(@Res() response: Response): void {
    sendPage(response, about());
  }

  @DialectGuards('read')
  @Get('jobs')
  async list(@Query() query: Values, @Res() response: Response): Promise<void> {
    const text = textOf(last(query['query']));
    const start = Math.max(0, Math.min(Number.parseInt(textOf(last(query['start'])), 10) || 0, 1_000_000_000));
    const found = await search(this.jobs, { query: text, start, length: ROWS });
    sendPage(response, jobTable(found.data, start, ROWS, found.recordsTotal, text));
  }

  @DialectGuards('read')
  @Get('jobs/submit')
  form(@Res() response: Response): void {
    sendPage(response, submitPage({ num_tasks: 1, cores_per_task: 1, runtime: 0 }, []));
  }

  @DialectGuards('submit')
  @Post('jobs/submit')
  @HttpCode(200)
  async submit(@Req() request: V1Request, @Res() response: Response): Promise<void> {
    const form = isObject(request.body) ? request.body : {};
    const values = Object.fromEntries(FIELDS.map(({ name }) => [name, last(form[name])]));
    try {
      const reply = await this.flux.submit(values, undefined, request.v1User);
      sendPage(response, submitted(String(reply['id']), String(reply['Message'])));
    } catch (error) {
      if (!(error instanceof Refusal) || error.status >= 500) throw error;
      const { Errors, Error: single, message } = error.body;
      sendPage(response, submitPage(values, Array.isArray(Errors) ? Errors.map(String) : [String(single ?? message)]));
    }
  }

  @DialectGuards('read')
  @Get('job/:id')
  async job(
    @Req() { portalJob: job }: PortalRequest,
    @Query('msg') msg: unknown,
    @Res() response: Response,
    @Next() next: NextFunction,
  ): Promise<void> {
    if (job === 'theirs') return next();
    if (!job) return sendPage(response, noSuchJob(), 404);
    const { lines, cut } = await this.outputs.tail(job, { lines: MOST_LINES, chars: MOST_CHARS });
    sendPage(
      response,
      jobPage(await this.jobs.showOne(job, 'flux'), job, {
        lines,
        cut,
        message: typeof msg === 'string' ? msg.slice(0, 1_000) : undefined,
      }),
    );
  }

  @DialectGuards('submit')
  @Post('job/:id/cancel')
  async cancel(@Req() request: PortalRequest, @Res() response: Response, @Next() next: NextFunction): Promise<void> {
    await this.cancelled(request, response, next, 303);
  }

  /** The old form of the same. */
  @ChangesByGet()
  @DialectGuards('submit')
  @Get('job/:id/cancel')
  async cancelByLink(
    @Req() request: PortalRequest,
    @Res() response: Response,
    @Next() next: NextFunction,
  ): Promise<void> {
    await this.cancelled(request, response, next, 307);
  }

  private async cancelled(
    request: PortalRequest,
    response: Response,
    next: NextFunction,
    status: number,
  ): Promise<void> {
    if (request.portalJob === 'theirs') return next();
    const id = String(request.params['id']);
    const reply = await this.flux.cancel(id).catch((error: unknown) => {
      if (error instanceof Refusal && error.status === 400) return error.body;
      throw error;
    });
    response.redirect(status, `/job/${encodeURIComponent(id)}?msg=${encodeURIComponent(String(reply['Message']))}`);
  }
}

/** A query value as text; a nested one is none. */
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
