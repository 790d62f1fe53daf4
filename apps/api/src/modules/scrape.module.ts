import { Global, Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '@drover/config';
import { isTerminal } from '@drover/domain';
import { PeriodicWork, QueryService } from '@drover/jobs';
import { CountersService } from '@drover/metrics';
import { createGuardedFetch, type GuardedFetch } from '@drover/outbound';
import { INTERNAL_JOBS, type InternalJobs } from '@drover/queue';
import { ScrapeService, TreeService } from '@drover/scrape';
import { DUE, Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';
import { instanceId } from '../metrics/instance-id.js';
import { ShutdownTime } from './shutdown-time.js';

const SCRAPE = 'scrape';
const WATCH_MS = 2_000;
const INSTANCE_ID = Symbol('name of this installation');
const TARGETS_FETCH = Symbol('connections to the targets');

function scrapesOf(
  store: Store,
  fetch: GuardedFetch,
  counters: CountersService,
  internal: InternalJobs,
  query: QueryService,
  instance: string,
  config: Config,
  log: Logger,
): ScrapeService {
  const { ports, periodS, timeoutS, maxTargets, maxSeries } = config.scrape;
  return new ScrapeService({
    store,
    fetch,
    ingest: counters,
    log,
    instance,
    host: config.counters.node,
    ports,
    defaultPeriodS: periodS,
    timeoutS,
    maxTargets,
    maxSeries,
    timer: { wake: (id, inMs) => internal.add(SCRAPE, { id }, { delayMs: Math.round(inMs) }) },
    phaseOf: async (id) => {
      const job = await query.find(id);
      return !job || isTerminal(job.state)
        ? 'over'
        : job.state === 'running' || job.state === 'cancelling'
          ? 'running'
          : 'before';
    },
  });
}

/** Targets whose metrics are fetched, and the tree of proxies. */
@Global()
@Module({
  providers: [
    { provide: INSTANCE_ID, inject: [Store], useFactory: instanceId },
    {
      provide: TARGETS_FETCH,
      inject: [CONFIG],
      useFactory: ({ scrape }: Config) => createGuardedFetch({ allow: scrape.networks }),
    },
    {
      provide: ScrapeService,
      inject: [Store, TARGETS_FETCH, CountersService, INTERNAL_JOBS, QueryService, INSTANCE_ID, CONFIG, LOGGER],
      useFactory: scrapesOf,
    },
    {
      provide: TreeService,
      inject: [Store, CONFIG],
      useFactory: (store: Store, { counters, port }: Config) => new TreeService(store, `${counters.node}:${port}`),
    },
  ],
  exports: [ScrapeService, TreeService],
})
export class ScrapeModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly scrapes: ScrapeService,
    private readonly work: PeriodicWork,
    private readonly shutdownTime: ShutdownTime,
    @Inject(TARGETS_FETCH) private readonly fetch: GuardedFetch,
  ) {}

  onModuleInit(): void {
    this.work.handle(SCRAPE, (data: { id: string }) => this.scrapes.begin(data.id));
    this.work.every('scrape-watch', WATCH_MS, () => this.scrapes.watch(), DUE.scrapes);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.shutdownTime.bound(async () => {
      await this.scrapes.stop();
      await this.fetch.close();
    });
  }
}
