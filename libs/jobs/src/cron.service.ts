import type { Submission } from '@drover/domain';
import { jobStore, type Store, type StoredJob } from '@drover/store';
import type { SubmitService } from './submit.service.js';

/** What cron needs of BullMQ's schedulers; libs/queue has the adapter. */
export interface CronSchedulers {
  cron(id: string, pattern: string, timezone: string, name: string, data: object): Promise<void>;
  removeCron(id: string): Promise<void>;
  crons(): Promise<string[]>;
}

export const CRON_TICK = 'cron-tick';

/**
 * Cron parents: jobs in `scheduled` with a pattern. Each has a BullMQ scheduler of its own, kept equal to the record by `sync`; each tick
 * submits a child. A tick missed while everything was down fires once: BullMQ keeps the one delayed job of the scheduler.
 */
export class CronService {
  constructor(
    private readonly store: Store,
    private readonly schedulers: CronSchedulers,
    private readonly submits: SubmitService,
  ) {}

  async add(job: StoredJob): Promise<void> {
    if (job.cron) await this.schedulers.cron(job.id, job.cron.pattern, job.cron.timezone, CRON_TICK, { job_id: job.id });
  }

  async remove(jobId: string): Promise<void> {
    await this.schedulers.removeCron(jobId);
  }

  /** Handles a tick: one child, unless the parent has ended. */
  async tick(data: { job_id: string }): Promise<void> {
    const parent = await jobStore.get(this.store.sql, data.job_id);
    if (!parent || parent.state !== 'scheduled' || !parent.cron) {
      await this.remove(data.job_id);
      return;
    }
    if (parent.expires_at && parent.expires_at.getTime() <= Date.now()) return;
    await this.submits.submit(childOf(parent));
  }

  /** Schedulers for every cron parent, and no other. */
  async sync(): Promise<void> {
    const parents = await cronParents(this.store);
    const known = new Set(await this.schedulers.crons());
    for (const parent of parents) if (!known.delete(parent.id)) await this.add(parent);
    for (const id of known) await this.schedulers.removeCron(id);
  }
}

async function cronParents(store: Store): Promise<StoredJob[]> {
  const ids = await store.sql.rows<{ id: string }>(`SELECT id FROM job WHERE cron IS NOT NULL AND state = 'scheduled'`);
  return jobStore.getMany(store.sql, ids.map((row) => row.id));
}

function childOf(parent: StoredJob): Submission {
  return {
    queue: parent.queue,
    name: parent.name,
    owner: parent.owner,
    dialect: parent.dialect,
    dispatch: parent.dispatch,
    spec: parent.spec,
    payload: parent.payload,
    tags: parent.tags,
    metadata: parent.metadata,
    priority: parent.priority,
    parent_id: parent.id,
  };
}
