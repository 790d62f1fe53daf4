import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Open } from '@drover/http';
import { BrokerHealth } from '@drover/jobs';

@ApiTags('operations')
@Open()
@Controller()
export class HealthController {
  constructor(private readonly health: BrokerHealth) {}

  @Get('livez')
  @ApiOperation({ summary: 'The process answers' })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 when every dependency answers, else 503; each with its reason. */
  @Get('readyz')
  @ApiOperation({ summary: 'Every dependency, each with its reason' })
  async ready(@Res() response: Response): Promise<void> {
    const checks: Record<string, () => Promise<void>> = {
      postgres: () => this.health.record(),
      tickets: () => this.health.ticketsGoOut(),
      bus: () => this.health.bus(),
      blobs: () => this.health.blobs(),
    };
    const parts = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        try {
          await check();
          return [name, { ok: true as const }] as const;
        } catch (error) {
          return [
            name,
            { ok: false as const, reason: error instanceof Error ? error.message : String(error) },
          ] as const;
        }
      }),
    );
    const ok = parts.every(([, part]) => part.ok);
    if (!ok) response.setHeader('Retry-After', '1');
    response
      .status(ok ? 200 : 503)
      .json({ status: ok ? 'ok' : 'unavailable', dependencies: Object.fromEntries(parts) });
  }
}
