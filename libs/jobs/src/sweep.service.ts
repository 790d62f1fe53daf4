import { transition } from '@drover/domain';
import { agentStore, executionStore, jobStore, type Store, type StoredExecution, type StoredJob } from '@drover/store';
import { Attention } from './attention.js';
import { Changes } from './changes.js';
import type { Dispatcher } from './dispatcher.js';
import { afterMemberEnd, isGang, lockMembers, membersOf } from './gang.js';
import type { Doorbell, JobsLogger, JobsObserver } from './ports.js';
import type { EndedListener } from './reports.service.js';

/** Jobs handled in one transaction. */
const BATCH = 500;

/** Makes the changes that time alone brings: jobs come due, expire, lose their agent. */
export class SweepService {
  private readonly endedListeners: EndedListener[] = [];
  private readonly attention: Attention;
  private watching: Promise<void> | null = null;

  constructor(
    private readonly store: Store,
    private readonly dispatcher: Dispatcher,
    private readonly bell: Doorbell,
    private readonly observer: JobsObserver,
    private readonly log: JobsLogger,
    private readonly leaseMs: number,
  ) {
    this.attention = new Attention(leaseMs);
  }

  onEnded(listener: EndedListener): void {
    this.endedListeners.push(listener);
  }

  async due(): Promise<number> {
    return this.repeat(async (sql, changes) => {
      const jobs = await jobStore.lock(sql, await jobStore.idsOfDue(sql, BATCH));
      for (const job of jobs.values()) {
        const next = transition(job.state, { type: 'due' });
        if (next) changes.comeDue(job, next);
      }
      return jobs.size;
    });
  }

  async expired(): Promise<number> {
    return this.repeat(async (sql, changes) => {
      const jobs = await jobStore.lock(sql, await jobStore.idsOfExpired(sql, BATCH));
      for (const job of jobs.values()) {
        const next = transition(job.state, { type: 'expire' });
        const detail = `It was to start before ${job.expires_at?.toISOString()}.`;
        if (next) changes.move(job, next, { cause_detail: detail }, { cause_detail: detail });
      }
      return jobs.size;
    });
  }

  /**
   * Each second, in every replica by its own timer: a tick that went through the ticket store, to one replica, came
   * late when either was busy. Who is first to declare an agent lost has it alone. A look that takes long is waited
   * for, not doubled.
   */
  async watch(): Promise<void> {
    this.watching ??= this.listen()
      .then(() => this.lostAgents())
      .then(() => undefined)
      .finally(() => {
        this.watching = null;
      });
    return this.watching;
  }

  /** Proves to ourselves that we are there and that the record answers. */
  async listen(now?: number): Promise<void> {
    try {
      await this.store.ping();
    } catch {
      return;
    }
    this.attention.answered(now ?? performance.now());
  }

  /**
   * Ends the executions of agents silent for a lease and queues their jobs again. Silence counts only while this
   * process listened (see {@link Attention}): an outage of API or Postgres is no silence of the agents. What an agent
   * that came back has claimed since stays its own.
   */
  async lostAgents(now = performance.now()): Promise<number> {
    const age = this.attention.ageOfSilence(this.leaseMs, now);
    if (age === null) return 0;
    let lost = 0;
    for (const { lost_at, ...agent } of await agentStore.declareLost(this.store.keyed, age)) {
      this.log.warn({ agent: agent.name, last_seen_at: agent.last_seen_at }, 'agent lost');
      lost += await this.loseExecutions(
        [agent.id],
        `Agent ${agent.name} was not heard of for ${this.leaseMs / 1000} s.`,
        (execution) => execution.claimed_at >= lost_at,
      );
    }
    return lost;
  }

  /** Ends open executions of these agents as `agent_lost`: all, or all but those to keep. */
  async loseExecutions(
    agentIds: string[],
    detail: string,
    keep: (execution: Pick<StoredExecution, 'id' | 'claimed_at'>) => boolean = () => false,
  ): Promise<number> {
    let total = 0;
    for (;;) {
      const open = (await executionStore.openOfAgents(this.store.sql, agentIds, BATCH)).filter(
        (execution) => !keep(execution),
      );
      if (open.length === 0) return total;
      const ended: StoredJob[] = [];
      const changes = await this.store.tx(async (sql) => {
        const made = new Changes();
        const jobs = await jobStore.lock(sql, [...new Set(open.map((execution) => execution.job_id))]);
        const executions = await executionStore.lock(
          sql,
          open.map((execution) => execution.id),
        );
        const members = new Map([...(await lockMembers(sql, jobs.values())), ...executions]);
        for (const execution of executions.values()) {
          if (execution.state === 'ended') continue;
          made.execution(execution.id, {
            state: 'ended',
            cause: 'agent_lost',
            cause_detail: detail,
            finished_at: new Date(),
          });
          Object.assign(execution, { state: 'ended', cause: 'agent_lost', cause_detail: detail });
          const job = jobs.get(execution.job_id);
          if (!job) continue;
          if (isGang(job)) {
            const ours = membersOf(job, members.values());
            // The job goes back with the last of its members, when the other nodes have ended theirs.
            if (!ours.includes(execution) || !afterMemberEnd(ours, execution, made)) continue;
          } else if (job.execution_id !== execution.id) continue;
          const losses = job.losses + 1;
          const next = transition(job.state, { type: 'agent_lost', losses });
          if (!next) continue;
          const givenUp =
            next.state === 'failed'
              ? { cause_detail: `${detail} That was loss ${losses}; the job is not tried again.` }
              : {};
          made.move(
            job,
            next,
            { losses, start_at: null, started_at: null, ...givenUp },
            { execution_id: execution.id, lost: execution.node },
          );
        }
        await made.followDependents(sql);
        await made.write(sql);
        return made;
      });
      changes.announce(this.dispatcher, this.bell);
      for (const { job, cause } of changes.causes) {
        this.observer.ended(job.queue, job.state, cause);
        ended.push(job);
      }
      if (ended.length > 0) for (const listener of this.endedListeners) listener(ended);
      total += open.length;
      this.observer.lost(open.length);
      if (open.length < BATCH) return total;
    }
  }

  private async repeat(
    step: (sql: Parameters<Parameters<Store['tx']>[0]>[0], changes: Changes) => Promise<number>,
  ): Promise<number> {
    let total = 0;
    for (;;) {
      const { n, changes } = await this.store.tx(async (sql) => {
        const made = new Changes();
        const count = await step(sql, made);
        await made.followDependents(sql);
        await made.write(sql);
        return { n: count, changes: made };
      });
      changes.announce(this.dispatcher, this.bell);
      for (const { job, cause } of changes.causes) this.observer.ended(job.queue, job.state, cause);
      if (changes.ended.length > 0) for (const listener of this.endedListeners) listener(changes.ended);
      total += n;
      if (n < BATCH) return total;
    }
  }
}
