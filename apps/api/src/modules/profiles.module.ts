import { Global, Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '@drover/config';
import { JobEnds, PeriodicWork } from '@drover/jobs';
import { CountersService, descOfJob } from '@drover/metrics';
import { CurvesService, ProfilesService } from '@drover/profiles';
import { Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';
import { ShutdownTime } from './shutdown-time.js';

const RECOVER_MS = 30_000;
const TRIM_MS = 60_000;

/** Provides the profiles: figures of the counters of jobs that have ended. */
@Global()
@Module({
  providers: [
    {
      provide: ProfilesService,
      inject: [Store, CountersService, LOGGER, CONFIG],
      useFactory: (store: Store, counters: CountersService, log: Logger, { limits }: Config) =>
        new ProfilesService(store, counters, descOfJob, log, { searchMs: limits.searchMs }),
    },
    {
      provide: CurvesService,
      inject: [Store, ProfilesService],
      useFactory: (store: Store, profiles: ProfilesService) => new CurvesService(store, profiles),
    },
  ],
  exports: [CurvesService, ProfilesService],
})
export class ProfilesModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly profiles: ProfilesService,
    private readonly counters: CountersService,
    private readonly ends: JobEnds,
    private readonly work: PeriodicWork,
    private readonly shutdownTime: ShutdownTime,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const { profiles, counters, work } = this;
    this.ends.follow(async (jobs) => profiles.ended(jobs));
    counters.onEnded((sql, jobs) => profiles.clientsEnded(sql, jobs));
    counters.onSettled((sql, job, own) => profiles.settled(sql, job, own));
    work.every('profiles-recover', RECOVER_MS, async () => void (await profiles.recover()));
    work.every('profiles-trim', TRIM_MS, async () => void (await profiles.trim(this.config.profiles.kept)));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.shutdownTime.bound(() => this.profiles.settle());
  }
}
