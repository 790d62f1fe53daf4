import { Global, Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { BUS, type Bus } from '@drover/bus';
import { CONFIG, type Config } from '@drover/config';
import { JobEnds, PeriodicWork, PlacedStarts, topics } from '@drover/jobs';
import { PlacementService } from '@drover/placement';
import { DUE, Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';
import { jobsObserver } from './observer.js';
import { ShutdownTime } from './shutdown-time.js';

const LOOK_MS = 1_000;

/** Jobs with demands on their node. */
@Global()
@Module({
  providers: [
    {
      provide: PlacementService,
      inject: [Store, BUS, LOGGER, CONFIG],
      useFactory: (store: Store, bus: Bus, log: Logger, { placementPatienceS }: Config) =>
        new PlacementService(store.agents, bus, new PlacedStarts(bus, jobsObserver), log, {
          patienceMs: placementPatienceS * 1000,
        }),
    },
  ],
  exports: [PlacementService],
})
export class PlacementModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly placement: PlacementService,
    private readonly ends: JobEnds,
    private readonly work: PeriodicWork,
    private readonly shutdownTime: ShutdownTime,
    @Inject(BUS) private readonly bus: Bus,
  ) {}

  onModuleInit(): void {
    const { placement, work } = this;
    this.ends.onEnded(() => placement.pokeIfWaiting());
    work.every('placement', LOOK_MS, async () => void (await placement.run()), DUE.placement);
    work.whenStarted(async () => {
      const unsubscribe = await this.bus.subscribe(topics.placement, () => placement.poke());
      return () => void unsubscribe();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.shutdownTime.bound(() => this.placement.close());
  }
}
