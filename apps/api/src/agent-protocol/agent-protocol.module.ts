import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { Keyring } from '@drover/access';
import { AgentsService } from '@drover/agents';
import { type Bus, BUS } from '@drover/bus';
import { CONFIG } from '@drover/config';
import { DirectStarts, PeriodicWork } from '@drover/jobs';
import { QUEUE_OPTIONS, type QueueOptions } from '@drover/queue';
import { Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';
import { REVOKED_BELL } from '../modules/access.module.js';
import type { ApiConfig } from '../modules/connections.js';
import { AgentChannels } from './agent-channels.js';
import { AgentProtocolController } from './agent-protocol.controller.js';
import { AgentGuard } from './agent.guard.js';
import { ControlController } from './control.controller.js';
import { EnrolmentGuard } from './enrolment.guard.js';
import { TicketLogins } from './ticket-logins.js';

/** Provides the protocol of our own workers. */
@Module({
  controllers: [AgentProtocolController, ControlController],
  providers: [
    AgentChannels,
    AgentGuard,
    EnrolmentGuard,
    {
      provide: TicketLogins,
      inject: [QUEUE_OPTIONS, CONFIG, Keyring, Store, LOGGER],
      useFactory: (options: QueueOptions, { ticketsUrl }: ApiConfig, keys: Keyring, store: Store, log: Logger) =>
        new TicketLogins(options, ticketsUrl, keys, store, log),
    },
  ],
  exports: [TicketLogins],
})
export class AgentProtocolModule implements OnModuleInit {
  constructor(
    private readonly ticketLogins: TicketLogins,
    private readonly keys: Keyring,
    private readonly work: PeriodicWork,
    private readonly agents: AgentsService,
    private readonly direct: DirectStarts,
    private readonly channels: AgentChannels,
    @Inject(BUS) private readonly bus: Bus,
  ) {}

  onModuleInit(): void {
    this.work.whenStarted(async () => {
      await this.ticketLogins.make();
      this.keys.onChange(() => this.ticketLogins.make());
    });
    this.work.whenStarted(async () => {
      const unsubscribe = await this.bus.subscribe(REVOKED_BELL, (agentId) => this.letGo(agentId));
      return () => void unsubscribe();
    });
  }

  /** The record takes nothing of a revoked agent; this process keeps nothing for it. */
  private letGo(agentId: string): void {
    this.agents.forget(agentId);
    this.direct.forget(agentId);
    this.channels.end(agentId);
  }
}
