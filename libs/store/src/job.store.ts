import { JOB_STATES, type Caller, type JobState } from '@drover/domain';
import { NEXT_POSITION } from './event.sql.js';
import {
  counted,
  countedInSlice,
  IN_STATES,
  listed,
  SEQ_AT,
  sliceEnd,
  STORED,
  type Bounds,
  type JobFilter,
  type JobPage,
} from './job-list.sql.js';
import { PATCH_TYPES, sentOf, type Beside, type JobPatch, type StoredJob } from './job.columns.js';
import * as SQL from './job.sql.js';
import type { Patched } from './patch.sql.js';
import { applyPatches } from './patches.js';
import type { Sql } from './sql.js';

/** An agent as far as a claim has to know it. */
type Claimant = { id: string; name: string; boot_id: string };

/** A job as far as it tells who may see it. */
type JobHead = Pick<StoredJob, 'id' | 'name' | 'project' | 'owner' | 'claimed_by'>;

/** A change of a job moves the position of its events. */
const PATCHED: Patched = { table: 'job', types: PATCH_TYPES, always: ['updated_at = now()', NEXT_POSITION] };

/** Jobs accepted at once may be numbered in another order than that of their times; milliseconds. */
const DISORDER_MS = 60_000;

const byId = (jobs: StoredJob[]): Map<string, StoredJob> => new Map(jobs.map((job) => [job.id, job]));
const idsOf = (rows: { id: string }[]): string[] => rows.map((row) => row.id);

/** The ticket of a new job, and who asked for it. */
const besideOf = (ticketId: string | undefined, asker: Caller | undefined): Beside => ({
  ticket_id: ticketId,
  actor: asker?.name,
  actor_role: asker?.role,
  address: asker?.address ?? undefined,
});

export const jobStore = {
  /**
   * Takes new jobs in with their dispatch marks (of those in `ticketIds`) and first events, in one statement: alone on
   * the pool it is its own transaction. `askers`: who asked for which job, for the audit trail. Throws unique_violation
   * (23505) when an id exists.
   */
  async accept(
    sql: Sql,
    jobs: StoredJob[],
    ticketIds: Map<string, string>,
    askers: Map<string, Caller> = new Map(),
  ): Promise<void> {
    if (jobs.length === 0) return;
    const rows = jobs.map((job) => sentOf(job, besideOf(ticketIds.get(job.id), askers.get(job.id))));
    await sql.run(SQL.ACCEPT, [JSON.stringify(rows)]);
  },

  /**
   * The same, where nodes have said that they have free slots: those of the jobs that `starts` names and that nothing
   * keeps from it start in this statement. Returns their ids.
   */
  async acceptAndStart(
    sql: Sql,
    jobs: StoredJob[],
    ticketIds: Map<string, string>,
    askers: Map<string, Caller>,
    starts: { job_id: string; execution_id: string; agent_id: string }[],
  ): Promise<Set<string>> {
    const rows = jobs.map((job) => sentOf(job, besideOf(ticketIds.get(job.id), askers.get(job.id))));
    const started = await sql.rows<{ job_id: string }>(SQL.ACCEPT_AND_START, [
      JSON.stringify(rows),
      starts.map((start) => start.job_id),
      starts.map((start) => start.execution_id),
      starts.map((start) => start.agent_id),
    ]);
    return new Set(started.map((row) => row.job_id));
  },

  async get(sql: Sql, id: string): Promise<StoredJob | null> {
    return (await sql.rows<StoredJob>(SQL.JOB, [id]))[0] ?? null;
  },

  async getMany(sql: Sql, ids: string[]): Promise<StoredJob[]> {
    return ids.length === 0 ? [] : sql.rows<StoredJob>(SQL.JOBS, [ids]);
  },

  /** Finds those of these jobs that are being cancelled, with the reason that was given. */
  async cancelReasons(sql: Sql, ids: string[]): Promise<Map<string, string | null>> {
    if (ids.length === 0) return new Map();
    const rows = await sql.rows<{ id: string; cancel_reason: string | null }>(SQL.CANCEL_REASONS, [ids]);
    return new Map(rows.map((row) => [row.id, row.cancel_reason]));
  },

  /** Which of these jobs belong to a project. */
  async ofProject(sql: Sql, ids: string[], project: string): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    return new Set(idsOf(await sql.rows(SQL.OF_PROJECT, [ids, project])));
  },

  /** The names of those of these jobs that have one. */
  async names(sql: Sql, ids: string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await sql.rows<{ id: string; name: string }>(SQL.NAMES, [ids]);
    return new Map(rows.map(({ id, name }) => [id, name]));
  },

  /** Reads as much of jobs as tells who may see them. A specification may have megabytes. */
  async heads(sql: Sql, ids: string[]): Promise<JobHead[]> {
    return ids.length === 0 ? [] : sql.rows(SQL.HEADS, [ids]);
  },

  /** Locks in id order (so that two batches never deadlock) and reads what is current. */
  async lock(sql: Sql, ids: string[]): Promise<Map<string, StoredJob>> {
    return ids.length === 0 ? new Map() : byId(await sql.rows<StoredJob>(SQL.LOCK, [ids]));
  },

  /** The same, without those that another transaction holds. */
  async lockFree(sql: Sql, ids: string[]): Promise<Map<string, StoredJob>> {
    return byId(await sql.rows<StoredJob>(SQL.LOCK_FREE, [ids]));
  },

  /** Keeps a job from being deleted until the transaction ends. False: it is gone. */
  async hold(sql: Sql, id: string): Promise<boolean> {
    return (await sql.rows(SQL.HOLD, [id])).length > 0;
  },

  /** Which of these jobs there are. */
  async existing(sql: Sql, ids: string[]): Promise<Set<string>> {
    return new Set(idsOf(await sql.rows(SQL.EXISTING, [ids])));
  },

  /** Applies patches in one statement per set of columns. The rows must be locked by the caller. */
  async patch(sql: Sql, patches: JobPatch[]): Promise<void> {
    await applyPatches(sql, PATCHED, patches);
  },

  /**
   * Hands these jobs to an agent, in one statement: those that may start now become `claimed` with the next epoch and
   * an open execution. A job that another transaction is changing at this moment is skipped, and one that needs a
   * container where the agent has no engine. `pushed`: the agent has no tickets for them, it gets the first `most`.
   */
  async claim(
    sql: Sql,
    agent: Claimant & { facts: { executors: string[] } | null },
    claims: { job_id: string; execution_id: string }[],
    { pushed = false, most = claims.length } = {},
  ): Promise<StoredJob[]> {
    return sql.rows<StoredJob>(SQL.CLAIM, [
      claims.map((claim) => claim.job_id),
      claims.map((claim) => claim.execution_id),
      agent.id,
      agent.name,
      agent.boot_id,
      runsContainers(agent),
      most,
      pushed,
    ]);
  },

  /**
   * The jobs with tickets that wait first in these queues, of each at most so many: the queues take turns, in the order
   * of the list. Reads only; others may take them meanwhile.
   */
  async firstWaiting(
    sql: Sql,
    queues: [name: string, most: number][],
    limit: number,
  ): Promise<{ id: string; queue: string; dispatch_seq: number }[]> {
    return sql.rows(SQL.FIRST_WAITING, [queues.map(([name]) => name), queues.map(([, most]) => most), limit]);
  },

  /**
   * Takes the best waiting job of these queues for an HTTP-pull agent: highest priority, then oldest, over all of them.
   * Null when there is none. Only jobs meant for pulling: dispatch `pull`, or of the given dialect. Without a name the
   * agent gets no job that excludes anybody.
   */
  async claimNext(
    sql: Sql,
    agent: Claimant,
    queues: string[],
    executionId: string,
    options: { agentName?: string; dialect?: string; client?: string } = {},
  ): Promise<StoredJob | null> {
    const { agentName = null, dialect = null, client = null } = options;
    const asked = [...new Set(queues)];
    const params = [asked, executionId, agent.id, agent.name, agent.boot_id, agentName, dialect, client];
    return (await sql.rows<StoredJob>(SQL.CLAIM_NEXT, params))[0] ?? null;
  },

  /** Newest first, or oldest first. */
  async list(sql: Sql, filter: JobFilter, page: JobPage): Promise<StoredJob[]> {
    const { text, params } = listed(filter, page);
    return sql.rows<StoredJob>(text, params);
  },

  /**
   * The next jobs that a text fits, of so many as one statement may look at. `end`: the place up to which they were
   * looked at; null: there are no more.
   */
  async search(sql: Sql, filter: JobFilter, page: JobPage): Promise<{ jobs: StoredJob[]; end: string | null }> {
    const slice = sliceEnd(filter, page);
    const [last] = await sql.rows<{ seq: string }>(slice.text, slice.params);
    const jobs = await jobStore.list(sql, filter, { ...page, ...(last ? { end: last.seq } : {}) });
    return { jobs, end: last?.seq ?? null };
  },

  /** The `seq` between which jobs of this time of creation lie. Some of others lie there, too. */
  async bounds(sql: Sql, { created, started, finished }: JobFilter): Promise<Bounds> {
    // A job that started or ended before a time was created before it.
    const before = [created?.before, started?.before, finished?.before]
      .flatMap((time) => time ?? [])
      .sort((a, b) => a.getTime() - b.getTime());
    const at = async (time: Date, ms: number): Promise<string> => {
      const [row] = await sql.rows<{ seq: string }>(SEQ_AT, [new Date(time.getTime() + ms)]);
      return row?.seq ?? '0';
    };
    return {
      ...(created?.after === undefined ? {} : { least: await at(created.after, -DISORDER_MS) }),
      ...(before[0] === undefined ? {} : { most: await at(before[0], DISORDER_MS) }),
    };
  },

  /**
   * Counts the jobs that a filter fits among the next `slice` that an index finds. `last`: where the next slice goes
   * on; null: there are no more.
   */
  async countSlice(
    sql: Sql,
    filter: JobFilter,
    page: Bounds & { cursor?: string; slice: number },
  ): Promise<{ n: number; last: string | null }> {
    const { text, params } = countedInSlice(filter, page);
    const [row] = await sql.rows<{ n: number; looked: number; last: string | null }>(text, params);
    return { n: row?.n ?? 0, last: (row?.looked ?? 0) < page.slice ? null : (row?.last ?? null) };
  },

  /** How many jobs are in the record. The triggers of the tables keep the number. */
  async stored(sql: Sql, project?: string): Promise<number> {
    const [row] = await sql.rows<{ n: string }>(STORED, [project ?? null]);
    return Number(row?.n ?? 0);
  },

  async count(sql: Sql, filter: JobFilter): Promise<number> {
    const { states, project, ...more } = filter;
    if (Object.values(more).every((value) => value === undefined)) {
      if (states === undefined) return jobStore.stored(sql, project);
      // Jobs that succeeded are found by no index: they are all but those of the other states.
      const isRest = states.includes('succeeded');
      const named = isRest ? JOB_STATES.filter((state) => !states.includes(state)) : states;
      const [row] = await sql.rows<{ n: string }>(IN_STATES, [named, project ?? null]);
      const n = Number(row?.n ?? 0);
      return isRest ? (await jobStore.stored(sql, project)) - n : n;
    }
    const { text, params } = counted(filter);
    const rows = await sql.rows<{ n: string }>(text, params);
    return Number(rows[0]?.n ?? 0);
  },

  /** Live jobs by queue and state, with the age of the oldest queued one in seconds. One index-only look. */
  async liveCounts(
    sql: Sql,
    project: string | null = null,
  ): Promise<{ queue: string; state: JobState; n: number; oldest_s: number | null; oldest_at: Date | null }[]> {
    type Row = { queue: string; state: JobState; n: string; oldest_s: number | null; oldest_at: Date | null };
    const rows =
      project === null
        ? await sql.prepared<Row>(SQL.LIVE_COUNTS)
        : await sql.rows<Row>(SQL.LIVE_COUNTS_OF_PROJECT, [project]);
    return rows.map((row) => ({ ...row, n: Number(row.n) }));
  },

  /** Live jobs by queue and state, of one queue or of all; from the index alone. */
  async liveNumbers(
    sql: Sql,
    queue?: string,
    project?: string,
  ): Promise<{ queue: string; state: JobState; n: number }[]> {
    const params = [queue ?? null, project ?? null];
    const rows = await sql.rows<{ queue: string; state: JobState; n: string }>(SQL.LIVE_NUMBERS, params);
    return rows.map((row) => ({ ...row, n: Number(row.n) }));
  },

  /** How many jobs of the same queue are handed out before this queued one. */
  async queuedBefore(sql: Sql, job: Pick<StoredJob, 'queue' | 'priority' | 'seq'>): Promise<number> {
    const rows = await sql.rows<{ n: string }>(SQL.QUEUED_BEFORE, [job.queue, job.priority, job.seq]);
    return Number(rows[0]?.n ?? 0);
  },

  /** Puts a job behind all others of its priority, as if it had just been accepted. */
  async toTheEnd(sql: Sql, id: string): Promise<void> {
    await sql.run(SQL.TO_THE_END, [id]);
  },

  async delete(sql: Sql, ids: string[]): Promise<number> {
    return sql.run(SQL.DELETE, [ids]);
  },

  async idsOfDue(sql: Sql, limit: number): Promise<string[]> {
    return idsOf(await sql.rows(SQL.DUE, [limit]));
  },

  async idsOfExpired(sql: Sql, limit: number): Promise<string[]> {
    return idsOf(await sql.rows(SQL.EXPIRED, [limit]));
  },
};

/** Whether an agent has told that it has a container engine. */
export const runsContainers = (agent: { facts: { executors: string[] } | null }): boolean =>
  agent.facts?.executors.includes('container') ?? false;
