import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { AgentsService } from '@drover/agents';
import { type Config, CONFIG } from '@drover/config';
import { ApiProblems, NeedsUnlessOpen } from '@drover/http';
import { QueryService } from '@drover/jobs';
import { ScrapeService } from '@drover/scrape';
import { TargetGroupDto } from './discovery.dto.js';
import { jobGroups, nodeGroups, type SelfAddress } from './targets.js';

/** Service discovery for Prometheus (`http_sd_configs`): it reads each list again and again, by default each minute. */
@ApiTags('service discovery')
@Controller('api/v1/sd')
export class DiscoveryController {
  constructor(
    private readonly agents: AgentsService,
    private readonly scrapes: ScrapeService,
    private readonly query: QueryService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Lists where Prometheus finds the metrics of nodes
   *
   * One group for each worker that is not offline, at most 10,000. A worker that serves metrics itself
   * (`DROVER_WORKER_METRICS`) is its own target, `__meta_drover_via="worker"`; the counters of any other node are read
   * from this API, `__meta_drover_via="api"`. Labels: `node`, and `__meta_drover_` with `node`, `state`, `version`,
   * `slots`, `queues` (commas around each), `label_<name>`.
   */
  @NeedsUnlessOpen('metrics', 'read')
  @Get('nodes')
  @ApiOkResponse({ type: [TargetGroupDto], description: 'Groups of targets; an empty list where there is no worker' })
  @ApiProblems()
  async nodes(@Req() request: Request): Promise<TargetGroupDto[]> {
    return nodeGroups(await this.agents.list({ kind: 'worker' }), this.selfOf(request));
  }

  /**
   * Lists where Prometheus finds the metrics of jobs that run
   *
   * One group for each scrape target that names a job, while the job runs and the caller may see both, at most 10,000.
   * Labels: `job_id`, and `__meta_drover_` with `job_id`, `job_name`, `queue`, `project`, `node`, `attempt`, `tags`
   * (commas around each).
   */
  @NeedsUnlessOpen('metrics', 'read')
  @Get('jobs')
  @ApiOkResponse({ type: [TargetGroupDto], description: 'Groups of targets; an empty list where no such job runs' })
  @ApiProblems()
  async jobs(): Promise<TargetGroupDto[]> {
    const targets = (await this.scrapes.list()).filter(({ job }) => job !== null);
    return jobGroups(targets, await this.query.getMany(targets.map(({ job }) => job as string)));
  }

  /** The API as who asks reaches it: by the Host of the request, which the door has checked, and its scheme. */
  private selfOf(request: Request): SelfAddress {
    const host = request.headers.host ?? `${this.config.host}:${this.config.port}`;
    return {
      host: /:\d+$/.test(host) ? host : `${host}:${request.secure ? 443 : 80}`,
      scheme: this.schemeOf(host, request),
    };
  }

  private schemeOf(host: string, request: Request): 'http' | 'https' {
    const { publicUrl } = this.config.doors;
    if (publicUrl !== null && new URL(publicUrl).host === host)
      return publicUrl.startsWith('https:') ? 'https' : 'http';
    return request.secure ? 'https' : 'http';
  }
}
