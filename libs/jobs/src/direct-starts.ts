import { v7 as uuidv7 } from 'uuid';
import { isTicketless, mayStart } from '@drover/domain';
import type { ClaimedExecution, FreeSlots, NextJobs } from '@drover/protocol';
import type { StoredAgent, StoredJob } from '@drover/store';
import type { ClaimsService } from './claims.service.js';
import { OpenSlots } from './open-slots.js';
import { topics, type Doorbell, type JobsLogger } from './ports.js';

/** A new job and the free slot that it is to get. */
export interface ProposedStart {
  job: StoredJob;
  agent: StoredAgent;
  execution_id: string;
}

/** Sends executions down the open control channel of an agent. False: it cannot be sent at the moment. */
export type Push = (start: ClaimedExecution[]) => boolean;

/**
 * Starts jobs without a ticket: a new job for which a node has told a free slot, and the jobs that wait first when a
 * node asks for more. The statement that claims decides ({@link ClaimsService}, {@link SubmitService}); here is what is
 * known of nodes. All of it may be wrong or lost: what a node is not told by its open channel it hears with its next
 * beat, and a node without a free slot declines.
 */
export class DirectStarts {
  private readonly slots = new OpenSlots();
  private readonly channels = new Map<string, Push>();

  constructor(
    private readonly claims: ClaimsService,
    private readonly bell: Doorbell,
    private readonly log: JobsLogger,
    /** False: all jobs go by ticket. */
    readonly enabled: boolean,
  ) {}

  /** An agent has said how many slots it has, in a request that names the executions `spokenOf`. */
  told(agent: StoredAgent, free: FreeSlots | undefined, spokenOf?: Iterable<string>): void {
    if (this.enabled) this.slots.told(agent, free, spokenOf);
  }

  /** The agent leaves, or takes no more work. */
  forget(agentId: string): void {
    this.slots.forget(agentId);
  }

  /** An agent's control channel is open in this process. Returns what closes it. */
  connect(agentId: string, push: Push): () => void {
    this.channels.set(agentId, push);
    return () => {
      if (this.channels.get(agentId) === push) this.channels.delete(agentId);
    };
  }

  /**
   * Free slots for new jobs that nothing but a slot keeps from starting, the best jobs first. Call `settle` when it is
   * known which of them have started.
   */
  propose(jobs: StoredJob[], now: Date): ProposedStart[] {
    if (!this.enabled) return [];
    const proposed: ProposedStart[] = [];
    const full = new Set<string>();
    for (const job of best(jobs)) {
      if (full.has(job.queue) || !goesToAnySlot(job, now) || this.claims.mayVeto(job.dialect)) continue;
      const agent = this.slots.choose(job.queue, job.spec.container !== undefined);
      if (!agent) {
        full.add(job.queue);
        continue;
      }
      const execution_id = uuidv7();
      this.slots.gave(agent.id, execution_id, job.queue);
      proposed.push({ job, agent, execution_id });
    }
    return proposed;
  }

  /** After the commit: those of the proposed jobs that have started are pushed to their nodes. Never throws. */
  async settle(proposed: ProposedStart[], started: ReadonlySet<string>): Promise<void> {
    for (const { job, agent, execution_id } of proposed)
      if (!started.has(job.id)) this.slots.tookBack(agent.id, execution_id);
    const starts = proposed.filter(({ job }) => started.has(job.id));
    if (starts.length === 0) return;
    const perAgent = new Map<string, { agent: StoredAgent; starts: ProposedStart[] }>();
    for (const start of starts) {
      const entry = perAgent.get(start.agent.id);
      if (entry) entry.starts.push(start);
      else perAgent.set(start.agent.id, { agent: start.agent, starts: [start] });
    }
    this.claims.announceStarted(starts.map(({ job }) => job));
    for (const { agent, starts: own } of perAgent.values()) {
      try {
        await this.push(agent, own);
      } catch (error) {
        // The next beat tells the agent.
        this.log.warn({ error: String(error), agent: agent.name }, 'started jobs could not be pushed to their node');
      }
    }
  }

  /** The jobs that an agent asks for beside its reports or its beats, claimed for it. */
  async next(agent: StoredAgent, asked: NextJobs | undefined): Promise<ClaimedExecution[]> {
    // A node without tickets has no other way to jobs.
    if (!(this.enabled || isTicketless(agent)) || asked === undefined || asked.slots <= 0 || asked.queues.length === 0)
      return [];
    try {
      const started = await this.claims.claimWaiting(agent, asked);
      for (const { execution_id, queue } of started) this.slots.gave(agent.id, execution_id, queue);
      return started;
    } catch (error) {
      // Its tickets, or its next beat, bring the agent the same jobs.
      this.log.warn({ error: String(error), agent: agent.name }, 'the next jobs of a node could not be claimed');
      return [];
    }
  }

  private async push(agent: StoredAgent, starts: ProposedStart[]): Promise<void> {
    const push = this.channels.get(agent.id);
    const told =
      push !== undefined &&
      push(
        await Promise.all(
          starts.map(({ job, execution_id }) => this.claims.executionOfStart(job, agent, { execution_id, epoch: 1 })),
        ),
      );
    // Its channel ends in another process, which reads what is to be started from the record.
    if (!told) this.bell.publish(topics.agent(agent.id));
  }
}

/** The highest priority first, else as they came. */
function best(jobs: StoredJob[]): StoredJob[] {
  const [first] = jobs;
  return jobs.every((job) => job.priority === first?.priority)
    ? jobs
    : jobs.toSorted((a, b) => b.priority - a.priority);
}

/** Whether any free slot of its queue will do, and nobody but the agent hears of its claim. */
const goesToAnySlot = (job: StoredJob, now: Date): boolean =>
  job.dispatch === 'ticket' &&
  job.state === 'queued' &&
  mayStart(job, now) &&
  job.payload['exclude_agents'] === undefined &&
  (job.spec.webhooks?.length ?? 0) === 0;
