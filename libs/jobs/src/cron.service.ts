import { isDroverError, type CronSpec, type Submission } from '@drover/domain';
import { tickBefore } from '@drover/schedule';
import { cronStore, eventStore, jobStore, type Store, type StoredJob } from '@drover/store';
import type { SubmitService } from './submit.service.js';

/** The port of cron to BullMQ's schedulers; libs/queue has the adapter. */
export interface CronSchedulers {
  cron(id: string, pattern: string, timezone: string, name: string, data: object): Promise<void>;
  removeCron(id: string): Promise<void>;
  crons(): Promise<string[]>;
}

/** Makes the child of a tick. Called again with the same time after a crash: must make no second one. */
export type TickMaker = (parent: StoredJob, dueAt: Date) => Promise<void>;

export const CRON_TICK = 'cron-tick';

/** Gives a new cron parent its scheduler. Any other job is left as it is. */
export async function schedule(schedulers: CronSchedulers, job: StoredJob): Promise<void> {
  if (job.cron) await schedulers.cron(job.id, job.cron.pattern, job.cron.timezone, CRON_TICK, { job_id: job.id });
}

/**
 * Cron parents: jobs in `scheduled` with a pattern. Each has a BullMQ scheduler of its own, kept equal to the record by
 * `sync`; each tick submits a child. Ticks missed while everything was down fire once: BullMQ keeps the one delayed job
 * of a scheduler, and where BullMQ has lost it (an empty Redis), `sync` sees from the record that a tick is owed.
 */
export class CronService {
  private readonly makers = new Map<string, TickMaker>();

  constructor(
    private readonly store: Store,
    private readonly schedulers: CronSchedulers,
    private readonly submits: SubmitService,
    /** Ends a parent whose owner may no longer submit. */
    private readonly withdraw: (parent: StoredJob, reason: string) => Promise<unknown>,
  ) {}

  /** A dialect that makes its children itself. */
  own(dialect: string, maker: TickMaker): void {
    this.makers.set(dialect, maker);
  }

  /**
   * Handles a tick: one child, unless the parent has ended. A parent whose owner may not submit this now ends here. The
   * same tick again, after a crash, makes no second child.
   */
  async tick(data: { job_id: string }, dueAt: Date): Promise<void> {
    const parent = await jobStore.get(this.store.sql, data.job_id);
    if (!parent || parent.state !== 'scheduled' || !parent.cron) {
      await this.schedulers.removeCron(data.job_id);
      return;
    }
    if (parent.expires_at && parent.expires_at.getTime() <= Date.now()) return;
    const refusal = await this.refusalOf(parent);
    if (refusal !== null) {
      await this.withdraw(parent, refusal);
      return;
    }
    const own = this.makers.get(parent.dialect);
    const key = `cron:${parent.id}:${dueAt.getTime()}`;
    try {
      await (own ? own(parent, dueAt) : this.submits.submit(childOf(parent), { key, bodyHash: key }));
    } catch (error) {
      if (!isDroverError(error, 'rate_limited')) throw error;
      await this.skipped(parent, dueAt, error.message);
    }
    await cronStore.ticked(this.store.sql, parent.id, dueAt);
  }

  /** Why its owner may not have this schedule go on; null: it may. */
  private async refusalOf(parent: StoredJob): Promise<string | null> {
    try {
      await this.submits.demandAdmission([childOf(parent)]);
      return null;
    } catch (error) {
      if (isDroverError(error, 'forbidden')) return error.message;
      throw error;
    }
  }

  /** The project has too many waiting jobs: this tick makes none, and the parent's events say why. */
  private async skipped(parent: StoredJob, dueAt: Date, detail: string): Promise<void> {
    await this.store.tx(async (sql) => {
      const job = (await jobStore.lock(sql, [parent.id])).get(parent.id);
      if (job)
        await eventStore.insert(sql, [
          { job_id: job.id, queue: job.queue, type: 'job.tick_skipped', data: { due_at: dueAt.toISOString(), detail } },
        ]);
    });
  }

  /** Schedulers for every cron parent, and no other. */
  async sync(now = new Date()): Promise<void> {
    const parents = await cronStore.parents(this.store.sql);
    const known = new Set(await this.schedulers.crons());
    for (const { id, cron, since } of parents) {
      if (known.delete(id)) continue;
      const owed = lastTick(cron, now);
      if (owed && owed > since) await this.tick({ job_id: id }, owed);
      await this.schedulers.cron(id, cron.pattern, cron.timezone, CRON_TICK, { job_id: id });
    }
    for (const id of known) await this.schedulers.removeCron(id);
  }
}

/** The last time before `now` at which the pattern matched. */
function lastTick(cron: CronSpec, now: Date): Date | null {
  try {
    return tickBefore(cron, now);
  } catch {
    return null;
  }
}

function childOf(parent: StoredJob): Submission {
  return {
    queue: parent.queue,
    name: parent.name,
    owner: parent.owner,
    project: parent.project,
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
