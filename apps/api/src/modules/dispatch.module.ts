import { Global, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { BLOBS, type BlobStore } from '@drover/blobs';
import { BUS, type Bus } from '@drover/bus';
import { BrokerHealth, Dispatcher, PeriodicWork } from '@drover/jobs';
import { TICKETS, type TicketQueue } from '@drover/queue';
import { DUE, Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';
import { ShutdownTime } from './shutdown-time.js';

/** How often marks that were left behind are sent, and how often the record is compared with the ticket store. */
const DRAIN_MS = 2_000;
const RECONCILE_MS = 10_000;

/** Tickets on their way to the ticket store, and whether all that the broker depends on answers. */
@Global()
@Module({
  providers: [
    {
      provide: Dispatcher,
      inject: [Store, TICKETS, LOGGER],
      useFactory: (store: Store, tickets: TicketQueue, log: Logger) => new Dispatcher(store, tickets, log),
    },
    {
      provide: BrokerHealth,
      inject: [Store, TICKETS, BUS, BLOBS],
      useFactory: (store: Store, tickets: TicketQueue, bus: Bus, blobs: BlobStore) =>
        new BrokerHealth(store, tickets, bus, blobs),
    },
  ],
  exports: [Dispatcher, BrokerHealth],
})
export class DispatchModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly work: PeriodicWork,
    private readonly shutdownTime: ShutdownTime,
  ) {}

  onModuleInit(): void {
    const { dispatcher, work } = this;
    work.every('dispatch-marks', DRAIN_MS, async () => void (await dispatcher.drain()), DUE.dispatchMarks);
    work.every('reconcile', RECONCILE_MS, async () => {
      await dispatcher.repause();
      await dispatcher.reconcile();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.shutdownTime.bound(() => this.dispatcher.settled());
  }
}
