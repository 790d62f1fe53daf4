import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { requestCallers } from '@drover/access';
import { CONFIG, type Config } from '@drover/config';
import { PeriodicWork } from '@drover/jobs';
import { CountersService, FoundSeries, HttpCounters, JobCountersService, KEEP_S, THIN_S } from '@drover/metrics';
import { QuotasService } from '@drover/quotas';
import { DUE, Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';
import { AgentMetricsController } from '../metrics/agent-metrics.controller.js';
import { CountersExposition } from '../metrics/counters-exposition.js';
import { OwnSystem } from '../metrics/own-system.js';

/** How often what is over is put away, and how often what was forgotten is deleted. */
const TEND_MS = 2_000;
const CLEAN_MS = 60_000;

/** Counters of jobs and nodes: what clients, workers and this machine tell. */
@Global()
@Module({
  controllers: [AgentMetricsController],
  providers: [
    CountersExposition,
    {
      provide: CountersService,
      inject: [Store, CONFIG, QuotasService],
      useFactory: (store: Store, { counters }: Config, quotas: QuotasService) =>
        new CountersService(store, counters.node, quotas),
    },
    {
      provide: HttpCounters,
      inject: [Store, CountersService],
      useFactory: (store: Store, counters: CountersService) => new HttpCounters(store, counters, requestCallers),
    },
    {
      provide: JobCountersService,
      inject: [Store, CountersService],
      useFactory: (store: Store, counters: CountersService) => new JobCountersService(store, counters),
    },
    {
      provide: OwnSystem,
      inject: [CONFIG, CountersService, LOGGER],
      useFactory: (config: Config, counters: CountersService, log: Logger) => new OwnSystem(config, counters, log),
    },
    {
      provide: FoundSeries,
      inject: [CountersService, Store],
      useFactory: (counters: CountersService, store: Store) => new FoundSeries(counters, store),
    },
  ],
  exports: [CountersService, HttpCounters, FoundSeries, JobCountersService],
})
export class CountersModule implements OnModuleInit {
  constructor(
    private readonly counters: CountersService,
    private readonly jobCounters: JobCountersService,
    private readonly work: PeriodicWork,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const { nodeRetentionS } = this.config.counters;
    this.work.every('counters-tend', TEND_MS, () => this.counters.tend(), DUE.sourcesOfJobs);
    this.work.every(
      'counters-keep',
      KEEP_S * 1_000,
      async () => void (await this.jobCounters.keep()),
      DUE.sourcesOfJobs,
    );
    this.work.every('counters-thin', THIN_S * 1_000, () => this.jobCounters.thin(), DUE.sourcesOfJobs);
    this.work.every('counters-clean', CLEAN_MS, async () => {
      await this.counters.clean(nodeRetentionS);
      await this.jobCounters.forget(this.config.retention.samplesS ?? 0);
    });
  }
}
