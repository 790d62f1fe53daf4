import { All, Controller, Get, Inject, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { currentOf, DroverError, isDroverError, type JobDesc, type Profile } from '@drover/domain';
import { NeedsUnlessOpen, sendRows } from '@drover/http';
import { ProfilesService } from '@drover/profiles';
import { OPEN_VALUE } from '../config.js';
import { queryValue } from './body.js';
import { sendEnvelope, sendJson, sendText } from './envelope.js';
import { MetricProxyErrorsFilter } from './errors.filter.js';
import { SETTINGS, type MetricProxySettings } from './metric-proxy-settings.js';
import { readOnly, segmentsOf } from './paths.js';
import { descJson, seriesJson } from './render.js';

const TEXT = 'text/plain; charset=utf-8';

/**
 * The profiles of finished jobs. The document gives `/percmd` and `/get`, the program served them below `/profiles`:
 * both are here.
 */
@ApiTags('metric proxy')
@UseFilters(MetricProxyErrorsFilter)
@NeedsUnlessOpen(OPEN_VALUE, 'read')
@Controller()
export class MetricProxyProfilesController {
  constructor(
    private readonly profiles: ProfilesService,
    @Inject(SETTINGS) private readonly settings: MetricProxySettings,
  ) {}

  @Get('profiles')
  @ApiOperation({ summary: 'Finished jobs, without metrics' })
  async list(@Res() response: Response): Promise<void> {
    const { flavour } = this.settings;
    response.setHeader('Cache-Control', 'no-store');
    await sendRows(response, '[', await this.descs(), (desc) => descJson(desc, flavour), ']');
  }

  @Get(['profiles/percmd', 'percmd'])
  @ApiOperation({ summary: 'Finished jobs by command' })
  async perCommand(@Res() response: Response): Promise<void> {
    const { flavour } = this.settings;
    const byCommand = new Map<string, JobDesc[]>();
    for (const desc of await this.descs()) {
      const known = byCommand.get(desc.command);
      if (known) known.push(desc);
      else byCommand.set(desc.command, [desc]);
    }
    const listOf = ([command, descs]: [string, JobDesc[]]): string =>
      `${JSON.stringify(command)}:[${descs.map((desc) => descJson(desc, flavour)).join(',')}]`;
    response.setHeader('Cache-Control', 'no-store');
    await sendRows(response, '{', [...byCommand], listOf, '}');
  }

  @Get(['profiles/get', 'get'])
  @ApiOperation({ summary: 'The profile of one job, with its metrics' })
  @ApiQuery({ name: 'jobid' })
  async get(@Req() request: Request, @Res() response: Response): Promise<void> {
    const id = queryValue(request, 'jobid');
    if (id === undefined) throw new DroverError('invalid', 'A GET parameter jobid must be passed');
    const profile = await this.found(id, `Failed to get ${id}`);
    const ts = this.settings.flavour === 'head' ? profile.finished_at.getTime() * 1000 : null;
    sendJson(
      response,
      `{"desc":${descJson(profile.desc, this.settings.flavour)},"counters":[${profile.counters.map((series) => seriesJson(series, ts)).join(',')}]}`,
    );
  }

  /** `[[size, value], …]` of every metric over the profiles of one command. */
  @Get('profiles/points')
  @ApiOperation({ summary: 'Every metric over the sizes of the profiles of one command' })
  @ApiQuery({ name: 'jobid' })
  async points(@Req() request: Request, @Res() response: Response): Promise<void> {
    const points: Record<string, [number, number][]> = {};
    for (const { size, metric, value } of await this.measured(request)) (points[metric] ??= []).push([size, value]);
    sendJson(response, JSON.stringify(points));
  }

  /** Writes the profiles as the tool Extra-P reads them: one JSON object a line. */
  @Get('profiles/extrap')
  @ApiOperation({ summary: 'The same as input of Extra-P' })
  @ApiQuery({ name: 'jobid' })
  async extrap(@Req() request: Request, @Res() response: Response): Promise<void> {
    const lines = (await this.measured(request)).map(({ size, metric, command, value }) =>
      JSON.stringify({ params: { size }, metric, callpath: command, value }),
    );
    sendText(response, lines.map((line) => `${line}\n`).join(''), TEXT);
  }

  @All(['profiles', 'percmd', 'get', 'profiles/*rest', 'percmd/*rest', 'get/*rest'])
  @ApiExcludeEndpoint()
  async others(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (!readOnly(request, response)) return;
    const route = segmentsOf(request).join('/');
    if (route === 'profiles') return this.list(response);
    if (route === 'profiles/percmd') return this.perCommand(response);
    if (route === 'profiles/get') return this.get(request, response);
    if (route === 'profiles/points') return this.points(request, response);
    if (route === 'profiles/extrap') return this.extrap(request, response);
    sendEnvelope(response, request.path, false);
  }

  /** Lists the jobs that have a profile, in the order of their ends. */
  private async descs(): Promise<JobDesc[]> {
    return (await this.profiles.list({}, this.settings.profilesListed)).profiles
      .map((profile) => profile.description)
      .reverse();
  }

  private async found(id: string, refusal: string): Promise<Profile> {
    try {
      return await this.profiles.get(id);
    } catch (error) {
      throw isDroverError(error, 'not_found') ? new DroverError('not_found', refusal) : error;
    }
  }

  private async measured(
    request: Request,
  ): Promise<{ size: number; metric: string; command: string; value: number }[]> {
    const id = queryValue(request, 'jobid');
    if (id === undefined) throw new DroverError('invalid', 'A GET parameter for a reference jobid must be passed');
    const { desc } = await this.found(id, 'No such jobid');
    const profiles = await this.profiles.ofCommand(desc.command);
    return profiles.reverse().flatMap((profile) => {
      const { size, command, start_time, end_time } = profile.desc;
      const values = profile.counters.map((series): [string, number | null] => [series.name, currentOf(series)]);
      if (start_time > 0 && !profile.counters.some((series) => series.name === 'walltime'))
        values.push(['walltime', Math.max(0, profile.summary.wall_s ?? end_time - start_time)]);
      return values.flatMap(([metric, value]) => (value === null ? [] : [{ size, metric, command, value }]));
    });
  }
}
