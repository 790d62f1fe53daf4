import { Module, type OnModuleInit } from '@nestjs/common';
import { Keyring } from '@drover/access';
import { CONFIG } from '@drover/config';
import { PeriodicWork } from '@drover/jobs';
import { QUEUE_OPTIONS, type QueueOptions } from '@drover/queue';
import { Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';
import type { ApiConfig } from '../modules/connections.js';
import { AgentProtocolController } from './agent-protocol.controller.js';
import { AgentGuard } from './agent.guard.js';
import { ControlController } from './control.controller.js';
import { EnrolmentGuard } from './enrolment.guard.js';
import { TicketLogins } from './ticket-logins.js';

/** Provides the protocol of our own workers. */
@Module({
  controllers: [AgentProtocolController, ControlController],
  providers: [
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
  ) {}

  onModuleInit(): void {
    this.work.whenStarted(async () => {
      await this.ticketLogins.make();
      this.keys.onChange(() => this.ticketLogins.make());
    });
  }
}
