import * as SQL from './job-links.sql.js';
import type { Sql } from './sql.js';

export interface IdempotencyRow {
  owner: string;
  /** A client that moves to another project begins with no keys there. */
  project: string;
  key: string;
  body_hash: string;
  job_id: string;
  /** All jobs of a batch, in order; `job_id` is the first of them. Null for a single job. */
  job_ids: string[] | null;
}

export const idempotencyStore = {
  async find(
    sql: Sql,
    { owner, project }: Pick<IdempotencyRow, 'owner' | 'project'>,
    key: string,
  ): Promise<IdempotencyRow | null> {
    const rows = await sql.rows<IdempotencyRow>(SQL.IDEMPOTENCY_KEY, [owner, project, key]);
    return rows[0] ?? null;
  },

  /**
   * Inserts the keys whose jobs exist by now in this transaction; returns those that won. A concurrent holder of the
   * same key makes this wait for its end.
   */
  async insert(sql: Sql, rows: IdempotencyRow[]): Promise<Set<string>> {
    if (rows.length === 0) return new Set();
    const won = await sql.rows<{ job_id: string }>(SQL.INSERT_IDEMPOTENCY_KEYS, [JSON.stringify(rows)]);
    return new Set(won.map((row) => row.job_id));
  },
};
