import { Controller, Get, Query, Res, type OnModuleInit } from '@nestjs/common';
import { ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { VERSION } from '@drover/config';
import { NeedsUnlessOpen, Exposition } from '@drover/http';
import { QuotasService } from '@drover/quotas';
import { buildInfo, expose, startProcessMetrics } from '@drover/telemetry';
import { Served } from '../modules/served.js';
import { BrokerGauges } from './broker-gauges.js';
import { projectFamilies } from './project-families.js';

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

@ApiTags('operations')
@NeedsUnlessOpen('metrics', 'read')
@Controller('metrics')
export class MetricsController implements OnModuleInit {
  constructor(
    private readonly gauges: BrokerGauges,
    private readonly quotas: QuotasService,
    private readonly exposition: Exposition,
    private readonly served: Served,
  ) {}

  onModuleInit(): void {
    startProcessMetrics();
    buildInfo.set({ program: 'api', version: VERSION }, 1);
    this.exposition.contribute('drover', async () => {
      await this.gauges.look();
      this.served.measure();
      return (await expose()).body;
    });
    this.exposition.contribute('projects', async () => projectFamilies(await this.quotas.list()));
  }

  /**
   * Metrics of the service, as Prometheus text
   *
   * Jobs by queue and state, depth and oldest age of queues, agents, histograms of each step of a job's life and of
   * requests, this process; and what the dialects add.
   */
  @Get()
  @ApiQuery({
    name: 'job',
    required: false,
    description: 'Only the counters of this job or node, as GET /job names it',
    schema: { type: 'string' },
  })
  @ApiOkResponse({
    description: 'Prometheus text, version 0.0.4',
    content: {
      'text/plain': { schema: { type: 'string' }, example: 'drover_queue_depth{queue="default"} 3\n# EOF\n' },
    },
  })
  async metrics(@Query('job') asked: unknown, @Res() response: Response): Promise<void> {
    // A repeated key counts once, its first value.
    const job: unknown = Array.isArray(asked) ? asked[0] : asked;
    const text =
      typeof job === 'string' ? await this.exposition.renderJob(job, response) : await this.exposition.render();
    if (text === null) return;
    const body = Buffer.from(text, 'utf8');
    response.writeHead(200, {
      'Content-Type': CONTENT_TYPE,
      'Content-Length': body.length,
      'Cache-Control': 'no-store',
    });
    response.end(body);
  }
}
