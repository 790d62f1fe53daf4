import { setTimeout as sleep } from 'node:timers/promises';
import { bulkActionStore, retentionStore, type Forgotten, type KeptFor, type Store } from '@drover/store';
import type { JobsLogger } from './ports.js';

/** How long what jobs leave behind is kept. */
export interface Retention {
  jobs: KeptFor;
  executions: KeptFor;
  logs: KeptFor;
  artifacts: KeptFor;
  events: KeptFor;
  profiles: KeptFor;
  /** Seconds that audit trail and trails of observed jobs are kept; 0: for ever. */
  auditS: number;
}

export interface RetentionOptions {
  /** Rows that one statement looks at. Default 500 jobs, and ten times as many of what is smaller. */
  batch?: number;
  /** Milliseconds after which a run ends; the next one goes on. Default 40 s. */
  runMs?: number;
  /** After each batch as many times its own length nothing is done. Default 1. */
  rest?: number;
}

/** The numbers of what one run deleted. */
export type Swept = Record<
  'jobs' | 'logs' | 'executions' | 'artifacts' | 'blobs' | 'events' | 'profiles' | 'audit' | 'trails' | 'keys',
  number
>;

/** Deletes a large object; libs/blobs has the adapter. */
export interface BlobSink {
  delete(key: string): Promise<void>;
}

/** Bulk actions are kept for so long after their end; seconds. */
const BULK_ACTIONS_S = 7 * 86_400;
/** Idempotency keys are kept for a day. */
const KEY_HOURS = 24;
const GARBAGE_AT_ONCE = 200;
/** A walk that found nothing to do is not made again before it has cost less than this part of the time. */
const WALK_SHARE = 0.02;

type Kind = 'jobs' | 'events' | 'profiles' | 'audit' | 'trails';

/** Where a walk goes on, and when the next one may begin. */
interface Walk {
  after: string;
  dueAt: number;
  tookMs: number;
}

/**
 * Deletes what has had its time, in small batches with rests between them, each a transaction of its own. Files go
 * after the rows that name them are gone: their names are kept until then, so that a process that dies half way leaves
 * none. Two replicas that run at once skip each other's rows.
 */
export class RetentionService {
  private readonly walks: Record<Kind, Walk> = {
    jobs: { after: '0', dueAt: 0, tookMs: 0 },
    events: { after: '0-0', dueAt: 0, tookMs: 0 },
    profiles: { after: '0', dueAt: 0, tookMs: 0 },
    audit: { after: '0', dueAt: 0, tookMs: 0 },
    trails: { after: '0', dueAt: 0, tookMs: 0 },
  };
  private readonly batch: number;
  private readonly runMs: number;
  private readonly rest: number;
  private stopped = false;

  constructor(
    private readonly store: Store,
    private readonly blobs: BlobSink,
    private readonly retention: Retention,
    private readonly log: Pick<JobsLogger, 'info' | 'warn'>,
    options: RetentionOptions = {},
  ) {
    this.batch = options.batch ?? 500;
    this.runMs = options.runMs ?? 40_000;
    this.rest = options.rest ?? 1;
  }

  /** One run. It ends when nothing is left to do, or when its time is up. */
  async run(): Promise<Swept> {
    const swept: Swept = {
      jobs: 0,
      logs: 0,
      executions: 0,
      artifacts: 0,
      blobs: 0,
      events: 0,
      profiles: 0,
      audit: 0,
      trails: 0,
      keys: 0,
    };
    const end = performance.now() + this.runMs;
    await this.collect(swept, end);
    await this.jobs(swept, end);
    await this.collect(swept, end);
    const { events, profiles, auditS } = this.retention;
    const small = this.batch * 10;
    await this.walk('events', leastOf([events]), end, async (after) =>
      this.counted(swept, 'events', await retentionStore.forgetEvents(this.store.sql, after, small, events)),
    );
    await this.walk('profiles', leastOf([profiles]), end, async (after) =>
      this.counted(swept, 'profiles', await retentionStore.forgetProfiles(this.store.sql, after, this.batch, profiles)),
    );
    const trailsS = auditS === 0 ? Infinity : auditS;
    await this.walk('audit', trailsS, end, async (after) =>
      this.counted(swept, 'audit', await retentionStore.forgetAudit(this.store.sql, after, small, auditS)),
    );
    await this.walk('trails', trailsS, end, async (after) =>
      this.counted(swept, 'trails', await retentionStore.forgetJobTrails(this.store.sql, after, small, auditS)),
    );
    await this.keys(swept, end);
    await bulkActionStore.forget(this.store.sql, BULK_ACTIONS_S, this.batch);
    if (Object.values(swept).some((n) => n > 0)) this.log.info({ ...swept }, 'what had its time was deleted');
    return swept;
  }

  /** Ends a run that is under way behind its present batch. */
  stop(): void {
    this.stopped = true;
  }

  private async jobs(swept: Swept, end: number): Promise<void> {
    const { jobs, logs, executions, artifacts } = this.retention;
    const kept = { jobs, logs, executions, artifacts };
    await this.walk('jobs', leastOf(Object.values(kept)), end, async (after) => {
      const found = await retentionStore.lookAtJobs(this.store.sql, after, this.batch, kept);
      const gone = await this.inTx(found.jobs, async (sql, ids) => (await retentionStore.dropJobs(sql, ids)).length);
      swept.jobs += gone;
      swept.logs += await this.inTx(found.logs, (sql, ids) => retentionStore.dropLogs(sql, ids));
      swept.executions += await this.inTx(found.executions, (sql, ids) =>
        retentionStore.dropExecutions(sql, ids, executions),
      );
      swept.artifacts += await this.inTx(found.artifacts, (sql, ids) => retentionStore.dropArtifacts(sql, ids));
      return { ...found, gone };
    });
  }

  private async inTx(
    ids: string[],
    work: (sql: Parameters<Parameters<Store['tx']>[0]>[0], ids: string[]) => Promise<number>,
  ): Promise<number> {
    return ids.length === 0 ? 0 : this.store.tx((sql) => work(sql, ids));
  }

  private counted(swept: Swept, kind: Exclude<Kind, 'jobs'>, found: Forgotten): Forgotten {
    swept[kind] += found.gone;
    return found;
  }

  /**
   * Goes through rows in the order of their making, batch by batch, up to the first that is younger than `leastS`. The
   * next walk begins at the oldest again, since what was needed before may be free by then.
   */
  private async walk(
    kind: Kind,
    leastS: number,
    end: number,
    step: (after: string) => Promise<Omit<Forgotten, 'gone'>>,
  ): Promise<void> {
    const walk = this.walks[kind];
    if (leastS === Infinity || performance.now() < walk.dueAt) return;
    for (;;) {
      const start = performance.now();
      const { last, age_s, n } = await step(walk.after);
      const took = performance.now() - start;
      walk.tookMs += took;
      if (last === null || n === 0 || (age_s ?? 0) < leastS) {
        Object.assign(walk, {
          after: kind === 'events' ? '0-0' : '0',
          dueAt: performance.now() + walk.tookMs / WALK_SHARE,
          tookMs: 0,
        });
        return;
      }
      walk.after = last;
      if (this.stopped || performance.now() > end) return;
      await sleep(took * this.rest);
    }
  }

  private async keys(swept: Swept, end: number): Promise<void> {
    for (;;) {
      const n = await retentionStore.forgetKeys(this.store.sql, KEY_HOURS, this.batch * 10);
      swept.keys += n;
      if (n < this.batch * 10 || this.stopped || performance.now() > end) return;
    }
  }

  /** Deletes large objects whose rows are gone. One that cannot be deleted is tried again at the next run. */
  private async collect(swept: Swept, end: number): Promise<void> {
    for (;;) {
      const keys = await retentionStore.garbage(this.store.sql, GARBAGE_AT_ONCE);
      const gone: string[] = [];
      for (const key of keys) {
        try {
          await this.blobs.delete(key);
          gone.push(key);
        } catch (error) {
          this.log.warn(
            { error: String(error), blob: key },
            'a large object could not be deleted; the next run tries again',
          );
        }
      }
      if (gone.length > 0) await retentionStore.collected(this.store.sql, gone);
      swept.blobs += gone.length;
      if (keys.length < GARBAGE_AT_ONCE || gone.length === 0 || this.stopped || performance.now() > end) return;
    }
  }
}

/** The shortest of some times; Infinity: all is kept for ever. */
function leastOf(kept: readonly KeptFor[]): number {
  return Math.min(
    ...kept
      .flatMap(({ seconds, queues }) => [seconds, ...Object.values(queues)])
      .map((time) => (time === 0 ? Infinity : time)),
  );
}
