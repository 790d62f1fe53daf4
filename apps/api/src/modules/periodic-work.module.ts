import {
  Global,
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { PeriodicWork } from '@drover/jobs';
import { INTERNAL_JOBS, type InternalJobs } from '@drover/queue';
import { dueStore, Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';
import { ShutdownTime } from './shutdown-time.js';

const IS_PASSIVE = Symbol('without periodic work');

/**
 * Does the work of the broker that nobody asks for. Modules register their work in `onModuleInit`, which Nest calls for
 * all of them before it calls any `onApplicationBootstrap`; there the work begins.
 */
@Global()
@Module({})
export class PeriodicWorkModule implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly work: PeriodicWork,
    private readonly shutdownTime: ShutdownTime,
    @Inject(IS_PASSIVE) private readonly isPassive: boolean,
  ) {}

  /** `passive`: the work never begins, for tests in which jobs change only by what the test does. */
  static of({ passive = false }: { passive?: boolean }) {
    const work = {
      provide: PeriodicWork,
      inject: [INTERNAL_JOBS, LOGGER, Store],
      useFactory: (internal: InternalJobs, log: Logger, store: Store) =>
        new PeriodicWork(internal, log, (conditions) => dueStore.holding(store.keyed, conditions)),
    };
    return {
      module: PeriodicWorkModule,
      providers: [work, { provide: IS_PASSIVE, useValue: passive }],
      exports: [PeriodicWork],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.isPassive) await this.work.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.shutdownTime.bound(() => this.work.stop());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.shutdownTime.bound(() => this.work.close());
  }
}
