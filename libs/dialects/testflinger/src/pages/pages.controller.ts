import { Controller, Get, Next, Param, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { NextFunction, Response } from 'express';
import { RestrictedQueuesService } from '@drover/access';
import { DialectGuards } from '@drover/http';
import { QueryService } from '@drover/jobs';
import { LabAgents } from '../core/agents.js';
import { LabJobs } from '../core/jobs.js';
import { LabQueues } from '../core/queues.js';
import { isRef } from '../core/ref.js';
import { nameable } from '../http/lab-answers.js';
import { LabError } from '../http/lab-error.js';
import { agentPage, agentTable } from './agent-pages.js';
import { PageErrorsFilter } from './errors.filter.js';
import { send } from './frame.js';
import { jobPage } from './job-page.js';
import { JobViews } from './job-views.js';
import { PagesGuard } from './pages.guard.js';
import { queuePage, queueTable, type ListedQueue } from './queue-pages.js';

/** Jobs shown on the page of a queue. */
const JOBS = 100;
const IDLE = { waiting: 0, running: 0 };

/**
 * Pages for people: agents link them, and the names in them link each other. Made on the server; no script, no other
 * host. `/jobs` itself is the Flux portal's list of all jobs.
 */
@ApiExcludeController()
@DialectGuards('read')
@Controller()
@UseFilters(PageErrorsFilter)
@UseGuards(PagesGuard)
export class PagesController {
  constructor(
    private readonly views: JobViews,
    private readonly jobs: LabJobs,
    private readonly agents: LabAgents,
    private readonly queues: LabQueues,
    private readonly query: QueryService,
    private readonly restricted: RestrictedQueuesService,
  ) {}

  @Get('jobs/:job_id')
  async job(@Param('job_id') ref: string, @Res() response: Response, @Next() next: NextFunction): Promise<void> {
    // Other words after /jobs/ may be pages of others.
    if (!isRef(ref)) return next();
    const view = await this.views.of(ref);
    if (!view) throw new LabError(404, `There is no job ${ref}.`);
    send(response, `Job ${ref}`, jobPage(view));
  }

  @Get('agents')
  async listAgents(@Res() response: Response): Promise<void> {
    send(response, 'Agents', agentTable(await this.agents.everybody()));
  }

  @Get('agents/:name')
  async agent(@Param('name') name: string, @Res() response: Response): Promise<void> {
    const agent = nameable(name) ? await this.agents.find(name) : null;
    if (!agent) throw new LabError(404, `No agent ${name.slice(0, 200)} has said anything.`);
    send(response, `Agent ${name}`, agentPage(agent, await this.agents.history(name)));
  }

  @Get('queues')
  async listQueues(@Res() response: Response): Promise<void> {
    const [advertised, loads, agents] = await Promise.all([
      this.queues.advertised(),
      this.query.load(),
      this.query.agents(),
    ]);
    const names = [
      ...new Set([...Object.keys(advertised), ...loads.keys(), ...agents.flatMap((agent) => agent.queues)]),
    ].sort();
    send(
      response,
      'Queues',
      queueTable(
        names.map((name): ListedQueue => ({ name, description: advertised[name] ?? '', ...(loads.get(name) ?? IDLE) })),
      ),
    );
  }

  @Get('queues/:name')
  async queue(@Param('name') name: string, @Res() response: Response): Promise<void> {
    const unknown = new LabError(404, `No job, agent or setting names a queue ${name.slice(0, 200)}.`);
    if (!nameable(name)) throw unknown;
    const [advertised, loads, paused, images, waits, agents, jobs, restricted] = await Promise.all([
      this.queues.advertised(),
      this.query.load(name),
      this.query.paused(name),
      this.queues.images(name),
      this.queues.waitTimes([name]),
      this.agents.ofQueue(name),
      this.jobs.newest(name, JOBS),
      this.restricted.list([name]),
    ]);
    const [restriction] = restricted;
    if (jobs.length === 0 && agents.length === 0 && !paused && !restriction && !Object.hasOwn(advertised, name))
      throw unknown;
    const load = loads.get(name) ?? IDLE;
    send(
      response,
      `Queue ${name}`,
      queuePage({
        name,
        description: advertised[name] ?? '',
        ...load,
        paused,
        images,
        waits: waits[name] ?? null,
        agents,
        jobs,
        restrictedTo: restriction?.owners ?? null,
      }),
    );
  }
}
