import { All, Controller, Get, Inject, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { DroverError, isDroverError } from '@drover/domain';
import { NeedsUnlessOpen, ChangesByGet, OnlyReads } from '@drover/http';
import { CountersService } from '@drover/metrics';
import { ScrapeService, urlOf } from '@drover/scrape';
import { OPEN_VALUE } from '../config.js';
import { queryValue } from './body.js';
import { sendEnvelope, sendJson } from './envelope.js';
import { MetricProxyErrorsFilter } from './errors.filter.js';
import { SETTINGS, type MetricProxySettings } from './metric-proxy-settings.js';
import { readOnly, segmentsOf } from './paths.js';

const SYSTEM = '/system';
/** Targets of one request at most. */
const MULTIPLE = 100;

/** Exporters and other proxies whose metrics are fetched. */
@ApiTags('metric proxy')
@UseFilters(MetricProxyErrorsFilter)
@Controller()
export class MetricProxyJoinsController {
  constructor(
    private readonly scrapes: ScrapeService,
    private readonly counters: CountersService,
    @Inject(SETTINGS) private readonly settings: MetricProxySettings,
  ) {}

  @OnlyReads()
  @NeedsUnlessOpen(OPEN_VALUE, 'read')
  @Get('join/list')
  @ApiOperation({ summary: 'The scraped targets' })
  async list(@Res() response: Response): Promise<void> {
    const [targets] = await Promise.all([this.scrapes.list(), this.counters.refresh()]);
    const own = this.counters.source(`node:${this.settings.host}`);
    const entries = targets.map((target) => ({
      target_url: urlOf(target.kind, target.address),
      ttype: target.kind === 'proxy' ? 'Proxy' : 'Prometheus',
      period: target.period_s,
      last_scrape: unixSeconds(target.last_scrape_at),
    }));
    sendJson(
      response,
      JSON.stringify([
        ...entries,
        {
          target_url: SYSTEM,
          ttype: 'System',
          period: this.settings.systemPeriodS,
          last_scrape: unixSeconds(own?.updated_at ?? null),
        },
      ]),
    );
  }

  @ChangesByGet()
  @NeedsUnlessOpen(OPEN_VALUE, 'operate')
  @Get('join')
  @ApiOperation({ summary: 'Scrape a target; its period in milliseconds' })
  @ApiQuery({ name: 'to' })
  @ApiQuery({ name: 'period', required: false })
  async join(@Req() request: Request, @Res() response: Response): Promise<void> {
    const to = queryValue(request, 'to');
    if (to === undefined) throw new DroverError('invalid', 'No to parameter passed');
    await this.add([{ to, periodMs: queryValue(request, 'period') }]);
    sendEnvelope(response, `Added ${to} for scraping`, true);
  }

  /** Several, separated by an encoded `&`; periods likewise. */
  @ChangesByGet()
  @NeedsUnlessOpen(OPEN_VALUE, 'operate')
  @Get('join/multiple')
  @ApiOperation({ summary: 'Scrape several targets' })
  @ApiQuery({ name: 'to' })
  @ApiQuery({ name: 'period', required: false })
  async multiple(@Req() request: Request, @Res() response: Response): Promise<void> {
    const to = queryValue(request, 'to');
    if (to === undefined) throw new DroverError('invalid', 'No to parameter passed');
    const targets = to.split('&').filter((one) => one !== '');
    if (targets.length === 0 || targets.length > MULTIPLE)
      throw new DroverError('invalid', `Give 1 to ${MULTIPLE} targets`);
    const periods = (queryValue(request, 'period') ?? '').split('&');
    await this.add(targets.map((target, i) => ({ to: target, periodMs: periods[i] })));
    sendEnvelope(response, `Added ${targets.join(', ')} for scraping`, true);
  }

  @ChangesByGet()
  @NeedsUnlessOpen(OPEN_VALUE, 'operate')
  @All(['join', 'join/*rest'])
  @ApiExcludeEndpoint()
  async others(@Req() request: Request, @Res() response: Response): Promise<void> {
    const route = segmentsOf(request).join('/');
    if (route === 'join' && request.method === 'POST') return this.join(request, response);
    if (!readOnly(request, response)) return;
    if (route === 'join') return this.join(request, response);
    if (route === 'join/list') return this.list(response);
    if (route === 'join/multiple') return this.multiple(request, response);
    sendEnvelope(response, request.path, false);
  }

  private async add(targets: { to: string; periodMs: string | undefined }[]): Promise<void> {
    // The own system is always scraped.
    const others = targets.filter(({ to }) => to !== SYSTEM);
    try {
      await this.scrapes.joinAll(others.map(({ to, periodMs }) => ({ address: to, more: periodOf(periodMs) })));
    } catch (error) {
      if (isDroverError(error, 'forbidden') || isDroverError(error, 'too_large'))
        throw new DroverError(
          'invalid',
          `Failed to add ${String(error.details?.['address'])} for scraping : ${error.message}`,
        );
      throw error;
    }
  }
}

function periodOf(periodMs: string | undefined): { period_s?: number } {
  const ms = /^\d{1,10}(\.\d{1,6})?$/.test(periodMs ?? '') ? Number(periodMs) : 0;
  return ms > 0 ? { period_s: Math.min(Math.max(ms, SHORTEST_MS), LONGEST_MS) / 1000 } : {};
}

const SHORTEST_MS = 100;
const LONGEST_MS = 86_400_000;

const unixSeconds = (at: Date | null): number => (at ? Math.floor(at.getTime() / 1000) : 0);
