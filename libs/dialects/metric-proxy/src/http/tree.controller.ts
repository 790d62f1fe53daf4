import { All, Controller, Get, Inject, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { DroverError } from '@drover/domain';
import { NeedsUnlessOpen, ChangesByGet, OnlyReads } from '@drover/http';
import { ScrapeService, TreeService } from '@drover/scrape';
import { OPEN_VALUE } from '../config.js';
import { queryValue } from './body.js';
import { sendEnvelope, sendJson } from './envelope.js';
import { MetricProxyErrorsFilter } from './errors.filter.js';
import { SETTINGS, type MetricProxySettings } from './metric-proxy-settings.js';
import { readOnly, segmentsOf } from './paths.js';

const LENGTH = 300;

/** The tree of installations that sum each other up. */
@ApiTags('metric proxy')
@UseFilters(MetricProxyErrorsFilter)
@Controller()
export class MetricProxyTreeController {
  constructor(
    private readonly tree: TreeService,
    private readonly scrapes: ScrapeService,
    @Inject(SETTINGS) private readonly settings: MetricProxySettings,
  ) {}

  @OnlyReads()
  @NeedsUnlessOpen(OPEN_VALUE, 'read')
  @Get('topo')
  @ApiOperation({ summary: 'The tree as pairs of parent and child' })
  async topo(@Res() response: Response): Promise<void> {
    const [edges, targets] = await Promise.all([this.tree.edges(), this.scrapes.list()]);
    const pairs = edges.map(({ parent, child }) => [parent, child]);
    const known = new Set(edges.map((edge) => edge.child));
    for (const target of targets)
      if (target.kind === 'proxy' && !known.has(target.address)) pairs.push([this.tree.self, target.address]);
    sendJson(response, JSON.stringify(pairs.length > 0 ? pairs : [[this.tree.self, this.tree.self]]));
  }

  @ChangesByGet()
  @NeedsUnlessOpen(OPEN_VALUE, 'operate')
  @Get('pivot')
  @ApiOperation({ summary: 'A place in the tree for a new child' })
  @ApiQuery({ name: 'from' })
  async pivot(@Req() request: Request, @Res() response: Response): Promise<void> {
    sendEnvelope(response, await this.tree.place(needed(request, 'from')), true);
  }

  @OnlyReads()
  @NeedsUnlessOpen(OPEN_VALUE, 'read')
  @Get('period')
  @ApiOperation({ summary: 'The period of the own scrapes, milliseconds' })
  period(@Res() response: Response): void {
    sendEnvelope(response, String(Math.round(this.settings.systemPeriodS * 1000)), true);
  }

  @ChangesByGet()
  @NeedsUnlessOpen(OPEN_VALUE, 'operate')
  @Get('disconnect')
  @ApiOperation({ summary: 'Stop scraping a proxy' })
  @ApiQuery({ name: 'target' })
  async disconnect(@Req() request: Request, @Res() response: Response): Promise<void> {
    const target = needed(request, 'target');
    if (!(await this.scrapes.removeAddress(target)))
      throw new DroverError(
        'invalid',
        `Failed to remove http://${target}/job: No such scrape http://${target}/job to remove`,
      );
    sendEnvelope(response, `Removed ${target}`, true);
  }

  @ChangesByGet()
  @NeedsUnlessOpen(OPEN_VALUE, 'operate')
  @Get('remove')
  @ApiOperation({ summary: 'A parent says that its child is dead' })
  @ApiQuery({ name: 'from' })
  @ApiQuery({ name: 'target' })
  async remove(@Req() request: Request, @Res() response: Response): Promise<void> {
    const [from, target] = [needed(request, 'from'), needed(request, 'target')];
    if (!(await this.tree.has(from))) throw new DroverError('invalid', `No such from client ${from}`);
    await this.tree.leave(target);
    sendEnvelope(response, 'Unresponsive node removed!', true);
  }

  @ChangesByGet()
  @NeedsUnlessOpen(OPEN_VALUE, 'operate')
  @Get('leave')
  @ApiOperation({ summary: 'A child leaves' })
  @ApiQuery({ name: 'from' })
  async leave(@Req() request: Request, @Res() response: Response): Promise<void> {
    const from = needed(request, 'from');
    const known = await this.tree.leave(from);
    const scraped = await this.scrapes.removeAddress(from);
    sendEnvelope(response, known || scraped ? `Node ${from} left` : `Node ${from} not tracked in TBON`, true);
  }

  @ChangesByGet()
  @NeedsUnlessOpen(OPEN_VALUE, 'operate')
  @All([
    'topo',
    'pivot',
    'period',
    'disconnect',
    'remove',
    'leave',
    'topo/*rest',
    'pivot/*rest',
    'period/*rest',
    'disconnect/*rest',
    'remove/*rest',
    'leave/*rest',
  ])
  @ApiExcludeEndpoint()
  others(@Req() request: Request, @Res() response: Response): void {
    if (!readOnly(request, response)) return;
    sendEnvelope(response, `/${segmentsOf(request).join('/')}`, false);
  }
}

function needed(request: Request, name: 'from' | 'target'): string {
  const value = queryValue(request, name);
  if (value === undefined || value === '') throw new DroverError('invalid', `No ${name} parameter passed`);
  if (/^https?:\/\//i.test(value))
    throw new DroverError(
      'invalid',
      `${name === 'from' ? 'From' : 'Target'} should not be an URL (with http://) but host:port`,
    );
  if (value.length > LENGTH || !/^[\x21-\x7e]+$/.test(value))
    throw new DroverError('invalid', `${name} is no host:port`);
  return value;
}
