import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Keyring, requestCallers } from '@drover/access';
import { AgentsService } from '@drover/agents';
import { createBlobStore, type BlobStore } from '@drover/blobs';
import { createPostgresBus, createRedisBus, type Bus } from '@drover/bus';
import type { Config } from '@drover/config';
import { TABLES_OF_DIALECTS } from '@drover/dialects';
import { DroverError, isDroverError } from '@drover/domain';
import {
  ClaimsService,
  ControlService,
  CRON_TICK,
  CronService,
  Dispatcher,
  ExplainService,
  FREQUENT_MS,
  FrequentWork,
  isUuid,
  PlacedStarts,
  QueryService,
  ReportsService,
  SubmitService,
  SweepService,
  topics,
} from '@drover/jobs';
import { Doorbells, EventFollower, LogFollower, LogReader } from '@drover/live';
import type { NotificationsService } from '@drover/notifications';
import { explainPlacement, PlacementService } from '@drover/placement';
import { LEASE_S, type RegisterResponse } from '@drover/protocol';
import {
  checkTicketStore,
  createInternalJobs,
  createTicketQueue,
  type InternalHandler,
  type InternalJobs,
  type QueueOptions,
  type TicketQueue,
} from '@drover/queue';
import { ArtifactIntake, QuotasService } from '@drover/quotas';
import {
  assertSchema,
  dispatchStore,
  ensureTicketRole,
  executionStore,
  isSuperuser,
  queueStore,
  Store,
} from '@drover/store';
import { createLogger, type Logger } from '@drover/telemetry';
import { notificationsOf } from './notifications.js';
import { jobsObserver } from './observer.js';

/** As libs/queue has them. */
const DEFAULT_PREFIX = { redis: 'drover', postgres: 'bullmq' } as const;
const NO_TICKET_LOGIN =
  'the login of DROVER_DATABASE_URL may not make one. Name one in DROVER_TICKETS_URL and run `drover migrate`, or set DROVER_REDIS_URL.';
/**
 * Tickets go out within seconds, those of 20,000 jobs at once too; what waits for longer than this cannot be sent.
 * Seconds.
 */
const OLDEST_MARK_S = 60;
/** How long a close waits for what is under way. */
const CLOSE_DEADLINE_MS = 10_000;

/** The application: every service, wired. Knows no HTTP. */
export class Core {
  readonly store: Store;
  readonly tickets: TicketQueue;
  readonly internal: InternalJobs;
  readonly bus: Bus;
  readonly blobs: BlobStore;
  readonly quotas: QuotasService;
  readonly artifactIntake: ArtifactIntake;
  readonly dispatcher: Dispatcher;
  readonly submits: SubmitService;
  readonly claims: ClaimsService;
  readonly reports: ReportsService;
  readonly control: ControlService;
  readonly sweep: SweepService;
  readonly cron: CronService;
  readonly agents: AgentsService;
  readonly query: QueryService;
  readonly placement: PlacementService;
  readonly notifications: NotificationsService;
  readonly explains: ExplainService;
  readonly logReader: LogReader;
  readonly logFollower: LogFollower;
  readonly eventFollower: EventFollower;
  /** Open SSE responses; ended before the server closes. */
  readonly streams = new Set<{ end(): unknown }>();
  private ticketLogin: string | null = null;
  private readonly handlers: Record<string, InternalHandler> = {};
  private readonly frequent: FrequentWork;
  private readonly periodic: { name: string; everyMs: number }[] = [];
  private readonly starters: (() => Promise<void>)[] = [];
  private readonly closers: (() => Promise<void> | void)[] = [];
  private timers: NodeJS.Timeout[] = [];

  private constructor(
    readonly config: Config,
    readonly log: Logger,
    readonly ticketOptions: QueueOptions,
    parts: { store: Store; tickets: TicketQueue; internal: InternalJobs; bus: Bus; blobs: BlobStore },
    /** The keys of this installation. */
    readonly keys: Keyring,
  ) {
    this.store = parts.store;
    this.tickets = parts.tickets;
    this.internal = parts.internal;
    this.bus = parts.bus;
    this.blobs = parts.blobs;
    this.frequent = new FrequentWork(log);
    this.quotas = new QuotasService(this.store, config.quotas, requestCallers);
    this.artifactIntake = new ArtifactIntake(this.store, this.blobs, this.quotas);
    this.dispatcher = new Dispatcher(this.store, this.tickets, log);
    this.submits = new SubmitService(
      this.store,
      this.dispatcher,
      this.bus,
      jobsObserver,
      (jobs) => {
        for (const job of jobs)
          void this.cron
            .add(job)
            .catch((error: unknown) =>
              log.warn({ error: String(error), job_id: job.id }, 'the cron scheduler is added at the next sync'),
            );
      },
      requestCallers,
      this.quotas,
    );
    this.claims = new ClaimsService(this.store.agents, this.bus, jobsObserver, {
      executionToken: (executionId, jobId) => this.executionToken(executionId, jobId),
    });
    this.reports = new ReportsService(
      this.store.agents,
      this.dispatcher,
      this.bus,
      jobsObserver,
      requestCallers,
      this.quotas,
    );
    this.cron = new CronService(this.store, this.internal, this.submits, (parent, reason) =>
      this.control.withdraw(parent.id, reason).catch((error: unknown) => {
        if (!isDroverError(error, 'terminal') && !isDroverError(error, 'not_found')) throw error;
      }),
    );
    this.control = new ControlService(
      this.store,
      this.dispatcher,
      this.tickets,
      this.bus,
      jobsObserver,
      (jobId) => {
        void this.cron.remove(jobId).catch(() => undefined);
      },
      requestCallers,
      this.quotas,
    );
    this.sweep = new SweepService(this.store.agents, this.dispatcher, this.bus, jobsObserver, log, LEASE_S * 1000);
    this.agents = new AgentsService(
      this.store,
      this.sweep,
      (agent, executions) => this.claims.offers(agent, executions),
      requestCallers,
    );
    this.query = new QueryService(this.store, requestCallers, { searchMs: this.config.limits.searchMs });
    this.explains = new ExplainService(this.store, this.query, (queue) => this.dispatcher.failureOf(queue));
    const bells = (topic: string): Doorbells =>
      new Doorbells(this.bus, topic, (error) =>
        log.warn({ error: String(error), topic }, 'no doorbell; followers poll'),
      );
    const jobBells = bells(topics.jobs);
    this.logReader = new LogReader(this.store);
    this.logFollower = new LogFollower(this.store, bells(topics.logs), jobBells);
    this.eventFollower = new EventFollower(this.store, jobBells, requestCallers);
    this.placement = new PlacementService(this.store.agents, this.bus, new PlacedStarts(this.bus, jobsObserver), log, {
      patienceMs: config.placementPatienceS * 1000,
    });
    this.explains.add((job, agents) => Promise.resolve(explainPlacement(job, agents)));
    for (const source of [this.reports, this.control, this.sweep]) source.onEnded(() => this.placement.nudge());
    this.onTick('placement', 1_000, async () => void (await this.placement.run()));
    this.onClose(() => this.placement.close());
    this.notifications = notificationsOf(this);
    this.onTick('sweep', 1_000, () => this.sweepOnce());
    this.onTick('outbox', 2_000, async () => void (await this.dispatcher.drain()));
    this.onTick('reconcile', 10_000, async () => {
      await this.dispatcher.repause();
      await this.dispatcher.reconcile();
    });
    this.onTick('cron-sync', 30_000, () => this.cron.sync());
    this.onTick('keys', 60_000, () => this.keys.tidy());
    this.handle(CRON_TICK, (data: { job_id: string }, run) => this.cron.tick(data, run.due_at));
  }

  /** Connects to everything and checks it. Throws with a reason and a remedy. */
  static async open(config: Config & { databaseUrl: string; ticketsUrl: string | null }): Promise<Core> {
    const log = createLogger({ level: config.logLevel, name: 'api' });
    const store = await Store.open({
      url: config.databaseUrl,
      pool: 10,
      keyedPool: 4,
      agentPool: 6,
      applicationName: 'drover-api',
      onError: (error) => log.warn({ error: error.message }, 'lost a database connection'),
    });
    try {
      await assertSchema(store, TABLES_OF_DIALECTS);
      // `drover up` starts us before its worker: a job that is submitted in between finds the queues of that worker.
      if (config.stackPid !== null)
        await queueStore.ensure(
          store.sql,
          config.queues.map(({ name }) => name),
        );
      if (await isSuperuser(store.sql))
        log.info(
          {},
          'the login of DROVER_DATABASE_URL is a superuser of Postgres: one that is not is safer (docs/security.md, Database roles)',
        );
      const onError = (error: Error): void => log.warn({ error: error.message }, 'trouble with the ticket store');
      const ticketOptions: QueueOptions = config.redisUrl
        ? { backend: 'redis', url: config.redisUrl, onError }
        : { backend: 'postgres', url: config.databaseUrl, onError };
      await checkTicketStore(ticketOptions);
      const keys = await Keyring.open(store, {
        keyFile: config.access.keyFile ?? join(config.dataDir, 'instance.key'),
        warn: (message) => log.warn({}, message),
      });
      const [tickets, internal, bus, blobs] = await Promise.all([
        createTicketQueue(ticketOptions),
        createInternalJobs(ticketOptions),
        config.redisUrl
          ? createRedisBus(config.redisUrl, { onError })
          : createPostgresBus(config.databaseUrl, { onError }),
        createBlobStore(join(config.dataDir, 'blobs'), config.blobs),
      ]);
      return new Core(config, log, ticketOptions, { store, tickets, internal, bus, blobs }, keys);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** Adds periodic work: one owner a tick, however many replicas. Before `start`. */
  onTick(name: string, everyMs: number, work: () => Promise<void>): void {
    if (FrequentWork.takes(everyMs)) return this.frequent.add(name, everyMs, work);
    this.periodic.push({ name, everyMs });
    this.handlers[name] = work;
  }

  /** Adds a handler for one-off internal jobs. Before `start`. */
  handle(name: string, handler: InternalHandler): void {
    this.handlers[name] = handler;
  }

  /** Something to do when the background work begins. */
  onStart(starter: () => Promise<void>): void {
    this.starters.push(starter);
  }

  /** Something to close before the connections go. */
  onClose(closer: () => Promise<void> | void): void {
    this.closers.push(closer);
  }

  /** The ticket store answers, and takes tickets: a broker that cannot dispatch is not ready. */
  async ticketsGoOut(): Promise<void> {
    await this.tickets.ping();
    const age = await dispatchStore.oldest(this.store.agents.sql);
    if (age !== null && age > OLDEST_MARK_S)
      throw new DroverError(
        'unavailable',
        `A ticket could not be sent to the ticket store for ${Math.round(age)} s; the log says why.`,
      );
  }

  /** Begins the background work. */
  async start(): Promise<void> {
    await this.openTicketLogin();
    this.keys.onChange(() => this.openTicketLogin());
    if (!this.frequent.empty) {
      this.periodic.unshift({ name: 'frequent', everyMs: FREQUENT_MS });
      this.handlers['frequent'] = (_data, { due_at, signal }) => this.frequent.tick(due_at, signal);
    }
    this.keys.start();
    this.onClose(() => this.keys.close());
    this.internal.handle(this.handlers, { concurrency: 8 });
    for (const { name, everyMs } of this.periodic) await this.internal.every(name, everyMs);
    for (const starter of this.starters) await starter();
    const unsubscribe = await this.bus.subscribe(topics.placement, () => this.placement.poke());
    this.onClose(() => void unsubscribe());
    const watch = (): void =>
      void this.sweep
        .watch()
        .catch((error: unknown) =>
          this.log.warn({ error: String(error) }, 'lost agents were not looked for; the next second tries again'),
        );
    this.timers.push(setInterval(watch, 1_000));
    this.dispatcher
      .drain(0)
      .then(() => this.dispatcher.reconcile())
      .then(() => this.cron.sync())
      .catch((error: unknown) =>
        this.log.warn({ error: String(error) }, 'the first reconciliation failed; the periodic one goes on'),
      );
  }

  /** Bounded: what does not end in time is left to the reconciler of the next start. */
  async close(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
    const all = async (): Promise<void> => {
      for (const closer of this.closers.reverse()) await closer();
      await this.internal.close();
      await this.dispatcher.settled();
      await this.tickets.close();
      await this.bus.close();
      await this.store.close();
    };
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      all().catch((error: unknown) => this.log.warn({ error: String(error) }, 'trouble while closing')),
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_DEADLINE_MS);
      }),
    ]);
    clearTimeout(timer);
  }

  /**
   * What a registered worker needs to pull tickets. On Postgres a login that sees the ticket store's schema only, never
   * the record's.
   *
   * @throws DroverError where there is no such login
   */
  ticketAccess(): RegisterResponse['tickets'] {
    const { backend, url } = this.ticketOptions;
    if (backend === 'redis') return { backend, url, prefix: this.ticketOptions.prefix ?? DEFAULT_PREFIX.redis };
    const access = this.config.ticketsUrl ?? this.ticketLogin;
    if (access === null)
      throw new DroverError('unavailable', `There is no login for the tickets of workers: ${NO_TICKET_LOGIN}`);
    return { backend, url: access, prefix: this.ticketOptions.prefix ?? DEFAULT_PREFIX.postgres };
  }

  /**
   * Another one when the tickets have moved, or their login has changed. Says nothing of the address. Undefined:
   * workers cannot get tickets now.
   */
  ticketFingerprint(): string | undefined {
    if (this.ticketOptions.backend === 'postgres' && (this.config.ticketsUrl ?? this.ticketLogin) === null)
      return undefined;
    const { backend, url, prefix } = this.ticketAccess();
    return createHash('sha256')
      .update(`${backend} ${url ?? ''} ${prefix}`)
      .digest('base64url')
      .slice(0, 22);
  }

  /** A login for each key of the installation, so that workers that came with an earlier key go on until its end. */
  private async openTicketLogin(): Promise<void> {
    const { backend, url, prefix = DEFAULT_PREFIX.postgres } = this.ticketOptions;
    if (backend !== 'postgres' || this.config.ticketsUrl !== null) return;
    const [present, ...others] = this.keys
      .accepted('ticket-role')
      .map(({ id, key }) => ({ suffix: id === Keyring.FIRST_ID ? '' : id, password: key.toString('hex') }));
    if (present === undefined) return;
    const role = await ensureTicketRole((work) => this.store.tx(work), prefix, [present, ...others]);
    if (role === null) {
      this.log.warn({}, `workers cannot get tickets: ${NO_TICKET_LOGIN}`);
      return;
    }
    const access = new URL(url);
    access.username = role;
    access.password = present.password;
    this.ticketLogin = access.href;
  }

  /** For calls of a job back to the API: `<execution>.<job>.<mac>`. */
  executionToken(executionId: string, jobId: string): string {
    return `${executionId}.${jobId}.${this.keys.mac(`execution:${executionId}:${jobId}`)}`;
  }

  /** The execution a token was made for, or null. */
  verifyExecutionToken(token: string): { execution_id: string; job_id: string } | null {
    const [executionId, jobId, mac] = token.split('.');
    if (!executionId || !jobId || !mac) return null;
    return isUuid(executionId) && isUuid(jobId) && this.keys.verifies(`execution:${executionId}:${jobId}`, mac)
      ? { execution_id: executionId, job_id: jobId }
      : null;
  }

  /** A token counts for as long as its execution: until that has ended, or was lost. */
  isExecutionOpen(executionId: string, jobId: string): Promise<boolean> {
    return executionStore.isOpen(this.store.sql, executionId, jobId);
  }

  private async sweepOnce(): Promise<void> {
    await this.sweep.due();
    await this.sweep.expired();
  }
}
