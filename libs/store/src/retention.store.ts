import * as SQL from './retention.sql.js';
import type { Sql } from './sql.js';

/** How long something is kept, in seconds, and which queues differ. 0: for ever. */
export interface KeptFor {
  readonly seconds: number;
  readonly queues: Readonly<Record<string, number>>;
}

/** The jobs of one look, by what of them has had its time. */
export interface OldJobs {
  /** Place of the last job that was looked at; null: there were none. */
  last: string | null;
  /** Seconds since it was made. */
  age_s: number | null;
  /** How many jobs were looked at. */
  n: number;
  jobs: string[];
  logs: string[];
  executions: string[];
  artifacts: string[];
}

/** One look at rows in the order of their making. */
export interface Forgotten {
  last: string | null;
  age_s: number | null;
  n: number;
  gone: number;
}

const of = ({ seconds, queues }: KeptFor): [number, string[], number[]] => [
  seconds,
  Object.keys(queues),
  Object.values(queues),
];

/** Deletes what has had its time. Each call is one small step; the caller goes on behind `last`. */
export const retentionStore = {
  async lookAtJobs(
    sql: Sql,
    after: string,
    limit: number,
    kept: { jobs: KeptFor; logs: KeptFor; executions: KeptFor; artifacts: KeptFor },
  ): Promise<OldJobs> {
    const times = [kept.jobs, kept.logs, kept.executions, kept.artifacts].flatMap(of);
    type Row = { [K in keyof OldJobs]: OldJobs[K] | null };
    const [row] = await sql.rows<Row>(SQL.LOOK_AT_JOBS, [after, limit, ...times]);
    return {
      last: row?.last ?? null,
      age_s: row?.age_s ?? null,
      n: row?.n ?? 0,
      jobs: row?.jobs ?? [],
      logs: row?.logs ?? [],
      executions: row?.executions ?? [],
      artifacts: row?.artifacts ?? [],
    };
  },

  /** Deletes those of these jobs that nothing needs, with all that belongs to them. Call it in a transaction. */
  async dropJobs(sql: Sql, ids: string[]): Promise<string[]> {
    const locked = await sql.rows<{ id: string; created_at: Date }>(SQL.LOCK_UNNEEDED, [ids]);
    if (locked.length === 0) return [];
    const gone = locked.map(({ id }) => id);
    await sql.run(SQL.DROP_ARTIFACTS, [gone]);
    await sql.run(SQL.DROP_SAMPLES, [gone, new Date(Math.min(...locked.map((job) => job.created_at.getTime())))]);
    await sql.run(SQL.DROP_JOBS, [gone]);
    return gone;
  },

  /** Deletes the output of these jobs, and leaves them. Call it in a transaction. */
  async dropLogs(sql: Sql, ids: string[]): Promise<number> {
    const locked = await lockEnded(sql, ids);
    if (locked.length === 0) return 0;
    await sql.run(SQL.DROP_CHUNKS, [locked]);
    return sql.run(SQL.EMPTY_LOGS, [locked]);
  },

  /** Deletes earlier executions of these jobs. Call it in a transaction. */
  async dropExecutions(sql: Sql, ids: string[], kept: KeptFor): Promise<number> {
    const locked = await lockEnded(sql, ids);
    if (locked.length === 0) return 0;
    await sql.run(SQL.EMPTY_EARLIER, [locked, ...of(kept)]);
    return sql.run(SQL.DROP_EXECUTIONS, [locked, ...of(kept)]);
  },

  /** Deletes the artifacts of these jobs. Their files are garbage then. Call it in a transaction. */
  async dropArtifacts(sql: Sql, ids: string[]): Promise<number> {
    const locked = await lockEnded(sql, ids);
    return locked.length === 0 ? 0 : sql.run(SQL.DROP_ARTIFACTS, [locked]);
  },

  async garbage(sql: Sql, limit: number): Promise<string[]> {
    return (await sql.rows<{ blob_key: string }>(SQL.GARBAGE, [limit])).map((row) => row.blob_key);
  },

  async collected(sql: Sql, keys: string[]): Promise<void> {
    await sql.run(SQL.COLLECTED, [keys]);
  },

  async forgetEvents(sql: Sql, after: string, limit: number, kept: KeptFor): Promise<Forgotten> {
    const [tx = '0', id = '0'] = after.split('-');
    const [row] = await sql.rows<Forgotten>(SQL.FORGET_EVENTS, [tx, id, limit, ...of(kept)]);
    return row as Forgotten;
  },

  async forgetAudit(sql: Sql, after: string, limit: number, seconds: number): Promise<Forgotten> {
    const [row] = await sql.rows<Forgotten>(SQL.FORGET_AUDIT, [after, limit, seconds]);
    return row as Forgotten;
  },

  async forgetJobTrails(sql: Sql, after: string, limit: number, seconds: number): Promise<Forgotten> {
    const [row] = await sql.rows<Forgotten>(SQL.FORGET_JOB_TRAIL, [after, limit, seconds]);
    return row as Forgotten;
  },

  async forgetProfiles(sql: Sql, after: string, limit: number, kept: KeptFor): Promise<Forgotten> {
    const [row] = await sql.rows<Forgotten>(SQL.FORGET_PROFILES, [after, limit, ...of(kept)]);
    return row as Forgotten;
  },

  async forgetKeys(sql: Sql, hours: number, limit: number): Promise<number> {
    return sql.run(SQL.FORGET_KEYS, [hours, limit]);
  },
};

async function lockEnded(sql: Sql, ids: string[]): Promise<string[]> {
  return (await sql.rows<{ id: string }>(SQL.LOCK_ENDED, [ids])).map((row) => row.id);
}
