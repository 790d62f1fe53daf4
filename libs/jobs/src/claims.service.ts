import { v7 as uuidv7 } from 'uuid';
import { hasExpired, isActive, isReady, isTerminal, isTooOld, itsTimeHasCome } from '@drover/domain';
import type { ClaimedExecution, ClaimResult, NextJobs } from '@drover/protocol';
import {
  agentStore,
  jobStore,
  runsContainers,
  type Store,
  type StoredAgent,
  type StoredExecution,
  type StoredJob,
} from '@drover/store';
import { ticketId, type Dispatcher } from './dispatcher.js';
import { type Doorbell, type JobsObserver, ringFor, topics } from './ports.js';
import { webhooksOf } from './webhooks.js';

/** How long a ticket waits when its queue is paused in the record (BullMQ holds it by then, too). */
const PAUSED_DELAY_MS = 5_000;

/**
 * How long a ticket of a job that needs a container waits after it came to an agent without an engine: another agent
 * has one, or none has.
 */
const ELSEWHERE_DELAY_MS = 250;
const NOWHERE_DELAY_MS = 5_000;

/** How long a ticket waits that came to an agent which does not serve its queue. */
const NOT_OURS_DELAY_MS = 1_000;

/** How long a ticket waits that came to a node without room for it: another node may have some. */
const RESERVED_DELAY_MS = 200;

/** How long a ticket waits that came to a worker which is too old for work. */
const TOO_OLD_DELAY_MS = 1_000;

/**
 * Jobs that are looked at beyond those an agent asks for: others may take the first of them at the same moment, or a
 * veto keeps them.
 */
const SPARE_CANDIDATES = 24;

/**
 * Jobs an agent is not to get now, though they are ready: job id -> why, and when to ask again. Runs before the claim,
 * on every batch: must be quick.
 */
export type ClaimVeto = (
  agent: StoredAgent,
  jobIds: string[],
) => Promise<Map<string, { reason: string; delay_ms: number }>>;

/** May add to, or veto, what a claim gives out: resources, secrets, gangs. Runs after the core's own claim. */
export type ClaimEnricher = (
  job: StoredJob,
  agent: StoredAgent,
  execution: ClaimedExecution,
) => Promise<ClaimedExecution>;

/** Hands jobs to agents. Each claim opens an execution with the next epoch. */
export class ClaimsService {
  private readonly enrichers: ClaimEnricher[] = [];
  private readonly vetoes: ClaimVeto[] = [];
  private readonly vetoedDialects = new Set<string>();

  constructor(
    private readonly store: Store,
    private readonly bell: Doorbell,
    private readonly observer: JobsObserver,
    private readonly tokens: { executionToken(executionId: string, jobId: string): string },
    /** Drops the tickets of jobs that were claimed without them. */
    private readonly dispatcher: Pick<Dispatcher, 'drop'>,
  ) {}

  enrich(enricher: ClaimEnricher): void {
    this.enrichers.push(enricher);
  }

  /** `dialect`: the veto speaks of its jobs alone. */
  veto(veto: ClaimVeto, dialect: string): void {
    this.vetoes.push(veto);
    this.vetoedDialects.add(dialect);
  }

  /** Whether a claim of a job of this dialect has to be asked for, with the job in the record. */
  mayVeto(dialect: string): boolean {
    return this.vetoedDialects.has(dialect);
  }

  /** One result a ticket, in order. A second ticket of one job is refused. */
  async claim(agent: StoredAgent, tickets: { ticket_id: string; job_id: string }[]): Promise<ClaimResult[]> {
    if (isTooOld(agent))
      return tickets.map(({ ticket_id }) => ({
        ticket_id,
        outcome: 'later',
        reason: 'this worker speaks a version of the agent protocol that is too old for work',
        delay_ms: TOO_OLD_DELAY_MS,
      }));
    const claims = new Map<string, string>();
    for (const ticket of tickets) if (!claims.has(ticket.job_id)) claims.set(ticket.job_id, uuidv7());
    const vetoed = await this.vetoed(agent, [...claims.keys()]);
    const taken = await jobStore.claim(
      this.store.keyed,
      agent,
      [...claims].filter(([job_id]) => !vetoed.has(job_id)).map(([job_id, execution_id]) => ({ job_id, execution_id })),
    );
    const byId = new Map(taken.map((job) => [job.id, job]));
    const others = await jobStore.getMany(
      this.store.sql,
      [...claims.keys()].filter((id) => !byId.has(id)),
    );
    // Its own claim again: the answer to the first one was lost on the way.
    for (const job of others) if (job.state === 'claimed' && job.agent_id === agent.id) byId.set(job.id, job);
    const rest = await this.refusals(agent, others, vetoed);
    const answered = new Set<string>();
    const results = await Promise.all(
      tickets.map(async ({ ticket_id, job_id }): Promise<ClaimResult> => {
        const job = byId.get(job_id);
        if (!job) return { ticket_id, ...(rest.get(job_id) ?? { outcome: 'refused', reason: 'there is no such job' }) };
        if (answered.has(job_id))
          return { ticket_id, outcome: 'refused', reason: 'claimed with another ticket of the same request' };
        answered.add(job_id);
        return { ticket_id, outcome: 'claimed', execution: await this.executionOf(job, agent) };
      }),
    );
    this.after(taken);
    return results;
  }

  /**
   * The jobs that wait first in queues of a worker, for slots that it keeps for them: of each queue its best, the
   * queues taking turns. Their tickets go. What the answer does not reach the worker with, its next beat tells it.
   */
  async claimWaiting(agent: StoredAgent, { slots, queues }: NextJobs): Promise<ClaimedExecution[]> {
    if (isTooOld(agent)) return [];
    // A queue whose own limit leaves less room gives no spare candidates: the agent might get all of them.
    const looked = queues.map(([name, most]): [string, number] => [
      name,
      most < slots ? most : slots + SPARE_CANDIDATES,
    ]);
    const candidates = await jobStore.firstWaiting(this.store.keyed, looked, slots + SPARE_CANDIDATES);
    if (candidates.length === 0) return [];
    const vetoed = await this.vetoed(
      agent,
      candidates.map(({ id }) => id),
    );
    const wanted = candidates.filter(({ id }) => !vetoed.has(id));
    const taken = await jobStore.claim(
      this.store.keyed,
      agent,
      wanted.map(({ id }) => ({ job_id: id, execution_id: uuidv7() })),
      { pushed: true, most: slots },
    );
    if (taken.length === 0) return [];
    this.dispatcher.drop(taken.map((job) => ({ queue: job.queue, ticket_id: ticketId(job) })));
    this.after(taken);
    return Promise.all(taken.map((job) => this.executionOfStart(job, agent)));
  }

  /** An execution that an agent is told to start, for a slot it has told to be free. `opened`: where the row is older. */
  async executionOfStart(
    job: StoredJob,
    agent: StoredAgent,
    opened: { execution_id?: string; epoch?: number } = {},
  ): Promise<ClaimedExecution> {
    return { ...(await this.executionOf({ ...job, ...opened }, agent)), pushed: true };
  }

  /** Jobs that started in the statement that accepted them. After its commit. */
  announceStarted(jobs: StoredJob[]): void {
    const now = Date.now();
    for (const job of jobs)
      this.observer.step('queued_to_claimed', Math.max(0, (now - job.created_at.getTime()) / 1000));
  }

  /**
   * For HTTP-pull agents: the best waiting job of these queues, or null. Jobs with dispatch `pull`, and those of
   * `dialect`. `agentName` is what jobs may exclude; without it no job comes that excludes anybody. `client`: the
   * client that logged in as the agent; it alone may go on with the job.
   */
  async claimNext(
    agent: StoredAgent,
    queues: string[],
    options: { agentName?: string; dialect?: string; client?: string } = {},
  ): Promise<{ job: StoredJob; execution: ClaimedExecution } | null> {
    const job = await jobStore.claimNext(this.store.sql, agent, queues, uuidv7(), options);
    if (!job) return null;
    const execution = await this.executionOf(job, agent);
    this.after([job]);
    return { job, execution };
  }

  /** Executions that placement opened on this agent, as it is to run them. `executions`: those it has not started yet. */
  async offers(agent: StoredAgent, executions: StoredExecution[]): Promise<ClaimedExecution[]> {
    const jobs = new Map(
      (await jobStore.getMany(this.store.sql, [...new Set(executions.map((execution) => execution.job_id))])).map(
        (job) => [job.id, job],
      ),
    );
    const offers: ClaimedExecution[] = [];
    for (const { id, epoch, attempt, job_id, placed } of executions) {
      const job = jobs.get(job_id);
      if (!job) continue;
      if (!placed) {
        offers.push(await this.executionOfStart(job, agent, { execution_id: id, epoch }));
        continue;
      }
      const resources = { ...job.spec.resources, tasks: placed.tasks };
      const execution = await this.executionOf(
        { ...job, execution_id: id, epoch, attempt, spec: { ...job.spec, resources } },
        agent,
      );
      const hostlist = (job.payload['nodes'] as string[] | undefined) ?? [agent.name];
      const { slots, gpus, rank, size, first_rank, task_size } = placed;
      offers.push({
        ...execution,
        slots,
        ...(gpus.length > 0 ? { gpus } : {}),
        ...(size > 1 ? { gang: { rank, size, hostlist, first_rank, task_size } } : {}),
      });
    }
    return offers;
  }

  private async executionOf(job: StoredJob, agent: StoredAgent): Promise<ClaimedExecution> {
    let execution: ClaimedExecution = {
      execution_id: job.execution_id as string,
      job_id: job.id,
      epoch: job.epoch,
      attempt: job.attempt,
      queue: job.queue,
      name: job.name,
      owner: job.owner,
      spec: job.spec,
      token: this.tokens.executionToken(job.execution_id as string, job.id),
      ...(Object.keys(job.payload).length > 0 ? { payload: job.payload } : {}),
    };
    for (const enricher of this.enrichers) execution = await enricher(job, agent, execution);
    return execution;
  }

  private async vetoed(agent: StoredAgent, jobIds: string[]): Promise<Map<string, Refusal>> {
    const all = new Map<string, Refusal>();
    for (const veto of this.vetoes)
      for (const [id, why] of await veto(agent, jobIds)) all.set(id, { outcome: 'later', ...why });
    return all;
  }

  private async refusals(
    agent: StoredAgent,
    jobs: StoredJob[],
    vetoed: Map<string, Refusal>,
  ): Promise<Map<string, Refusal>> {
    const answers = explainRefusals(jobs);
    const now = new Date();
    const misplaced = runsContainers(agent)
      ? []
      : jobs.filter(
          (job) => job.spec.container && answers.get(job.id)?.outcome === 'later' && itsTimeHasCome(job, now),
        );
    for (const queue of new Set(misplaced.map((job) => job.queue))) {
      const elsewhere = (await agentStore.list(this.store.sql, { queue })).some(
        (other) => other.state === 'online' && runsContainers(other),
      );
      const reason = elsewhere
        ? 'it needs a container, which another agent can run'
        : 'it needs a container, and no agent of its queue has a container engine';
      const answer: Refusal = { outcome: 'later', reason, delay_ms: elsewhere ? ELSEWHERE_DELAY_MS : NOWHERE_DELAY_MS };
      for (const job of misplaced) if (job.queue === queue) answers.set(job.id, answer);
    }
    const pushedBack = jobs.filter((job) => answers.get(job.id)?.outcome === 'later' && itsTimeHasCome(job, now));
    if (pushedBack.length > 0 && (await agentStore.reserved(this.store.sql, agent.id)) > 0) {
      for (const job of pushedBack)
        answers.set(job.id, {
          outcome: 'later',
          reason: 'the node keeps room for a job with demands',
          delay_ms: RESERVED_DELAY_MS,
        });
    }
    for (const { id, queue } of jobs) {
      // Put back rather than ended: the agent may have served the queue a moment ago, and another one has the ticket
      // then.
      if (answers.get(id)?.outcome === 'later' && agent.kind === 'worker' && !agent.queues.includes(queue))
        answers.set(id, {
          outcome: 'later',
          reason: `this agent does not serve the queue ${queue}`,
          delay_ms: NOT_OURS_DELAY_MS,
        });
    }
    for (const [id, why] of vetoed) if (answers.get(id)?.outcome === 'later') answers.set(id, why);
    return answers;
  }

  private after(taken: StoredJob[]): void {
    for (const job of taken) {
      const since = Math.max(job.queued_at?.getTime() ?? 0, job.start_at?.getTime() ?? 0) || job.created_at.getTime();
      if (job.claimed_at)
        this.observer.step('queued_to_claimed', Math.max(0, (job.claimed_at.getTime() - since) / 1000));
    }
    ringFor(
      this.bell,
      topics.jobs,
      taken.map((job) => job.id),
    );
    if (taken.some((job) => webhooksOf(job, 'claimed').length > 0)) this.bell.publish(topics.deliveries);
  }
}

type Refusal = { outcome: 'refused'; reason: string } | { outcome: 'later'; reason: string; delay_ms: number };

function explainRefusals(jobs: StoredJob[]): Map<string, Refusal> {
  const answers = new Map<string, Refusal>();
  const now = new Date();
  for (const job of jobs) {
    if (isTerminal(job.state)) answers.set(job.id, { outcome: 'refused', reason: `the job has ended as ${job.state}` });
    else if (isActive(job.state))
      answers.set(job.id, { outcome: 'refused', reason: `the job is held by ${job.node ?? 'another agent'}` });
    else if (job.dispatch !== 'ticket')
      answers.set(job.id, { outcome: 'refused', reason: 'the job is not for workers with tickets' });
    else if (job.start_at && !itsTimeHasCome(job, now)) {
      answers.set(job.id, {
        outcome: 'later',
        reason: 'its time has not come',
        delay_ms: job.start_at.getTime() - now.getTime(),
      });
    } else if (!isReady(job))
      answers.set(job.id, { outcome: 'refused', reason: 'the job is not ready; it gets a new ticket when it is' });
    else if (hasExpired(job, now)) answers.set(job.id, { outcome: 'refused', reason: 'the job has expired' });
    // Paused, or in the hands of another transaction at this moment.
    else
      answers.set(job.id, {
        outcome: 'later',
        reason: 'its queue is paused, or the job is being changed',
        delay_ms: PAUSED_DELAY_MS,
      });
  }
  return answers;
}
