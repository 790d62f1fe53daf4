import { loadavg } from 'node:os';
import { join } from 'node:path';
import { jobBaseEnv, type Config } from '@drover/config';
import { AGENT_PROTOCOL, type NodeFacts } from '@drover/domain';
import { ProcessExecutor } from '@drover/executor';
import { HEARTBEAT_S, LEASE_S, type ClaimedExecution, type Control, type RegisterResponse } from '@drover/protocol';
import { Budget, Spool } from '@drover/spool';
import type { Logger, WorkerReading } from '@drover/telemetry';
import { trusted } from '@drover/trust';
import { AgentClient } from './agent.client.js';
import { Claims } from './claims.js';
import { Containers } from './containers.js';
import { ControlChannel } from './control.js';
import { DiskGuard } from './disk-guard.js';
import { Executions } from './executions.js';
import { nodeFacts } from './facts.js';
import { Heartbeat } from './heartbeat.js';
import { Isolation } from './isolation.js';
import { ExpositionServer } from './metrics/exposition-server.js';
import { NodeMetrics } from './metrics/node-metrics.js';
import { NextJobsAsker } from './next-jobs.js';
import { ReportBuffer, type BesideReports } from './report-buffer.js';
import { Sampler } from './sampler.js';
import { Session } from './session.js';
import { Slots } from './slots.js';
import { Standing } from './standing.js';
import { Tickets, type OpenSource } from './tickets.js';

/** Raw output in memory at once, all executions together. */
const BUDGET_BYTES = 32 * 1024 * 1024;
/** Reports that wait beyond this keep the node from taking more work. */
const MANY_REPORTS = 5_000;
/** Between two looks at the disk and the reports, while jobs run here and while none does. */
const GUARD_MS = { busy: 250, idle: 1_000 };

export interface WorkerParts {
  config: Config;
  logger: Logger;
  openSource: OpenSource;
  /** Default: the worker's own, cleaned. */
  baseEnv?: Record<string, string>;
}

/** The daemon of one node, put together. */
export class Worker {
  readonly executions: Executions;
  readonly tickets: Tickets;
  readonly session: Session;
  readonly heartbeat: Heartbeat;
  readonly reports: ReportBuffer;
  private readonly client: AgentClient;
  private readonly executor: ProcessExecutor;
  private readonly containers: Containers;
  private readonly slots: Slots;
  private readonly next: NextJobsAsker;
  private readonly control: ControlChannel;
  private readonly disk: DiskGuard;
  private readonly sampler: Sampler;
  private readonly metrics: NodeMetrics;
  /** Absent: this worker serves no metrics of its own. */
  private readonly exposition: ExpositionServer | undefined;
  private readonly spool: Spool;
  private readonly isolation: Isolation;
  private readonly standing: Standing;
  private facts: NodeFacts | undefined;
  private tellFactsKnown = (): void => undefined;
  private readonly factsKnown = new Promise<void>((resolve) => (this.tellFactsKnown = resolve));
  /** The facts that the API has. */
  private factsTold: NodeFacts | undefined;
  private draining = false;
  /** Jobs come over the API alone. */
  private ticketless = false;
  /** Fingerprint of the ticket store that is open. */
  private ticketsAt: string | undefined;
  private ticketsMovedTo: string | undefined;
  private guard: NodeJS.Timeout | undefined;

  constructor(private readonly parts: WorkerParts) {
    const { config, logger } = parts;
    this.spool = new Spool(join(config.dataDir, 'worker', config.nodeName));
    this.isolation = new Isolation(config, this.spool, logger);
    this.client = new AgentClient(config.apiUrl, config.enrolmentToken, trusted(config.tls.ca));
    this.executor = new ProcessExecutor(
      {
        root: this.spool.root,
        leaseS: LEASE_S,
        baseEnv: parts.baseEnv ?? jobBaseEnv(),
        args: [config.spawn],
      },
      (message) => logger.error(message),
    );
    this.containers = new Containers(config, this.spool.root, LEASE_S, {
      onTrouble: (message) => logger.warn(message),
      onChange: (problem) => void this.containersChanged(problem),
    });
    this.session = new Session(this.client, () => this.registration(), logger, {
      registered: (response, first) => this.registered(response, first),
      reachable: (up) => void (up ? this.tickets.resume('api away') : this.tickets.pause('api away')),
      refused: (error) => this.standing.refused(error),
    });
    this.slots = new Slots(config.slots);
    this.next = new NextJobsAsker(this.slots, {
      backlog: () => this.tickets.backlog(),
      freeOfQueues: () => this.tickets.freeOfQueues(),
      ahead: () => this.executions.ahead.wanted,
      waiting: (queue) => this.executions.ahead.of(queue),
    });
    this.reports = new ReportBuffer(this.session, logger, { ask: () => this.askNext() });
    const serverTime = (iso: string): string =>
      this.client.clockOffsetMs === 0 ? iso : new Date(Date.parse(iso) + this.client.clockOffsetMs).toISOString();
    const { nodePeriodS, jobSeries, socketPath, workerMetrics } = config.counters;
    if (workerMetrics !== null) this.exposition = new ExpositionServer(workerMetrics, () => this.reading());
    this.metrics = new NodeMetrics({
      session: this.session,
      logger,
      root: this.spool.root,
      periodS: nodePeriodS,
      jobSeries,
      socketPath,
      runs: (jobId) => this.executions.runs(jobId),
      busy: () => this.executions.size > 0,
    });
    const flushMetrics = (jobId: string): Promise<void> => this.metrics.flush(jobId);
    this.executions = new Executions(
      {
        session: this.session,
        reports: this.reports,
        spool: this.spool,
        budget: new Budget(BUDGET_BYTES),
        logger,
        artifactSearchS: config.artifactSearchS,
        artifactUploadS: config.artifactUploadS,
        serverTime,
        flushMetrics,
        onFreeSlot: () => this.next.freed(),
      },
      { process: this.executor, container: this.containers },
      { node: config.nodeName, apiUrl: config.apiUrl, metricsEnv: (jobId) => this.metrics.envOf(jobId) },
      this.isolation,
    );
    const claims = new Claims(
      this.session,
      (execution, releaseSlot) => this.executions.startClaimed(execution, releaseSlot),
      () => (this.next.enabled ? this.next.free() : undefined),
      logger,
    );
    this.tickets = new Tickets(
      config.queues,
      this.slots,
      parts.openSource,
      (ticket, releaseSlot) => claims.add(ticket, releaseSlot),
      logger,
      () => Date.now() + this.client.clockOffsetMs,
    );
    this.standing = new Standing(config.apiUrl, logger, {
      take: (reason) => this.tickets.resume(reason),
      takeNone: (reason) => {
        this.next.enabled = false;
        void this.tickets.pause(reason);
      },
      silentMs: () => this.session.silentMs,
      giveUp: () => {
        for (const { execution_id: id } of this.executions.list) this.executions.fence(id);
      },
    });
    this.disk = new DiskGuard(this.spool.root, this.tickets, () => void this.heartbeat.tell(), logger);
    const onControl = (control: Control): void => this.obey(control);
    this.heartbeat = new Heartbeat(
      this.session,
      () => this.beat(),
      (answer, { facts }, tickets) => {
        if (facts) this.factsTold = facts;
        onControl(answer);
        this.followTickets(tickets);
      },
      logger,
    );
    this.control = new ControlChannel(this.session, onControl, ({ start }) => this.startAll(start), logger);
    this.sampler = new Sampler(() => this.executions.live(), serverTime, logger);
  }

  /** Until the API knows this node and tickets are being pulled. What ran before goes on meanwhile. */
  async start(): Promise<void> {
    await this.exposition?.listen();
    await this.metrics.open();
    await this.executions.open((queue, slots) => this.tickets.occupy(queue, slots));
    // After what runs already: its supervisor waits for us no longer than a lease.
    await this.isolation.open();
    this.facts = await nodeFacts(this.parts.config, this.containers, this.isolation);
    this.tellFactsKnown();
    this.metrics.start();
    this.sampler.start(this.parts.config.samplePeriodS);
    await this.session.register();
    this.control.start();
    this.watchOver();
  }

  /** No more tickets; the API hears of it with this beat. */
  async stopTaking(): Promise<void> {
    this.draining = true;
    this.executions.ahead.close();
    await this.tickets.pause('draining');
    await this.heartbeat.tell();
  }

  /** Leaves for good: nothing runs any more, or is ended within the grace. */
  async leave(graceS: number, tellS: number): Promise<void> {
    await this.tickets.close(2_000);
    this.sampler.stop();
    await this.metrics.stop();
    await this.exposition?.close();
    this.control.close();
    this.heartbeat.stop();
    clearTimeout(this.guard);
    if (this.session.reachable)
      await withinS(
        tellS,
        this.session.call((client) => client.deregister()),
      );
    this.session.close();
    await Promise.all([this.executor.close(graceS), this.containers.close(graceS)]);
    await this.client.close();
  }

  /**
   * Leaves without ending anything: jobs stay with their supervisors, and reports that have not gone out are made again
   * by the worker that finds them. The API is told nothing: for it the node is silent for a moment.
   */
  async handOver(deadlineMs: number): Promise<void> {
    await this.tickets.close(deadlineMs);
    this.sampler.stop();
    this.control.close();
    this.heartbeat.stop();
    clearTimeout(this.guard);
    this.session.close();
    this.executor.abandon();
  }

  /** One line on what this worker does. */
  get summary(): string {
    const standing = this.session.reachable ? 'the API answers' : 'the API does not answer';
    return `Running ${this.executions.size} jobs, ${this.slots.free} of ${this.slots.total} slots are free, ${standing}`;
  }

  /** Waits for the facts of the node: what ran before may have something to report earlier. */
  private async registration(): Promise<Parameters<AgentClient['register']>[0]> {
    await this.factsKnown;
    const { facts } = this;
    if (facts === undefined) throw new Error('The facts of the node are not known yet.');
    // No beat goes out before a registration was answered.
    this.factsTold = facts;
    return {
      name: this.parts.config.nodeName,
      queues: this.parts.config.queues.map((queue) => queue.name),
      slots: this.slots.total,
      facts,
      boot_id: this.spool.bootId(),
      protocol: AGENT_PROTOCOL,
    };
  }

  private async registered(response: RegisterResponse, first: boolean): Promise<void> {
    if (await this.isolation.settle(response.login === true))
      this.facts = await nodeFacts(this.parts.config, this.containers, this.isolation);
    this.next.enabled = response.starts === true;
    this.ticketless = response.tickets.backend === 'api';
    await this.executions.reconcile(response.executions, first);
    this.standing.registered(response);
    await this.tickets.start(response.tickets, this.parts.config.redisUrl);
    this.ticketsAt = response.tickets.fingerprint;
    this.heartbeat.start(response.heartbeat_s > 0 ? response.heartbeat_s : HEARTBEAT_S);
    // A registration starts without what was said before. Not waited for: a beat waits for the registration.
    if (this.disk.full) void this.heartbeat.tell();
    this.parts.logger.info(
      {
        agent: response.agent_id,
        queues: this.parts.config.queues,
        slots: this.slots.total,
        isolation: this.isolation.level,
      },
      'registered',
    );
  }

  /** The ticket store has moved: the registration says where to. */
  private followTickets(fingerprint: string | undefined): void {
    const moved = fingerprint !== undefined && this.ticketsAt !== undefined && fingerprint !== this.ticketsAt;
    const again = moved && fingerprint === this.ticketsMovedTo;
    this.ticketsMovedTo = moved ? fingerprint : undefined;
    // Said twice in a row: replicas that reach the store by different addresses do not make us go to and fro.
    if (!again) return;
    this.ticketsMovedTo = undefined;
    this.parts.logger.info('the ticket store has moved or has another login; registering again');
    void this.session.renew();
  }

  private beat(): Parameters<AgentClient['heartbeat']>[0] {
    // Told with each beat until one is answered.
    const facts = this.facts === this.factsTold ? undefined : this.facts;
    return {
      slots_free: this.slots.free,
      running: this.executions.list,
      draining: this.draining,
      cpu_load: loadavg()[0] ?? 0,
      clock_skew_ms: -Math.round(this.client.clockOffsetMs),
      ...(this.disk.space === null ? {} : { disk: this.disk.space }),
      ...(this.disk.full ? { blocked_by: 'disk_full' } : {}),
      ...(facts === undefined ? {} : { facts }),
      ...(this.next.enabled ? { free: this.next.free() } : {}),
      ...(this.ticketless ? this.next.idle() : {}),
    };
  }

  /** The state that a scrape of this worker shows. */
  private reading(): WorkerReading {
    return {
      node: this.parts.config.nodeName,
      version: this.facts?.version ?? '',
      slots: this.slots.total,
      slotsFree: this.slots.free,
      executions: this.executions.size,
      reportsWaiting: this.reports.size,
      reachable: this.session.reachable,
      draining: this.draining,
      disk: this.disk.space,
    };
  }

  /** The container engine came or went: the API hears of it with the next beat. */
  private async containersChanged(problem: string | null): Promise<void> {
    this.parts.logger.warn({ problem }, problem === null ? 'containers can be run' : 'containers cannot be run');
    this.facts = await nodeFacts(this.parts.config, this.containers, this.isolation);
  }

  private obey(control: Control): void {
    this.slots.reserved = control.reserve ?? 0;
    // Cancels first: what is to be started and cancelled is never started.
    this.executions.apply(control);
    this.startAll(control.start ?? []);
    if (control.drain) {
      this.executions.ahead.close();
      void this.tickets.pause('told to drain');
    } else {
      if (!this.draining) this.executions.ahead.reopen();
      this.tickets.resume('told to drain');
    }
  }

  /** Starts executions without tickets. Those of placement have their slots; a pushed one needs a free slot. */
  private startAll(start: ClaimedExecution[], fetchedAhead = false): void {
    for (const execution of start)
      this.executions.startOffered(
        execution,
        () =>
          execution.pushed === true
            ? this.tickets.tryOccupy(execution.queue)
            : this.tickets.occupy(execution.queue, execution.slots),
        fetchedAhead,
      );
  }

  /** Asks for the next jobs beside reports. Those that come take the slots that were kept for them. */
  private askNext(): ReturnType<BesideReports['ask']> {
    const { said, settle } = this.next.ask();
    return {
      said,
      settle: (start) => {
        // In one turn: no ticket comes in between.
        settle(start);
        this.startAll(start, true);
      },
    };
  }

  /** Jobs fill a disk within seconds: while some run it is looked at more often. */
  private watchOver(): void {
    this.guardReports();
    void this.disk.look();
    this.guard = setTimeout(() => this.watchOver(), this.executions.size > 0 ? GUARD_MS.busy : GUARD_MS.idle);
  }

  private guardReports(): void {
    if (this.reports.size > MANY_REPORTS) void this.tickets.pause('too many reports');
    else if (this.reports.size < MANY_REPORTS / 2) this.tickets.resume('too many reports');
  }
}

/** Waits for something at most so long; its failure does not matter. */
export async function withinS(seconds: number, what: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000);
  });
  await Promise.race([what.catch(() => {}), late]);
  clearTimeout(timer);
}
