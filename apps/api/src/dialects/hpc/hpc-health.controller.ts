import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Open } from '../../access/marks.js';
import { Core } from '../../core/core.js';

@ApiTags('HPC observability')
@Open()
@Controller('v1/health')
export class HpcHealthController {
  constructor(@Inject(Core) private readonly core: Core) {}

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
      answers(() => this.core.store.ping()),
      answers(() => this.core.tickets.ping()),
      answers(() => this.core.bus.ping()),
    ]);
    const status = !record ? 'unhealthy' : tickets && bus ? 'healthy' : 'degraded';
    if (!record) response.status(503).setHeader('Retry-After', '1');
    return { status, timestamp: new Date().toISOString(), version: '1.0.0' };
  }
}
