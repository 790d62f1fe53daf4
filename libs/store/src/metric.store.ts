import type { JobDesc, SourceKind } from '@drover/domain';
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
  /** Another one than before: the source's totals count from 0 again. */
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

const COLUMNS = `key, kind, feeds_main, node, job, live, held_by, incarnation, seq, description, table_id, vals, gone, created_at, updated_at, tx::text AS tx`;

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
      `SELECT look.mark, CASE WHEN row_number() OVER () = 1 THEN look.running END AS running, ${COLUMNS}
       FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS mark,
           (SELECT coalesce(json_agg(r), '[]') FROM (SELECT id, node, attempt, started_at FROM job WHERE state IN ('running','cancelling') ORDER BY started_at, seq LIMIT ${Number(jobs)}) r) AS running
         OFFSET 0) look
       LEFT JOIN metric_source ON ${mark === null ? 'NOT gone' : 'tx >= $1::text::xid8'}`,
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
    const rows = await sql.rows<Row>(
      `SELECT ${COLUMNS} FROM metric_source WHERE key = ANY($1::text[]) AND NOT gone ORDER BY key FOR UPDATE`,
      [keys],
    );
    return new Map(rows.map((row) => [row.key, toSource(row)]));
  },

  /**
   * Makes rows for keys that have none, so that they can be locked: the first writer of a source and the second then
   * see each other.
   */
  async ensure(sql: Sql, keys: string[], tableId: string): Promise<void> {
    if (keys.length === 0) return;
    await sql.run(
      `INSERT INTO metric_source (key, kind, feeds_main, table_id, vals) SELECT k, 'archive', false, $2, '' FROM unnest($1::text[]) AS k ORDER BY k
       ON CONFLICT (key) DO UPDATE SET gone = false, table_id = $2, vals = '', incarnation = '', seq = 0, description = NULL, created_at = now() WHERE metric_source.gone`,
      [keys, tableId],
    );
  },

  /** Sources of clients on agents that are gone. */
  async liveOfLostAgents(sql: Sql): Promise<{ key: string; job: string }[]> {
    return sql.rows(
      `SELECT s.key, s.job FROM metric_source s LEFT JOIN agent a ON a.id::text = s.held_by
       WHERE s.live AND s.kind = 'client' AND s.job IS NOT NULL AND NOT s.gone AND (a.id IS NULL OR a.state = 'offline') LIMIT 1000`,
    );
  },

  /** Nodes whose own metrics stopped coming so long ago. */
  async silentNodes(sql: Sql, forS: number): Promise<string[]> {
    const rows = await sql.rows<{ node: string }>(
      `SELECT node FROM metric_source WHERE kind = 'node' AND NOT gone AND updated_at < now() - make_interval(secs => $1)`,
      [forS],
    );
    return rows.map((row) => row.node);
  },

  async ofNode(sql: Sql, node: string): Promise<StoredSource[]> {
    return (
      await sql.rows<Row>(`SELECT ${COLUMNS} FROM metric_source WHERE node = $1 AND NOT gone ORDER BY key FOR UPDATE`, [
        node,
      ])
    ).map(toSource);
  },

  /** All sources of these jobs, locked. */
  async lockOfJobs(sql: Sql, jobs: string[]): Promise<StoredSource[]> {
    if (jobs.length === 0) return [];
    return (
      await sql.rows<Row>(
        `SELECT ${COLUMNS} FROM metric_source WHERE job = ANY($1::text[]) AND NOT gone ORDER BY key FOR UPDATE`,
        [jobs],
      )
    ).map(toSource);
  },

  async read(sql: Sql, keys: string[]): Promise<StoredSource[]> {
    if (keys.length === 0) return [];
    return (
      await sql.rows<Row>(
        `SELECT ${COLUMNS} FROM metric_source WHERE key = ANY($1::text[]) AND NOT gone ORDER BY key`,
        [keys],
      )
    ).map(toSource);
  },

  async readOfJobs(sql: Sql, jobs: string[]): Promise<StoredSource[]> {
    return (
      await sql.rows<Row>(
        `SELECT ${COLUMNS} FROM metric_source WHERE job = ANY($1::text[]) AND NOT gone ORDER BY key`,
        [jobs],
      )
    ).map(toSource);
  },

  /** Live sources that these agents or targets hold. */
  async liveOf(sql: Sql, holders: string[]): Promise<{ key: string; job: string | null }[]> {
    return sql.rows('SELECT key, job FROM metric_source WHERE held_by = ANY($1::text[]) AND live AND NOT gone', [
      holders,
    ]);
  },

  async held(sql: Sql, holder: string): Promise<StoredSource[]> {
    return (await sql.rows<Row>(`SELECT ${COLUMNS} FROM metric_source WHERE held_by = $1 AND NOT gone`, [holder])).map(
      toSource,
    );
  },

  /** Inserts or replaces. One statement. */
  async put(sql: Sql, sources: NewSource[]): Promise<void> {
    if (sources.length === 0) return;
    const facts = sources.map(({ vals: _, ...facts }) => facts);
    await sql.run(
      `INSERT INTO metric_source (key, kind, feeds_main, node, job, live, held_by, incarnation, seq, description, table_id, vals)
       SELECT r.key, r.kind, r.feeds_main, r.node, r.job, r.live, r.held_by, r.incarnation, r.seq, r.description, r.table_id, v.vals
       FROM (SELECT row_number() OVER () AS n, f.* FROM jsonb_to_recordset($1::jsonb) AS f(key text, kind text, feeds_main boolean, node text, job text,
         live boolean, held_by text, incarnation text, seq bigint, description jsonb, table_id text)) r
       JOIN unnest($2::bytea[]) WITH ORDINALITY AS v(vals, n) ON v.n = r.n ORDER BY r.key
       ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, feeds_main = excluded.feeds_main, node = excluded.node, job = excluded.job, live = excluded.live,
         held_by = excluded.held_by, incarnation = excluded.incarnation, seq = excluded.seq, description = excluded.description, table_id = excluded.table_id,
         vals = excluded.vals, gone = false, updated_at = now(), tx = pg_current_xact_id(),
         created_at = CASE WHEN metric_source.gone THEN now() ELSE metric_source.created_at END`,
      [JSON.stringify(facts), sources.map((source) => toBytes(source.vals))],
    );
  },

  /** New values of sources that are otherwise as they were: the common case, once a second a source. */
  async putValues(sql: Sql, sources: { key: string; seq: number; vals: Float64Array }[]): Promise<void> {
    if (sources.length === 0) return;
    await sql.run(
      `UPDATE metric_source SET vals = r.vals, seq = r.seq, updated_at = now(), tx = pg_current_xact_id()
       FROM unnest($1::text[], $2::bigint[], $3::bytea[]) AS r(key, seq, vals) WHERE metric_source.key = r.key`,
      [sources.map((s) => s.key), sources.map((s) => s.seq), sources.map((s) => toBytes(s.vals))],
    );
  },

  async setLive(sql: Sql, keys: string[], live: boolean): Promise<void> {
    if (keys.length === 0) return;
    await sql.run('UPDATE metric_source SET live = $2, tx = pg_current_xact_id() WHERE key = ANY($1::text[])', [
      keys,
      live,
    ]);
  },

  /** Readers are told first; the rows go later (`purge`). */
  async remove(sql: Sql, keys: string[]): Promise<void> {
    if (keys.length === 0) return;
    await sql.run(
      `UPDATE metric_source SET gone = true, live = false, job = NULL, held_by = NULL, vals = '', updated_at = now(), tx = pg_current_xact_id() WHERE key = ANY($1::text[])`,
      [keys],
    );
  },

  /** Deletes what is gone for longer than every reader keeps a mark, and lists of series that nobody uses. */
  async purge(sql: Sql, goneForS: number): Promise<void> {
    await sql.run('DELETE FROM metric_source WHERE gone AND updated_at < now() - make_interval(secs => $1)', [
      goneForS,
    ]);
    await sql.run(
      `DELETE FROM metric_table t WHERE created_at < now() - interval '10 minutes' AND NOT EXISTS (SELECT 1 FROM metric_source s WHERE s.table_id = t.id)`,
    );
  },

  async tables(sql: Sql, ids: string[]): Promise<{ id: string; defs: unknown }[]> {
    if (ids.length === 0) return [];
    return sql.rows('SELECT id, defs FROM metric_table WHERE id = ANY($1::text[])', [ids]);
  },

  async putTables(sql: Sql, tables: { id: string; defs: unknown }[]): Promise<void> {
    if (tables.length === 0) return;
    // A table that is used again is as good as new: the purge leaves it alone.
    await sql.run(
      `INSERT INTO metric_table (id, defs) SELECT id, defs FROM jsonb_to_recordset($1::jsonb) AS r(id text, defs jsonb) ORDER BY id
       ON CONFLICT (id) DO UPDATE SET created_at = now() WHERE metric_table.created_at < now() - interval '5 minutes'`,
      [JSON.stringify(tables)],
    );
  },

  /** The oldest of the ended ones beyond `keep`. */
  async oldestEnded(sql: Sql, keep: number, limit: number): Promise<string[]> {
    const rows = await sql.rows<{ key: string }>(
      `SELECT key FROM metric_source WHERE kind = 'ended' AND NOT gone ORDER BY updated_at DESC, key OFFSET $1 LIMIT $2`,
      [keep, limit],
    );
    return rows.map((row) => row.key);
  },

  /** Jobs with sources of Drover's own whose row says that they have ended, or that are no more. */
  async endedJobsWithSources(sql: Sql, forS: number): Promise<string[]> {
    const rows = await sql.rows<{ job: string }>(
      `SELECT DISTINCT s.job FROM metric_source s
       LEFT JOIN job j ON j.id = CASE WHEN s.job ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN s.job::uuid END
       WHERE s.job IS NOT NULL AND NOT s.gone AND NOT s.live AND s.kind IN ('client', 'execution')
         AND (j.id IS NULL OR (j.state IN ('succeeded','failed','cancelled','expired') AND j.finished_at < now() - make_interval(secs => $1)))
         AND NOT EXISTS (SELECT 1 FROM metric_source o WHERE o.job = s.job AND o.live AND NOT o.gone)
       LIMIT 1000`,
      [forS],
    );
    return rows.map((row) => row.job);
  },
};
