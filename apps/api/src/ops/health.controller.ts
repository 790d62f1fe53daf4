import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Open } from '@drover/http';
import { BrokerHealth } from '@drover/jobs';
import { LivenessDto, ReadinessDto } from './health.dto.js';

@ApiTags('operations')
@Open()
@Controller()
export class HealthController {
  constructor(private readonly health: BrokerHealth) {}

  /**
   * Says that the process answers
   *
   * It looks at nothing else: a restart would not mend a database that is away.
   */
  @Get('livez')
  @ApiOkResponse({ type: LivenessDto, description: 'It answers' })
  live(): LivenessDto {
    return { status: 'ok' };
  }

  /**
   * Says whether every dependency answers
   *
   * The record, the tickets, the bus and the blobs, each with the reason why it does not.
   */
  @Get('readyz')
  @ApiOkResponse({ type: ReadinessDto, description: 'Every dependency answers' })
  @ApiServiceUnavailableResponse({ type: ReadinessDto, description: 'One of them does not; `Retry-After` says when' })
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
