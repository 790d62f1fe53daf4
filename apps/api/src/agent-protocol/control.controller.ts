import { Controller, Get, Inject, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { AgentsService } from '@drover/agents';
import { type Bus, BUS } from '@drover/bus';
import { DialectGuards, OpenStreams } from '@drover/http';
import { DirectStarts, topics } from '@drover/jobs';
import { LOGGER, type Logger } from '@drover/telemetry';
import { AgentChannels } from './agent-channels.js';
import { AgentGuard, type AgentRequest } from './agent.guard.js';

/** A line now and then, so that a dead connection is noticed on both sides. */
const KEEP_ALIVE_MS = 10_000;

/** Bytes that may lie unread in a channel. Beyond it nothing is pushed into the channel; the next beat tells it. */
const MOST_UNREAD = 1024 * 1024;

/** The push channel: what the heartbeat would say, as soon as it is so. */
@ApiExcludeController()
@DialectGuards()
@Controller('agent/v1')
export class ControlController {
  constructor(
    private readonly streams: OpenStreams,
    private readonly agents: AgentsService,
    private readonly direct: DirectStarts,
    private readonly channels: AgentChannels,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  @Get('control')
  @UseGuards(AgentGuard)
  async control(@Req() request: AgentRequest, @Res() response: Response): Promise<void> {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    const send = async (): Promise<void> => {
      try {
        response.write(`event: control\ndata: ${JSON.stringify(await this.agents.controlOf(request.agent))}\n\n`);
      } catch (error) {
        // The heartbeat says it again.
        this.log.warn({ error: String(error), agent: request.agent.name }, 'control could not be pushed');
      }
    };
    const unsubscribe = await this.bus.subscribe(topics.agent(request.agent.id), () => void send());
    const disconnect = this.direct.connect(request.agent.id, (start) => {
      if (response.writableLength > MOST_UNREAD || response.writableEnded || response.destroyed) return false;
      response.write(`event: start\ndata: ${JSON.stringify({ start })}\n\n`);
      return true;
    });
    const closed = this.channels.add(request.agent.id, () => response.end());
    const alive = setInterval(() => response.write(': alive\n\n'), KEEP_ALIVE_MS);
    const done = (): void => {
      clearInterval(alive);
      disconnect();
      closed();
      this.streams.delete(response);
      void unsubscribe();
    };
    response.once('close', done);
    this.streams.add(response);
    await send();
  }
}
