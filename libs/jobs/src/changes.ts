import {
  type Cause,
  hasMetItsExpiry,
  isReady,
  isTerminal,
  type Job,
  type Transition,
  transition,
} from '@drover/domain';
import {
  deliveryStore,
  dependencyStore,
  dispatchStore,
  eventStore,
  executionStore,
  jobStore,
  type ExecutionPatch,
  type JobPatch,
  type NewDelivery,
  type NewEvent,
  type DispatchMark,
  type Sql,
  type StoredJob,
} from '@drover/store';
import { ticketId, ticketOf, type Dispatcher } from './dispatcher.js';
import { type Doorbell, ringFor, topics } from './ports.js';
import { webhooksOf } from './webhooks.js';

/** Fields of a job but those that a transition decides. */
export type FieldPatch = Partial<Omit<JobPatch, 'id' | 'state' | 'cause'>>;

/**
 * Collects what one transaction changes, writes it in a few statements, and rings for it after the commit. The jobs
 * given must be locked by that transaction.
 */
export class Changes {
  private readonly patches = new Map<string, JobPatch>();
  private readonly executions = new Map<string, ExecutionPatch>();
  private readonly never: string[] = [];
  private readonly events: NewEvent[] = [];
  private readonly deliveries: NewDelivery[] = [];
  private readonly marks: DispatchMark[] = [];
  private readonly dropped: { queue: string; ticket_id: string }[] = [];
  private readonly came: { queue: string; ticket_id: string }[] = [];
  private readonly agents = new Set<string>();
  /** The jobs changed here, as they are by now. */
  private readonly jobs = new Map<string, StoredJob>();
  private placement = false;
  /** Jobs that reached a terminal state here. */
  readonly ended: StoredJob[] = [];

  constructor(private readonly now = new Date()) {}

  /**
   * Moves a job along the state machine: sets times, makes its ticket or drops it, writes the event. `job` is updated
   * in place, so that a second input in the same transaction sees the first.
   */
  move(job: StoredJob, next: Transition, extra: FieldPatch = {}, data: Record<string, unknown> = {}): void {
    const patch: JobPatch = {
      id: job.id,
      state: next.state,
      cause: next.cause,
      ...(hasMetItsExpiry(job, next) ? { expires_at: null } : {}),
      ...extra,
    };
    const hadTicket = job.state === 'queued' || job.state === 'scheduled';
    if (next.newAttempt) patch.attempt = job.attempt + 1;
    if (next.state === 'queued' || (next.state === 'scheduled' && next.newAttempt)) {
      patch.dispatch_seq = job.dispatch_seq + 1;
      patch.agent_id = null;
      if (next.state === 'queued') patch.queued_at = this.now;
    }
    if (next.state === 'running') patch.started_at = patch.started_at ?? this.now;
    if (isTerminal(next.state)) patch.finished_at = patch.finished_at ?? this.now;
    this.set(job, patch);
    if (next.state === 'queued' || (next.state === 'scheduled' && next.newAttempt)) this.mark(job);
    if (job.dispatch === 'placed') this.placement = true;
    if (isTerminal(next.state)) {
      this.ended.push(job);
      if (hadTicket && job.dispatch === 'ticket') this.drop(job);
    }
    this.deliveries.push(...webhooksOf(job, next.state));
    this.event(job, next.newAttempt && next.state === 'scheduled' ? 'job.retrying' : `job.${next.state}`, {
      state: next.state,
      ...(next.cause ? { cause: next.cause } : {}),
      ...data,
    });
  }

  /** The time of a job has come. Its ticket, with a delay, is in its queue already and may be fetched now. */
  comeDue(job: StoredJob, next: Transition): void {
    this.set(job, { state: next.state, queued_at: job.start_at ?? this.now });
    this.event(job, `job.${next.state}`, { state: next.state });
    if (job.dispatch === 'ticket') this.came.push({ queue: job.queue, ticket_id: ticketId(job) });
  }

  /** Sets fields without a change of state. */
  patch(job: StoredJob, fields: FieldPatch): void {
    this.set(job, fields);
  }

  private set(job: StoredJob, fields: Partial<JobPatch>): void {
    const merged = { ...this.patches.get(job.id), ...fields, id: job.id };
    this.patches.set(job.id, merged);
    this.jobs.set(job.id, job);
    Object.assign(job, fields);
  }

  /** Asks for the ticket of a job that is ready, or will be. */
  mark(job: StoredJob): void {
    if (job.dispatch === 'ticket' && isReady(job)) this.marks.push(ticketOf(job));
  }

  /** Takes the present ticket of a job out of its queue, after the commit. */
  drop(job: StoredJob): void {
    this.dropped.push({ queue: job.queue, ticket_id: ticketId(job) });
  }

  execution(id: string, fields: Omit<ExecutionPatch, 'id'>): void {
    this.executions.set(id, { ...this.executions.get(id), ...fields, id });
  }

  /** An execution that was never begun leaves no row; its job holds the one before it again, if there is one. */
  neverBegun(id: string): void {
    this.executions.delete(id);
    this.never.push(id);
  }

  event(job: Pick<Job, 'id' | 'queue'>, type: string, data: Record<string, unknown>): void {
    this.events.push({ job_id: job.id, queue: job.queue, type, at: this.now, data });
  }

  /** A node has more room than before. */
  room(): void {
    this.placement = true;
  }

  /** This agent has something to do. */
  tell(agentId: string | null): void {
    if (agentId) this.agents.add(agentId);
  }

  /** Adds what was collected elsewhere in the same transaction, of other jobs. */
  absorb(other: Changes): void {
    for (const [id, patch] of other.patches) this.patches.set(id, { ...this.patches.get(id), ...patch });
    for (const [id, patch] of other.executions) this.executions.set(id, { ...this.executions.get(id), ...patch });
    for (const [id, job] of other.jobs) this.jobs.set(id, job);
    this.never.push(...other.never);
    this.events.push(...other.events);
    this.deliveries.push(...other.deliveries);
    this.marks.push(...other.marks);
    this.dropped.push(...other.dropped);
    for (const agent of other.agents) this.agents.add(agent);
    this.placement ||= other.placement;
    this.ended.push(...other.ended);
  }

  /** Lets go, or fails, what waits for jobs that ended here; to any depth. */
  async followDependents(sql: Sql): Promise<void> {
    let frontier = [...this.ended];
    while (frontier.length > 0) {
      const endedNow = new Map(frontier.map((job) => [job.id, job]));
      const pairs = await dependencyStore.dependents(sql, [...endedNow.keys()]);
      if (pairs.length === 0) return;
      const jobs = await jobStore.lock(sql, [...new Set(pairs.map((pair) => pair.job_id))]);
      const before = this.ended.length;
      for (const pair of pairs) {
        // One that was changed here already is not as its row says.
        const job = this.jobs.get(pair.job_id) ?? jobs.get(pair.job_id);
        const dependency = endedNow.get(pair.depends_on);
        const met = job && transition(job.state, { type: 'dependencies_met' });
        const failed = job && transition(job.state, { type: 'dependency_failed' });
        if (!job || !dependency || !met || !failed) continue;
        if (dependency.state === 'succeeded') {
          this.patch(job, { pending_dependencies: Math.max(0, job.pending_dependencies - 1) });
          if (job.pending_dependencies > 0) continue;
          if (job.start_at && job.start_at > this.now) this.mark(job);
          else this.move(job, met);
        } else {
          const detail = `Job ${dependency.id}, on which it depends, ended as ${dependency.state}.`;
          this.move(job, failed, { cause_detail: detail }, { cause_detail: detail });
        }
      }
      frontier = this.ended.slice(before);
    }
  }

  /** Writes everything. Call inside the transaction, last. */
  async write(sql: Sql): Promise<void> {
    await executionStore.patch(sql, [...this.executions.values()]);
    await jobStore.patch(sql, [...this.patches.values()]);
    await executionStore.forget(sql, this.never);
    await dispatchStore.mark(sql, this.marks);
    await eventStore.insert(sql, this.events);
    await deliveryStore.insert(sql, this.deliveries);
  }

  /** Rings. Call after the commit. */
  announce(dispatcher: Dispatcher, bell: Doorbell): void {
    dispatcher.ring(this.marks);
    if (this.dropped.length > 0) dispatcher.drop(this.dropped);
    if (this.came.length > 0) dispatcher.due(this.came);
    if (this.events.length > 0)
      ringFor(
        bell,
        topics.jobs,
        this.events.map((event) => event.job_id),
      );
    if (this.deliveries.length > 0) bell.publish(topics.deliveries);
    if (this.placement) bell.publish(topics.placement);
    for (const agent of this.agents) bell.publish(topics.agent(agent));
  }

  get causes(): { job: StoredJob; cause: Cause | null }[] {
    return this.ended.map((job) => ({ job, cause: job.cause }));
  }
}
