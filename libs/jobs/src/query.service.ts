import {
  DEFAULT_PROJECT,
  DroverError,
  isWaiting,
  jobNotFound,
  NO_CALLERS,
  type Agent,
  type Artifact,
  type Callers,
  type Job,
  type JobEvent,
  type JobState,
  type JobUsage,
  type Sample,
  type TrailEntry,
} from '@drover/domain';
import {
  agentStore,
  artifactStore,
  executionStore,
  externalRefStore,
  isSearch,
  jobStore,
  queueStore,
  sampleStore,
  type HistoryReading,
  trailStore,
  usageStore,
  type JobFilter,
  type Sql,
  type Store,
  type StoredExecution,
  type StoredJob,
} from '@drover/store';
import { asSeen, isVisible } from './job-rights.js';
import { Searches } from './searches.js';
import { isUuid } from './submission.js';

/** States a job of a queue's counts can be in. */
export const LIVE_STATES = [
  'scheduled',
  'queued',
  'claimed',
  'running',
  'cancelling',
] as const satisfies readonly JobState[];
export type LiveState = (typeof LIVE_STATES)[number];

/** A queue as the record, its jobs and its agents show it together. */
export interface QueueView {
  name: string;
  paused: boolean;
  /** Null: it is not, or was paused by an older version. */
  pause: { since: Date; by: string; reason: string | null } | null;
  /** Jobs that have not ended. */
  counts: Record<LiveState, number>;
  /** Seconds the oldest queued job has waited; null when none waits. */
  oldest_queued_s: number | null;
  /** When it was queued. */
  oldest_queued_at: Date | null;
  /** Agents that serve it and are online. */
  agents_online: number;
  /** Slots of those agents together (they may serve other queues, too). */
  slots: number;
  slots_free: number;
  /** Facts that dialects keep about it. */
  payload: Record<string, unknown>;
}

export interface JobPage {
  limit: number;
  /** `seq` of the last job of the page before. */
  cursor?: string;
  /** Default newest. */
  order?: 'newest' | 'oldest';
  offset?: number;
}

/** A dialect's list may grow to at most this many rows a page. */
const MAX_PAGE = 10_000;

/** A page of a search is given after so long, however little was found. */
const SEARCH_MS = 15;

/** The bound of a count, the jobs one of its statements looks at, and the milliseconds after which it is given. */
const MOST_COUNTED = 100_000;
const COUNT_SLICE = 10_000;
const COUNT_MS = 300;

/** Rows read with one statement: those of thousands of jobs come in one piece and hold everything else up. */
const AT_ONCE = 500;

/** A list of thousands of jobs, read page by page. What comes meanwhile does not shift it. */
async function inPages(sql: Sql, filter: JobFilter, page: JobPage): Promise<StoredJob[]> {
  const rows = await jobStore.list(sql, filter, { ...page, limit: Math.min(page.limit, AT_ONCE) });
  const { offset: _, ...rest } = page;
  for (let last = rows.at(-1); last && rows.length < page.limit && rows.length % AT_ONCE === 0; last = rows.at(-1)) {
    const more = await jobStore.list(sql, filter, {
      ...rest,
      cursor: last.seq,
      limit: Math.min(page.limit - rows.length, AT_ONCE),
    });
    if (more.length === 0) break;
    for (const row of more) rows.push(row);
  }
  return rows;
}

/**
 * Every read of the record that doors need: the native API, dialects, live streams. Never changes anything. Whoever
 * asks gets what it may see: a job of another project does not exist for it, whichever method is called.
 */
export class QueryService {
  private readonly searches: Searches;

  constructor(
    private readonly store: Store,
    private readonly callers: Callers = NO_CALLERS,
    options: { searchMs?: number } = {},
  ) {
    this.searches = new Searches(store, options.searchMs === undefined ? {} : { timeoutMs: options.searchMs });
  }

  /** Throws `not_found`, also for what is no job id at all. */
  async get(id: string): Promise<StoredJob> {
    const job = await this.find(id);
    if (!job) throw jobNotFound(id.slice(0, 100));
    return job;
  }

  async find(id: string): Promise<StoredJob | null> {
    return this.seen(isUuid(id) ? await jobStore.get(this.store.sql, id) : null);
  }

  /** The jobs of these ids that exist, in the order of `ids`. */
  async getMany(ids: string[]): Promise<StoredJob[]> {
    const caller = this.callers.now();
    const jobs = await jobStore.getMany(this.store.sql, [...new Set(ids.filter(isUuid))]);
    const found = new Map(jobs.filter((job) => isVisible(caller, job)).map((job) => [job.id, asSeen(caller, job)]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  /** Executions of jobs, oldest first, by the ids of the jobs. For the server's own use: it asks for no right. */
  async executionsOfJobs(ids: string[]): Promise<Map<string, StoredExecution[]>> {
    return executionStore.ofJobs(this.store.sql, ids);
  }

  /** The names of those of these jobs that the caller may see, by id. Null: a job has none. */
  async names(ids: string[]): Promise<Map<string, string | null>> {
    const caller = this.callers.now();
    const heads = await jobStore.heads(this.store.sql, [...new Set(ids.filter(isUuid))]);
    return new Map(heads.filter((head) => isVisible(caller, head)).map(({ id, name }) => [id, name]));
  }

  /** A page of jobs and the cursor of the next one (null: this was the last). */
  async list(filter: JobFilter, page: JobPage): Promise<{ jobs: StoredJob[]; next: string | null }> {
    const limit = Math.min(Math.max(page.limit, 0), MAX_PAGE);
    if (limit === 0) return { jobs: [], next: null };
    if (isSearch(filter)) return this.search(filter, { ...page, limit });
    const rows = await this.bounded(filter, async (sql, within) =>
      inPages(sql, within, { ...page, ...(await jobStore.bounds(sql, within)), limit: limit + 1 }),
    );
    const caller = this.callers.now();
    const jobs = rows.slice(0, limit).map((job) => asSeen(caller, job));
    return { jobs, next: rows.length > limit ? (jobs.at(-1)?.seq ?? null) : null };
  }

  /**
   * A page of a search for a text. It looks at jobs for a moment, at 2,000 of them at least: a page may hold fewer
   * than its limit, or none, and `next` goes on behind those that were looked at.
   */
  private async search(filter: JobFilter, page: JobPage): Promise<{ jobs: StoredJob[]; next: string | null }> {
    const { rows, end } = await this.bounded(filter, async (sql, within) => {
      const found: StoredJob[] = [];
      const bounds = await jobStore.bounds(sql, within);
      const since = performance.now();
      let { cursor } = page;
      for (;;) {
        const rest = {
          ...page,
          ...bounds,
          limit: page.limit + 1 - found.length,
          ...(cursor === undefined ? {} : { cursor }),
        };
        const slice = await jobStore.search(sql, within, rest);
        found.push(...slice.jobs);
        const isOver = slice.end === null || found.length > page.limit || performance.now() - since > SEARCH_MS;
        if (isOver) return { rows: found, end: slice.end };
        cursor = slice.end ?? undefined;
      }
    });
    const caller = this.callers.now();
    const jobs = rows.slice(0, page.limit).map((job) => asSeen(caller, job));
    return { jobs, next: rows.length > page.limit ? (jobs.at(-1)?.seq ?? null) : end };
  }

  async count(filter: JobFilter): Promise<number> {
    return this.bounded(filter, (sql, within) => jobStore.count(sql, within));
  }

  /**
   * Counts the jobs of a filter up to a number, for a moment. Where triggers keep the number, it is exact however large
   * it is. `exact` false: there are at least so many.
   */
  async countUpTo(filter: JobFilter, most = MOST_COUNTED): Promise<{ count: number; exact: boolean }> {
    const { states: _, ...others } = filter;
    if (Object.values(others).every((value) => value === undefined))
      return { count: await this.count(filter), exact: true };
    return this.searches.run('filter', async (sql) => {
      const within = this.within(filter);
      const bounds = await jobStore.bounds(sql, within);
      const since = performance.now();
      let count = 0;
      let cursor: string | undefined;
      for (;;) {
        const page = { ...bounds, slice: COUNT_SLICE, ...(cursor === undefined ? {} : { cursor }) };
        const { n, last } = await jobStore.countSlice(sql, within, page);
        count += n;
        if (last === null) return count > most ? { count: most, exact: false } : { count, exact: true };
        if (count > most) return { count: most, exact: false };
        if (performance.now() - since > COUNT_MS) return { count, exact: false };
        cursor = last;
      }
    });
  }

  /** Runs a search for a text. It reads many rows, so it waits for its turn, and Postgres ends it in time. */
  private bounded<T>(filter: JobFilter, work: (sql: Sql, within: JobFilter) => Promise<T>): Promise<T> {
    const within = this.within(filter);
    const field =
      filter.q !== undefined ? 'q' : filter.shown !== undefined ? 'query' : isSearch(filter) ? 'filter' : null;
    return field === null ? work(this.store.sql, within) : this.searches.run(field, (sql) => work(sql, within));
  }

  /** Oldest first, at most 1,000 (the newest of them). Empty for an unknown job. */
  async executions(jobId: string): Promise<StoredExecution[]> {
    return (await this.knows(jobId)) ? executionStore.ofJob(this.store.sql, jobId) : [];
  }

  /** The execution that a job names. Null: it names none, or that one was declined after the job was read. */
  async present(job: Pick<StoredJob, 'execution_id'>): Promise<StoredExecution | null> {
    return job.execution_id === null ? null : executionStore.get(this.store.sql, job.execution_id);
  }

  /** Throws `not_found`. */
  async execution(id: string): Promise<StoredExecution> {
    const execution = isUuid(id) ? await executionStore.get(this.store.sql, id) : null;
    if (!execution || !(await this.knows(execution.job_id)))
      throw new DroverError('not_found', `There is no execution ${id.slice(0, 100)}.`, {
        execution_id: id.slice(0, 100),
      });
    return execution;
  }

  /**
   * The job a dialect shows under its own id, or null. Of several projects' jobs: that of the caller's own project,
   * else the oldest that the caller may see.
   */
  async byExternalId(dialect: string, externalId: string): Promise<StoredJob | null> {
    if (externalId === '' || externalId.length > 1_000 || externalId.includes('\u0000') || !externalId.isWellFormed())
      return null;
    const ids = await externalRefStore.jobsOf(
      this.store.sql,
      dialect,
      externalId,
      this.callers.now()?.home ?? DEFAULT_PROJECT,
    );
    return ids.length === 0 ? null : ((await this.getMany(ids))[0] ?? null);
  }

  /** The names of these jobs in a dialect: job id -> external id. Jobs without one are absent. */
  async externalIds(dialect: string, jobIds: string[]): Promise<Map<string, string>> {
    return externalRefStore.ofJobs(this.store.sql, dialect, jobIds);
  }

  /** Oldest first; of too many the newest `limit`. */
  async samples(jobId: string, range: { from?: Date; to?: Date; limit: number }): Promise<Sample[]> {
    return (await this.knows(jobId)) ? sampleStore.ofJob(this.store.sql, jobId, range) : [];
  }

  /** The same, only what the history of a job's usage shows. */
  async history(jobId: string, range: { from?: Date; to?: Date; limit: number }): Promise<HistoryReading[]> {
    return (await this.knows(jobId)) ? sampleStore.historyOfJob(this.store.sql, jobId, range) : [];
  }

  async countSamples(jobId: string, range: { from?: Date; to?: Date }): Promise<number> {
    return (await this.knows(jobId)) ? sampleStore.count(this.store.sql, jobId, range) : 0;
  }

  /** The usage of these jobs; those without a reading are absent. */
  async usages(jobIds: string[]): Promise<Map<string, JobUsage>> {
    return usageStore.ofJobs(this.store.sql, jobIds);
  }

  /**
   * The changes of the job of this id in a dialect and their authors, oldest first. Jobs that are gone are shown to
   * those alone who see every project: there may be several.
   */
  async trail(dialect: string, externalId: string, limit: number): Promise<TrailEntry[]> {
    const caller = this.callers.now();
    const job = await this.byExternalId(dialect, externalId);
    if (job === null && caller !== null && caller.scope !== null) return [];
    return trailStore.ofExternalId(this.store.sql, externalId, job?.project ?? null, limit);
  }

  /** Events after a cursor (an event's id), in the order of delivery; without a cursor from the oldest kept. */
  async events(
    cursor: string | undefined,
    filter: { job_id?: string; queue?: string },
    limit: number,
  ): Promise<JobEvent[]> {
    if (filter.job_id !== undefined && !(await this.knows(filter.job_id))) return [];
    return this.store.events.after(cursor, filter, Math.min(limit, MAX_PAGE));
  }

  async artifacts(jobId: string): Promise<Artifact[]> {
    return (await this.knows(jobId)) ? artifactStore.ofJob(this.store.sql, jobId) : [];
  }

  async artifact(jobId: string, path: string): Promise<Artifact | null> {
    return (await this.knows(jobId)) ? artifactStore.get(this.store.sql, jobId, path) : null;
  }

  /** Every queue anybody knows of: the record, a live job, an agent. By name. */
  async queues(): Promise<QueueView[]> {
    const project = this.callers.now()?.scope ?? null;
    const [stored, live, agents] = await Promise.all([
      queueStore.list(this.store.sql),
      jobStore.liveCounts(this.store.sql, project),
      agentStore.list(this.store.sql),
    ]);
    const views = new Map<string, QueueView>();
    const view = (name: string): QueueView => {
      const known = views.get(name);
      if (known) return known;
      const made = emptyView(name);
      views.set(name, made);
      return made;
    };
    for (const queue of stored) {
      const { paused, payload, paused_at: since, paused_by: by, paused_reason: reason } = queue;
      const pause = paused && since ? { since, by: by ?? '', reason } : null;
      Object.assign(view(queue.name), { paused, pause, payload });
    }
    for (const row of live) addCount(view(row.queue), row);
    for (const agent of agents) for (const name of agent.queues) addAgent(view(name), agent);
    return [...views.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** One queue; throws `not_found` when nobody has ever named it. */
  async queue(name: string): Promise<QueueView> {
    const found = (await this.queues()).find((view) => view.name === name);
    if (found) return found;
    const plain = !name.includes('\u0000') && name.isWellFormed() && name.length <= 1_000;
    if (plain && (await jobStore.list(this.store.sql, this.within({ queue: name }), { limit: 1 })).length > 0)
      return emptyView(name);
    throw new DroverError('not_found', `There is no queue ${name.slice(0, 200)}: no job, agent or setting names it.`);
  }

  /** Whether nothing of this queue may start. */
  async paused(queue: string): Promise<boolean> {
    return (await queueStore.get(this.store.sql, queue))?.paused ?? false;
  }

  /** Jobs of the same queue that are handed out before this queued one. */
  async ahead(job: Pick<Job, 'queue' | 'priority'> & { seq: string }): Promise<number> {
    return jobStore.queuedBefore(this.store.sql, job);
  }

  /** Live jobs by queue and state, with the age of the oldest of each in seconds. */
  /** Waiting and running jobs of one queue, or of every queue that has any. */
  async load(queue?: string): Promise<Map<string, { waiting: number; running: number }>> {
    const loads = new Map<string, { waiting: number; running: number }>();
    for (const { queue: name, state, n } of await jobStore.liveNumbers(
      this.store.sql,
      queue,
      this.callers.now()?.scope ?? undefined,
    )) {
      const load = loads.get(name) ?? { waiting: 0, running: 0 };
      load[isWaiting(state) ? 'waiting' : 'running'] += n;
      loads.set(name, load);
    }
    return loads;
  }

  /** The job, if it exists as far as the caller is concerned. */
  private seen(job: StoredJob | null): StoredJob | null {
    const caller = this.callers.now();
    return job && isVisible(caller, job) ? asSeen(caller, job) : null;
  }

  /** The same by id, where the job itself is not needed: the system is not asked. */
  private async knows(jobId: string): Promise<boolean> {
    if (!isUuid(jobId)) return false;
    return this.callers.now() === null || (await this.find(jobId)) !== null;
  }

  private within(filter: JobFilter): JobFilter {
    const project = this.callers.now()?.scope ?? null;
    return project === null ? filter : { ...filter, project };
  }

  /** Leaves out the fields that only their own requests need (the hash of the token). */
  async agents(filter: { queue?: string; kind?: Agent['kind'] } = {}): Promise<Agent[]> {
    return (await agentStore.list(this.store.sql, filter)).map(({ token_hash: _, ...agent }) => agent);
  }
}

const emptyView = (name: string): QueueView => ({
  name,
  paused: false,
  pause: null,
  counts: { scheduled: 0, queued: 0, claimed: 0, running: 0, cancelling: 0 },
  oldest_queued_s: null,
  oldest_queued_at: null,
  agents_online: 0,
  slots: 0,
  slots_free: 0,
  payload: {},
});

function addCount(
  view: QueueView,
  row: { state: JobState; n: number; oldest_s: number | null; oldest_at: Date | null },
): void {
  view.counts[row.state as LiveState] = row.n;
  if (row.state !== 'queued' || row.oldest_s === null) return;
  view.oldest_queued_s = Math.max(0, row.oldest_s);
  view.oldest_queued_at = row.oldest_at;
}

function addAgent(view: QueueView, agent: Agent): void {
  if (agent.state !== 'online') return;
  view.agents_online += 1;
  view.slots += agent.slots;
  view.slots_free += agent.slots_free;
}
