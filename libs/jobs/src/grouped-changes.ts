import { Batcher, gangSize, jobNotFound, type AuditEntry, type JobUsage, type TrailEntry } from '@drover/domain';
import {
  auditStore,
  executionStore,
  isAway,
  isContention,
  jobStore,
  trailStore,
  usageStore,
  type Sql,
  type Store,
  type StoredJob,
} from '@drover/store';
import { Changes } from './changes.js';
import { isGang } from './gang.js';

/** Written with a change, in its transaction. */
export interface Alongside {
  usage?: { cpu_percent?: number; memory_bytes?: number; gpu_percent?: number };
  /** Anything else, after the job is written. */
  also?: (sql: Sql) => Promise<void>;
  /** The entry for the audit trail. */
  audit?: AuditEntry | null;
  /** Called after everything else is written. */
  trail?: (usage: JobUsage | undefined) => TrailEntry;
}

/** Changes one locked job. It may throw; then nothing of it is written. It may run again, on the job as it is then. */
export type Edit = (job: StoredJob, changes: Changes) => void | Alongside;

interface Request {
  id: string;
  edit: Edit;
}

/** Tells of what was written, after the commit. */
export type Announce = (changes: Changes) => void;

/** Changes in one transaction: each locks its job until the commit. */
const MOST_TOGETHER = 200;
const MOST_WAITING = 20_000;
/** Changes of jobs that somebody else is working on, each in a transaction of its own that waits for its job. */
const WAIT_FOR_ROWS = 4;

/**
 * Changes of single jobs, committed in groups as submits are: those that arrive while a transaction is under way share
 * the next one. A job that another transaction holds does not keep the others waiting: its change goes alone, beside
 * them.
 */
export class GroupedChanges {
  private readonly groups: Batcher<Request, StoredJob | null>;
  private readonly alone: Batcher<Request, StoredJob>;

  constructor(
    private readonly store: Store,
    private readonly announce: Announce,
    onFull: () => Error,
  ) {
    this.groups = new Batcher((requests) => this.flush(requests), {
      maxItems: MOST_TOGETHER,
      maxWaiting: MOST_WAITING,
      concurrency: 2,
      onFull,
    });
    this.alone = new Batcher(async (requests) => Promise.all(requests.map((request) => this.single(request))), {
      maxItems: 1,
      maxWaiting: MOST_WAITING,
      concurrency: WAIT_FOR_ROWS,
      onFull,
    });
  }

  /**
   * Changes a job, and resolves when the change is in Postgres, with the job as it is then. @throws what `edit` throws;
   * `not_found`
   */
  async change(id: string, edit: Edit): Promise<StoredJob> {
    return (await this.groups.add({ id, edit })) ?? this.alone.add({ id, edit });
  }

  /** Null: another transaction holds the job. */
  private async flush(requests: Request[]): Promise<(StoredJob | null | Error)[]> {
    const results = new Map<Request, StoredJob | null | Error>();
    let rest = requests;
    while (rest.length > 0) {
      // The second change of one job sees what the first has committed.
      const ids = new Set<string>();
      const round = rest.filter(({ id }) => !ids.has(id) && ids.add(id));
      rest = rest.filter((request) => !round.includes(request));
      for (const [request, result] of await this.round(round)) results.set(request, result);
    }
    return requests.map((request) => results.get(request) ?? null);
  }

  /** One transaction; when one change spoils it, each gets one of its own. */
  private async round(requests: Request[]): Promise<Map<Request, StoredJob | null | Error>> {
    try {
      return await this.together(requests);
    } catch (error) {
      // One by one they would wait for the same database, each anew.
      if (requests.length === 1 || (isAway(error) && !isContention(error))) throw error;
      const results = new Map<Request, StoredJob | null | Error>();
      for (const request of requests) results.set(request, await this.single(request));
      return results;
    }
  }

  private async together(requests: Request[]): Promise<Map<Request, StoredJob | null | Error>> {
    const { results, changes } = await this.store.tx(async (sql) => {
      const ids = requests.map(({ id }) => id);
      const jobs = await jobStore.lockFree(sql, ids);
      const held =
        jobs.size < ids.length
          ? await jobStore.existing(
              sql,
              ids.filter((id) => !jobs.has(id)),
            )
          : new Set<string>();
      return write(sql, requests, (id) => jobs.get(id) ?? (held.has(id) ? null : jobNotFound(id)));
    });
    this.announce(changes);
    return results;
  }

  private async single(request: Request): Promise<StoredJob | Error> {
    try {
      const { results, changes } = await this.store.tx(async (sql) => {
        const job = (await jobStore.lock(sql, [request.id])).get(request.id);
        return write(sql, [request], (id) => job ?? jobNotFound(id));
      });
      this.announce(changes);
      return results.get(request) as StoredJob | Error;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

interface Written {
  results: Map<Request, StoredJob | null | Error>;
  changes: Changes;
}

/** Runs the edits on jobs that are locked here, and writes what they changed. */
async function write(sql: Sql, requests: Request[], find: (id: string) => StoredJob | null | Error): Promise<Written> {
  const all = new Changes();
  const results: Written['results'] = new Map();
  const alongsides: { id: string; alongside: Alongside }[] = [];
  for (const request of requests) {
    const job = find(request.id);
    results.set(request, job);
    if (job === null || job instanceof Error) continue;
    const made = new Changes();
    try {
      const alongside = request.edit(job, made);
      if (alongside) alongsides.push({ id: job.id, alongside });
    } catch (error) {
      results.set(request, error instanceof Error ? error : new Error(String(error)));
      continue;
    }
    if (job.state === 'cancelling' && isGang(job))
      for (const member of await executionStore.ofJob(sql, job.id, gangSize(job))) made.tell(member.agent_id);
    all.absorb(made);
  }
  await all.followDependents(sql);
  await all.write(sql);
  const audit = alongsides.flatMap(({ alongside }) => alongside.audit ?? []);
  if (audit.length > 0) await auditStore.insert(sql, audit);
  for (const { id, alongside } of alongsides) {
    if (alongside.usage) await usageStore.state(sql, id, alongside.usage);
    if (alongside.trail) await trailStore.insert(sql, [alongside.trail((await usageStore.ofJobs(sql, [id])).get(id))]);
    await alongside.also?.(sql);
  }
  return { results, changes: all };
}
