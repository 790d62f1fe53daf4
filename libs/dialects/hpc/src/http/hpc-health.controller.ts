import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Open } from '@drover/http';
import { BrokerHealth } from '@drover/jobs';

@ApiTags('HPC observability')
@Open()
@Controller('v1/health')
export class HpcHealthController {
  constructor(private readonly broker: BrokerHealth) {}

  /**
   * 503 when the record does not answer; degraded when only the tickets or the bus do not: jobs are still accepted and
   * observed then.
   */
  @Get()
  @ApiOperation({ summary: 'healthy, degraded or unhealthy' })
  async health(
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ status: string; timestamp: string; version: string }> {
    const answers = async (ping: () => Promise<void>): Promise<boolean> =>
      ping().then(
        () => true,
        () => false,
      );
    const [record, tickets, bus] = await Promise.all([
      answers(() => this.broker.record()),
      answers(() => this.broker.tickets()),
      answers(() => this.broker.bus()),
    ]);
    const status = !record ? 'unhealthy' : tickets && bus ? 'healthy' : 'degraded';
    if (!record) response.status(503).setHeader('Retry-After', '1');
    return { status, timestamp: new Date().toISOString(), version: '1.0.0' };
  }
}
