import { Controller, Delete, Get, Inject, Post, Put, Req, Res, UseFilters } from '@nestjs/common';
import { ApiBody, ApiExcludeEndpoint, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Needs, Open } from '@drover/http';
import { BrokerHealth } from '@drover/jobs';
import { HostsService } from '../core/hosts.service.js';
import { nextTick } from '../core/plan.js';
import { TaskQueries } from '../core/task-queries.js';
import { jsonOf } from './body.js';
import { BlacklistDto } from './dto/enqueue.dto.js';
import { FastlaneErrorsFilter } from './errors.filter.js';
import { SETTINGS, type FastlaneSettings } from './fastlane-settings.js';
import { bare, FastlaneProblem } from './problem.js';
import { ROUTES } from './routes.js';
import { date, fromJob, taskLink } from './translate.js';
import { Urls } from './urls.js';

const VERSION = '0.1.0';
const PORT = 2375;

/** Health, the state of the farm, and which nodes are to get no jobs. */
@ApiTags('fastlane')
@UseFilters(FastlaneErrorsFilter)
@Controller()
export class FastlaneServiceController {
  constructor(
    private readonly broker: BrokerHealth,
    private readonly queries: TaskQueries,
    private readonly hosts: HostsService,
    @Inject(SETTINGS) private readonly settings: FastlaneSettings,
  ) {}

  @Open()
  @Get(['healthcheck', '/'])
  @ApiOperation({ summary: 'Whether queue (redis) and store (mongo) work' })
  async health(@Res() response: Response): Promise<void> {
    const errors: { source: string; message: string }[] = [];
    const check = async (source: string, look: () => Promise<void>): Promise<boolean> => {
      try {
        await look();
        return true;
      } catch (error) {
        errors.push({ source, message: error instanceof Error ? error.message : String(error) });
        return false;
      }
    };
    const [redis, mongo] = await Promise.all([
      check('redis', () => this.broker.tickets()),
      check('mongo', () => this.broker.record()),
    ]);
    response.status(redis && mongo ? 200 : 500).json({ redis, mongo, errors });
  }

  @Needs('read')
  @Get('status')
  @ApiOperation({ summary: 'Nodes, running containers, queue lengths, jobs with a cron' })
  async status(@Req() request: Request): Promise<object> {
    const [hosts, running, waiting, deliveries, counts, crons] = await Promise.all([
      this.hosts.list(),
      this.queries.running(),
      this.queries.waiting(),
      this.queries.pendingDeliveries(),
      this.queries.counts(),
      this.queries.crons(),
    ]);
    const urls = Urls.of(request, this.settings);
    const ticks = crons.map((job) => nextTick(job.details.cron ?? ''));
    const next = [waiting.next_at, ...ticks]
      .filter((at): at is Date => at !== null)
      .sort((a, b) => a.getTime() - b.getTime())[0];
    const scheduled = [];
    for (const [at, job] of crons.entries()) {
      const { task_id: taskId, job_id: jobId } = job;
      const tick = ticks[at] ?? null;
      scheduled.push({
        ...fromJob(job, await this.queries.countExecutions(taskId, jobId), this.settings.secretWords),
        nextScheduledAt: tick === null ? null : date(tick),
        url: urls.job(taskId, jobId),
        stopUrl: `${urls.jobSlash(taskId, jobId)}stop/`,
        task: taskLink(urls, taskId),
      });
    }
    return {
      hosts,
      containers: {
        running: running.map(({ id, node, container_id }) => ({ host: node, port: PORT, id: container_id ?? id })),
      },
      queues: {
        jobs: { length: waiting.queued },
        monitor: { length: waiting.running },
        webhooks: { length: deliveries.webhook },
        notify: { length: deliveries.mail },
        error: { length: 0 },
        scheduled: {
          length: waiting.scheduled + crons.length,
          nextTimeStamp: next === undefined ? null : next.getTime() / 1000,
          nextHumanReadableDate: next === undefined ? null : next.toISOString().slice(0, 19),
        },
      },
      tasks: { count: counts.tasks },
      jobs: { count: counts.jobs, scheduled },
      fastlane: { version: VERSION, executor: this.settings.executor },
    };
  }

  @Needs('operate')
  @Post('docker-executor/blacklist')
  @ApiOperation({ summary: 'A node gets no new jobs; what runs goes on' })
  @ApiBody({ type: BlacklistDto })
  async block(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.hosts.block(await hostOf(request, 'add host to', 'add host to'));
    response.status(200).end();
  }

  @Needs('operate')
  @Put('docker-executor/blacklist')
  @ApiExcludeEndpoint()
  async blockAgain(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.block(request, response);
  }

  @Needs('operate')
  @Delete('docker-executor/blacklist')
  @ApiOperation({ summary: 'A node gets jobs again' })
  @ApiBody({ type: BlacklistDto })
  async unblock(@Req() request: Request, @Res() response: Response): Promise<void> {
    // "remove host to" is how the original words it.
    await this.hosts.unblock(await hostOf(request, 'remove host from', 'remove host to'));
    response.status(200).end();
  }

  @Needs('read')
  @Get('routes')
  @ApiOperation({ summary: 'All routes of this API; only with DEBUG' })
  routes(): object {
    if (!this.settings.debug) throw new FastlaneProblem(404, 'There is no such path.', 'route');
    return ROUTES;
  }
}

async function hostOf(request: Request, verb: string, invalidVerb: string): Promise<string> {
  const body = await jsonOf(request);
  if (body === undefined || body === null || body === '')
    throw bare(`Failed to ${verb} blacklist because JSON body could not be parsed.`);
  const host = (body as { host?: unknown }).host;
  if (host === undefined || host === null || host === '')
    throw bare(`Failed to ${verb} blacklist because 'host' attribute was not found in JSON body.`);
  const fits =
    typeof host === 'string' && host.length <= 300 && /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]+):\d{1,5}$/.test(host);
  if (!fits) throw bare(`Failed to ${invalidVerb} blacklist because 'host' attribute had an invalid value.`);
  return host;
}
