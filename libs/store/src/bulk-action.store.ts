import * as SQL from './bulk-action.sql.js';
import type { BulkActionEntity } from './entities/bulk-action.entity.js';
import type { Sql } from './sql.js';

export type StoredBulkAction = BulkActionEntity;

export type NewBulkAction = Pick<
  StoredBulkAction,
  | 'id'
  | 'project'
  | 'owner'
  | 'asker'
  | 'action'
  | 'options'
  | 'filter'
  | 'ids'
  | 'matched'
  | 'matched_exact'
  | 'key'
  | 'body_hash'
>;

const first = async (rows: Promise<StoredBulkAction[]>): Promise<StoredBulkAction | null> => (await rows)[0] ?? null;

export const bulkActionStore = {
  /** Null: its key is taken. */
  async insert(sql: Sql, row: NewBulkAction): Promise<StoredBulkAction | null> {
    return first(sql.rows(SQL.INSERT, [JSON.stringify(row)]));
  },

  async byKey(sql: Sql, owner: string, project: string, key: string): Promise<StoredBulkAction | null> {
    return first(sql.rows(SQL.BY_KEY, [owner, project, key]));
  },

  async get(sql: Sql, id: string): Promise<StoredBulkAction | null> {
    return first(sql.rows(SQL.BY_ID, [id]));
  },

  /** Newest first. */
  async list(sql: Sql, project: string | null, limit: number, cursor?: string): Promise<StoredBulkAction[]> {
    return sql.rows(SQL.LIST, [project, limit, cursor ?? null]);
  },

  async running(sql: Sql, project: string): Promise<number> {
    const [row] = await sql.rows<{ n: number }>(SQL.RUNNING, [project]);
    return row?.n ?? 0;
  },

  /** Takes the next one that nobody works on. Null: there is none. */
  async take(sql: Sql, lease: string, seconds: number): Promise<StoredBulkAction | null> {
    return first(sql.rows(SQL.TAKE, [lease, seconds]));
  },

  /** Notes a batch. Null: the lease is over and others work on it. */
  async note(
    sql: Sql,
    { id, lease }: { id: string; lease: string },
    batch: { place: string; done: number; passed: number; skipped: StoredBulkAction['skipped'] },
    seconds: number,
  ): Promise<StoredBulkAction | null> {
    const { place, done, passed, skipped } = batch;
    return first(sql.rows(SQL.NOTE, [id, lease, place, done, passed, JSON.stringify(skipped), seconds]));
  },

  /** Null: it had ended already. */
  async end(
    sql: Sql,
    id: string,
    state: StoredBulkAction['state'],
    problem: string | null = null,
  ): Promise<StoredBulkAction | null> {
    return first(sql.rows(SQL.END, [id, state, problem]));
  },

  async letGo(sql: Sql, id: string, lease: string): Promise<void> {
    await sql.run(SQL.LET_GO, [id, lease]);
  },

  async steps(sql: Sql, id: string): Promise<Set<string>> {
    const rows = await sql.rows<{ job_id: string }>(SQL.STEPS, [id]);
    return new Set(rows.map((row) => row.job_id));
  },

  /** Call it in the transaction of the change. Throws unique_violation (23505) when the job was changed already. */
  async step(sql: Sql, id: string, jobId: string): Promise<void> {
    await sql.run(SQL.STEP, [id, jobId]);
  },

  async forget(sql: Sql, seconds: number, limit: number): Promise<number> {
    return sql.run(SQL.FORGET, [seconds, limit]);
  },
};
