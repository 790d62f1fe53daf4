import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { ExecutionTokens, Keyring, LaterWork, requestCallers } from '@drover/access';
import { BUS, type Bus } from '@drover/bus';
import { CONFIG, type Config } from '@drover/config';
import { dialectsWithIds } from '@drover/dialects';
import { isDroverError } from '@drover/domain';
import {
  BulkActionsService,
  ClaimsService,
  ControlService,
  CRON_TICK,
  CronService,
  DirectStarts,
  Dispatcher,
  ExplainService,
  FamilyService,
  FilterValuesService,
  JobEnds,
  OutlookService,
  OverviewService,
  PeriodicWork,
  QueryService,
  ReportsService,
  schedule,
  SubmitService,
  SweepService,
  TimelineService,
} from '@drover/jobs';
import { explainPlacement } from '@drover/placement';
import { LEASE_S } from '@drover/protocol';
import { INTERNAL_JOBS, TICKETS, type InternalJobs, type TicketQueue } from '@drover/queue';
import { QuotasService } from '@drover/quotas';
import { DUE, Store, type StoredJob } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';
import { jobsObserver } from './observer.js';
import { otherLogins } from './other-logins.js';

const SWEEP_MS = 1_000;
const LOST_AGENTS_MS = 1_000;
const CRON_SYNC_MS = 30_000;
const KEYS_MS = 60_000;
const BULK_ACTIONS_MS = 1_000;

function submitsOf(
  store: Store,
  dispatcher: Dispatcher,
  bus: Bus,
  internal: InternalJobs,
  quotas: QuotasService,
  log: Logger,
  direct: DirectStarts,
): SubmitService {
  const onCron = (jobs: Parameters<typeof schedule>[1][]): void => {
    for (const job of jobs)
      void schedule(internal, job).catch((error: unknown) =>
        log.warn({ error: String(error), job_id: job.id }, 'the cron scheduler is added at the next sync'),
      );
  };
  const idsByProject = dialectsWithIds('byProject');
  return new SubmitService(store, dispatcher, bus, jobsObserver, onCron, requestCallers, quotas, idsByProject, direct);
}

function controlOf(
  store: Store,
  dispatcher: Dispatcher,
  tickets: TicketQueue,
  bus: Bus,
  internal: InternalJobs,
  quotas: QuotasService,
  submits: SubmitService,
): ControlService {
  const onCronEnded = (jobId: string): void => void internal.removeCron(jobId).catch(() => undefined);
  // Whoever may not submit with a priority may not give it later.
  const mayPrioritise = ({ queue, owner, project, spec }: StoredJob, priority: number): Promise<void> =>
    submits.demandAdmission([{ queue, owner, project, spec, priority, dialect: 'native' }]);
  return new ControlService(
    store,
    dispatcher,
    tickets,
    bus,
    jobsObserver,
    onCronEnded,
    requestCallers,
    quotas,
    mayPrioritise,
  );
}

function cronOf(store: Store, internal: InternalJobs, submits: SubmitService, control: ControlService): CronService {
  return new CronService(store, internal, submits, (parent, reason) =>
    control.withdraw(parent.id, reason).catch((error: unknown) => {
      if (!isDroverError(error, 'terminal') && !isDroverError(error, 'not_found')) throw error;
    }),
  );
}

function explainsOf(store: Store, query: QueryService, dispatcher: Dispatcher): ExplainService {
  const explains = new ExplainService(store, query, (queue) => dispatcher.failureOf(queue));
  explains.add((job, agents) => Promise.resolve(explainPlacement(job, agents)));
  return explains;
}

/** Jobs from their submit to their end. */
@Global()
@Module({
  providers: [
    {
      provide: SubmitService,
      inject: [Store, Dispatcher, BUS, INTERNAL_JOBS, QuotasService, LOGGER, DirectStarts],
      useFactory: submitsOf,
    },
    {
      provide: ClaimsService,
      inject: [Store, BUS, ExecutionTokens, Dispatcher],
      useFactory: (store: Store, bus: Bus, tokens: ExecutionTokens, dispatcher: Dispatcher) =>
        new ClaimsService(
          store.agents,
          bus,
          jobsObserver,
          { executionToken: (executionId, jobId) => tokens.issue(executionId, jobId) },
          dispatcher,
        ),
    },
    {
      provide: DirectStarts,
      inject: [ClaimsService, BUS, LOGGER, CONFIG],
      useFactory: (claims: ClaimsService, bus: Bus, log: Logger, config: Config) =>
        new DirectStarts(claims, bus, log, config.directStarts),
    },
    {
      provide: ReportsService,
      inject: [Store, Dispatcher, BUS, QuotasService],
      useFactory: (store: Store, dispatcher: Dispatcher, bus: Bus, quotas: QuotasService) =>
        new ReportsService(store.agents, dispatcher, bus, jobsObserver, requestCallers, quotas),
    },
    {
      provide: ControlService,
      inject: [Store, Dispatcher, TICKETS, BUS, INTERNAL_JOBS, QuotasService, SubmitService],
      useFactory: controlOf,
    },
    {
      provide: CronService,
      inject: [Store, INTERNAL_JOBS, SubmitService, ControlService],
      useFactory: cronOf,
    },
    {
      provide: SweepService,
      inject: [Store, Dispatcher, BUS, LOGGER],
      useFactory: (store: Store, dispatcher: Dispatcher, bus: Bus, log: Logger) =>
        new SweepService(store.agents, dispatcher, bus, jobsObserver, log, LEASE_S * 1000),
    },
    {
      provide: QueryService,
      inject: [Store, CONFIG],
      useFactory: (store: Store, { limits }: Config) =>
        new QueryService(store, requestCallers, { searchMs: limits.searchMs }),
    },
    {
      provide: BulkActionsService,
      inject: [Store, QueryService, ControlService, LOGGER, CONFIG],
      useFactory: (store: Store, query: QueryService, control: ControlService, log: Logger, config: Config) => {
        const askers = new LaterWork(store, new Set(otherLogins(config)));
        return new BulkActionsService(store, query, control, log, requestCallers, askers);
      },
    },
    {
      provide: TimelineService,
      inject: [Store, QueryService],
      useFactory: (store: Store, query: QueryService) =>
        new TimelineService(store, query, () => requestCallers.now()?.scope ?? null),
    },
    {
      provide: FamilyService,
      inject: [Store, QueryService],
      useFactory: (store: Store, query: QueryService) =>
        new FamilyService(store, query, () => requestCallers.now()?.scope ?? null),
    },
    {
      provide: FilterValuesService,
      inject: [Store],
      useFactory: (store: Store) => new FilterValuesService(store, () => requestCallers.now()?.scope ?? null),
    },
    {
      provide: OutlookService,
      inject: [Store, QueryService],
      useFactory: (store: Store, query: QueryService) =>
        new OutlookService(store, query, () => requestCallers.now()?.scope ?? null),
    },
    {
      provide: OverviewService,
      inject: [Store, QueryService],
      useFactory: (store: Store, query: QueryService) => new OverviewService(store, query),
    },
    { provide: ExplainService, inject: [Store, QueryService, Dispatcher], useFactory: explainsOf },
    {
      provide: JobEnds,
      inject: [ReportsService, ControlService, SweepService, LOGGER],
      useFactory: (reports: ReportsService, control: ControlService, sweep: SweepService, log: Logger) =>
        new JobEnds([reports, control, sweep], log),
    },
  ],
  exports: [
    SubmitService,
    ClaimsService,
    DirectStarts,
    ReportsService,
    ControlService,
    CronService,
    SweepService,
    QueryService,
    ExplainService,
    BulkActionsService,
    FamilyService,
    FilterValuesService,
    OutlookService,
    OverviewService,
    TimelineService,
    JobEnds,
  ],
})
export class JobsModule implements OnModuleInit {
  constructor(
    private readonly work: PeriodicWork,
    private readonly sweep: SweepService,
    private readonly cron: CronService,
    private readonly dispatcher: Dispatcher,
    private readonly keys: Keyring,
    private readonly bulk: BulkActionsService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    const { work, sweep, cron, keys, bulk } = this;
    const sweepAll = async (): Promise<void> => {
      await sweep.due();
      await sweep.expired();
    };
    work.every('sweep', SWEEP_MS, sweepAll, DUE.jobs);
    work.every('cron-sync', CRON_SYNC_MS, () => cron.sync());
    work.handle(CRON_TICK, (data: { job_id: string }, run) => cron.tick(data, run.due_at));
    work.every('keys', KEYS_MS, () => keys.tidy());
    work.every('bulk-actions', BULK_ACTIONS_MS, () => bulk.work(), DUE.bulkActions);
    work.whenStarted(() => Promise.resolve(() => bulk.stop()));
    work.whenStarted(async () => {
      keys.start();
      return () => keys.close();
    });
    work.whenStarted(async () => this.watchAgents());
    work.whenStarted(async () => this.reconcile());
  }

  /** Each replica looks for lost agents by its own timer. */
  private watchAgents(): () => void {
    const watch = (): void =>
      void this.sweep
        .watch()
        .catch((error: unknown) =>
          this.log.warn({ error: String(error) }, 'lost agents were not looked for; the next second tries again'),
        );
    const timer = setInterval(watch, LOST_AGENTS_MS);
    return () => clearInterval(timer);
  }

  /** Sends what an earlier process left behind, at once. Nobody waits for it. */
  private reconcile(): void {
    this.dispatcher
      .drain(0)
      .then(() => this.dispatcher.reconcile())
      .then(() => this.cron.sync())
      .catch((error: unknown) =>
        this.log.warn({ error: String(error) }, 'the first reconciliation failed; the periodic one goes on'),
      );
  }
}
