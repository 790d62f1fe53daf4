import { v7 as uuidv7 } from 'uuid';
import { transition, type Placed } from '@drover/domain';
import { claimPlaced, type Sql, type StoredJob } from '@drover/store';
import { ringFor, topics, type Doorbell, type JobsObserver } from './ports.js';

/** A node that a job with demands gets, and what it holds there. */
export interface PlacedNode {
  agent_id: string;
  name: string;
  boot_id: string;
  placed: Placed;
}

/** A job and all its nodes. */
export interface PlacedStart {
  job: StoredJob;
  nodes: PlacedNode[];
}

/** Starts jobs with demands where placement has found room: all members of a job at once. */
export class PlacedStarts {
  constructor(
    private readonly bell: Doorbell,
    private readonly observer: JobsObserver,
  ) {}

  /**
   * Claims the jobs and opens an execution for each node, in the transaction of the caller, who holds their rows.
   *
   * @returns those that were started; a job whose state allows no claim is left as it is
   */
  async claim(sql: Sql, starts: PlacedStart[]): Promise<PlacedStart[]> {
    const made = starts.filter(({ job }) => transition(job.state, { type: 'claim' }));
    await claimPlaced(
      sql,
      made.map(({ job, nodes }) => ({ job_id: job.id, payload: payloadOf(job, nodes) })),
      made.flatMap(({ job, nodes }) =>
        nodes.map(({ agent_id, name, boot_id, placed }) => ({
          execution_id: uuidv7(),
          job_id: job.id,
          epoch: job.epoch + 1 + placed.rank,
          attempt: job.attempt,
          agent_id,
          node: name,
          boot_id,
          placed,
        })),
      ),
    );
    return made;
  }

  /** Call after the commit. */
  announce(starts: PlacedStart[]): void {
    if (starts.length === 0) return;
    ringFor(
      this.bell,
      topics.jobs,
      starts.map(({ job }) => job.id),
    );
    for (const { job } of starts) {
      const since = Math.max(job.queued_at?.getTime() ?? 0, job.start_at?.getTime() ?? 0) || job.created_at.getTime();
      this.observer.step('queued_to_claimed', Math.max(0, (Date.now() - since) / 1000));
    }
  }
}

/** A job on several nodes says on which. */
function payloadOf(job: StoredJob, nodes: PlacedNode[]): Record<string, unknown> | null {
  return nodes.length > 1 ? { ...job.payload, nodes: nodes.map(({ name }) => name) } : null;
}
