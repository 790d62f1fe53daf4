import type { JobDesc, SourceKind } from '@drover/domain';
import * as SQL from './metric.sql.js';
import type { Sql } from './sql.js';

export interface StoredSource {
  key: string;
  kind: SourceKind;
  /** Part of the sum of everything. */
  feeds_main: boolean;
  /** Part of this node's sum. */
  node: string | null;
  /** Part of this job. */
  job: string | null;
  /** Keeps its job listed. */
  live: boolean;
  /** The agent or target whose loss releases the job. */
  held_by: string | null;
  /** The id of the source's run. With another one its totals count from 0 again. */
  incarnation: string;
  /** Grows within an incarnation; an older reading is dropped. */
  seq: number;
  description: JobDesc | null;
  table_id: string;
  /** Laid out by the table. */
  vals: Float64Array;
  /** Will be deleted; readers forget it. */
  gone: boolean;
  created_at: Date;
  updated_at: Date;
  /** The id of the transaction that wrote it last. */
  tx: string;
}

export type NewSource = Omit<StoredSource, 'created_at' | 'updated_at' | 'gone' | 'tx'>;

type Row = Omit<StoredSource, 'vals' | 'seq'> & { vals: Buffer; seq: string };

/** A job that runs. */
export interface RunningRow {
  id: string;
  node: string | null;
  attempt: number;
  started_at: Date | null;
}

/** Times are texts. */
type JsonOf<T> = { [K in keyof T]: T[K] extends Date | null ? string | null : T[K] };

const toSource = ({ vals, seq, ...row }: Row): StoredSource => ({ ...row, seq: Number(seq), vals: toFloats(vals) });

/** A copy: what the driver gives may not be aligned. */
function toFloats(bytes: Buffer): Float64Array {
  const floats = new Float64Array(bytes.length / 8);
  Buffer.from(floats.buffer).set(bytes);
  return floats;
}

const toBytes = (floats: Float64Array): Buffer => Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength);

export const metricStore = {
  /**
   * One look: sources changed since the last one, the jobs that run (`jobs` at most), and the mark for the next. A
   * source may come twice, none is ever missed: what is committed late is at or above the mark. Without a mark: all
   * sources that are not gone. One statement, since each costs a look more than its reading.
   */
  async look(
    sql: Sql,
    mark: string | null,
    jobs: number,
  ): Promise<{ mark: string; sources: StoredSource[]; running: RunningRow[] }> {
    const rows = await sql.prepared<Row & { mark: string; running: JsonOf<RunningRow>[] | null }>(
      SQL.look(jobs, { since: mark !== null }),
      mark === null ? [] : [mark],
    );
    const first = rows[0] as (typeof rows)[number];
    const running = rows.find((row) => row.running !== null)?.running ?? [];
    return {
      mark: first.mark,
      sources: rows.filter((row) => row.key !== null).map(({ mark: _, running: __, ...row }) => toSource(row)),
      running: running.map((job) => ({
        ...job,
        started_at: job.started_at === null ? null : new Date(job.started_at),
      })),
    };
  },

  /** Locked in key order, so that two writers never wait in a ring. */
  async lock(sql: Sql, keys: string[]): Promise<Map<string, StoredSource>> {
    if (keys.length === 0) return new Map();
    const rows = await sql.rows<Row>(SQL.LOCK_KEYS, [keys]);
    return new Map(rows.map((row) => [row.key, toSource(row)]));
  },

  /**
   * Makes rows for keys that have none, so that they can be locked: the first writer of a source and the second then
   * see each other.
   */
  async ensure(sql: Sql, keys: string[], tableId: string): Promise<void> {
    if (keys.length === 0) return;
    await sql.run(SQL.ENSURE, [keys, tableId]);
  },

  /** Sources of clients on agents that are gone. */
  async liveOfLostAgents(sql: Sql): Promise<{ key: string; job: string }[]> {
    return sql.rows(SQL.LIVE_OF_LOST_AGENTS);
  },

  /** Nodes whose own metrics stopped coming so long ago. */
  async silentNodes(sql: Sql, forS: number): Promise<string[]> {
    const rows = await sql.rows<{ node: string }>(SQL.SILENT_NODES, [forS]);
    return rows.map((row) => row.node);
  },

  async ofNode(sql: Sql, node: string): Promise<StoredSource[]> {
    return (await sql.rows<Row>(SQL.LOCK_NODE, [node])).map(toSource);
  },

  /** All sources of these jobs, locked. */
  async lockOfJobs(sql: Sql, jobs: string[]): Promise<StoredSource[]> {
    if (jobs.length === 0) return [];
    return (await sql.rows<Row>(SQL.LOCK_JOBS, [jobs])).map(toSource);
  },

  async read(sql: Sql, keys: string[]): Promise<StoredSource[]> {
    if (keys.length === 0) return [];
    return (await sql.rows<Row>(SQL.OF_KEYS, [keys])).map(toSource);
  },

  async readOfJobs(sql: Sql, jobs: string[]): Promise<StoredSource[]> {
    return (await sql.rows<Row>(SQL.OF_JOBS, [jobs])).map(toSource);
  },

  /** Live sources that these agents or targets hold. */
  async liveOf(sql: Sql, holders: string[]): Promise<{ key: string; job: string | null }[]> {
    return sql.rows(SQL.LIVE_OF_HOLDERS, [holders]);
  },

  async held(sql: Sql, holder: string): Promise<StoredSource[]> {
    return (await sql.rows<Row>(SQL.HELD, [holder])).map(toSource);
  },

  /** Inserts or replaces. One statement. */
  async put(sql: Sql, sources: NewSource[]): Promise<void> {
    if (sources.length === 0) return;
    const facts = sources.map(({ vals: _, ...facts }) => facts);
    await sql.run(SQL.PUT, [JSON.stringify(facts), sources.map((source) => toBytes(source.vals))]);
  },

  /** New values of sources that are otherwise as they were: the common case, once a second a source. */
  async putValues(sql: Sql, sources: { key: string; seq: number; vals: Float64Array }[]): Promise<void> {
    if (sources.length === 0) return;
    await sql.run(SQL.PUT_VALUES, [
      sources.map((s) => s.key),
      sources.map((s) => s.seq),
      sources.map((s) => toBytes(s.vals)),
    ]);
  },

  async setLive(sql: Sql, keys: string[], live: boolean): Promise<void> {
    if (keys.length === 0) return;
    await sql.run(SQL.SET_LIVE, [keys, live]);
  },

  /** Readers are told first; the rows go later (`purge`). */
  async remove(sql: Sql, keys: string[]): Promise<void> {
    if (keys.length === 0) return;
    await sql.run(SQL.REMOVE, [keys]);
  },

  /** Deletes what is gone for longer than every reader keeps a mark, and lists of series that nobody uses. */
  async purge(sql: Sql, goneForS: number): Promise<void> {
    await sql.run(SQL.PURGE, [goneForS]);
    await sql.run(SQL.PURGE_TABLES);
  },

  async tables(sql: Sql, ids: string[]): Promise<{ id: string; defs: unknown }[]> {
    if (ids.length === 0) return [];
    return sql.rows(SQL.TABLES, [ids]);
  },

  async putTables(sql: Sql, tables: { id: string; defs: unknown }[]): Promise<void> {
    if (tables.length === 0) return;
    // A table that is used again is as good as new: the purge leaves it alone.
    await sql.run(SQL.PUT_TABLES, [JSON.stringify(tables)]);
  },

  /** The oldest of the ended ones beyond `keep`. */
  async oldestEnded(sql: Sql, keep: number, limit: number): Promise<string[]> {
    const rows = await sql.rows<{ key: string }>(SQL.OLDEST_ENDED, [keep, limit]);
    return rows.map((row) => row.key);
  },

  /** Jobs with sources of Drover's own whose row says that they have ended, or that are no more. */
  async endedJobsWithSources(sql: Sql, forS: number): Promise<string[]> {
    const rows = await sql.rows<{ job: string }>(SQL.ENDED_JOBS_WITH_SOURCES, [forS]);
    return rows.map((row) => row.job);
  },
};
