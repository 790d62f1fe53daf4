import { All, Controller, Get, Inject, Next, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { NeedsUnlessOpen } from '@drover/http';
import { CountersService } from '@drover/metrics';
import { ScrapeService, TREE_HEADER } from '@drover/scrape';
import { OPEN_VALUE } from '../config.js';
import { queryValue } from './body.js';
import { sendEnvelope, sendJson } from './envelope.js';
import { MetricProxyErrorsFilter } from './errors.filter.js';
import { SETTINGS, type MetricProxySettings } from './metric-proxy-settings.js';
import { readOnly, segmentsOf } from './paths.js';
import { descJson, EntryWriter } from './render.js';

/** The jobs that run, with their counters. */
@ApiTags('metric proxy')
@UseFilters(MetricProxyErrorsFilter)
@NeedsUnlessOpen(OPEN_VALUE, 'read')
@Controller()
export class MetricProxyJobsController {
  private readonly writer: EntryWriter;

  constructor(
    private readonly counters: CountersService,
    private readonly scrapes: ScrapeService,
    @Inject(SETTINGS) private readonly settings: MetricProxySettings,
  ) {
    this.writer = new EntryWriter(counters, settings.flavour);
  }

  @Get(['job/list', 'joblist'])
  @ApiOperation({ summary: 'The sum of everything, the nodes and the running jobs, without counters' })
  async list(@Res() response: Response): Promise<void> {
    await this.refresh(response);
    sendJson(
      response,
      `[${this.counters
        .entries()
        .map((entry) => descJson(entry.desc, this.settings.flavour))
        .join(',')}]`,
    );
  }

  @Get('job')
  @ApiOperation({ summary: 'The same with all counters, or one of them' })
  @ApiQuery({ name: 'job', required: false })
  async jobs(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.refresh(response);
    const id = queryValue(request, 'job');
    if (id === undefined) {
      sendJson(response, this.writer.all());
      return;
    }
    const entry = this.counters.entry(id);
    if (entry) sendJson(response, this.writer.profile(entry));
    else sendEnvelope(response, 'No such Job ID', false);
  }

  /** Brings the counters up to date, and tells a parent proxy in a header which proxies are summed up here. */
  private async refresh(response: Response): Promise<void> {
    const [tree] = await Promise.all([this.scrapes.tree(), this.counters.refresh()]);
    response.setHeader(TREE_HEADER, tree.join(','));
  }

  @All(['job', 'joblist', 'job/*rest', 'joblist/*rest'])
  @ApiExcludeEndpoint()
  async others(@Req() request: Request, @Res() response: Response, @Next() next: NextFunction): Promise<void> {
    const [first, second, ...more] = segmentsOf(request);
    // Pages of another API about its numbered jobs.
    if (first === 'job' && /^\d+$/.test(second ?? '')) return next();
    if (!readOnly(request, response)) return;
    if (first === 'joblist' ? second === undefined : second === 'list' && more.length === 0) return this.list(response);
    // `/job//`
    if (second === undefined) return this.jobs(request, response);
    sendEnvelope(response, request.path, false);
  }
}
