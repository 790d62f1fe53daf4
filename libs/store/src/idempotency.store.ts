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
    const rows = await sql.rows<IdempotencyRow>(
      'SELECT owner, project, key, body_hash, job_id, job_ids FROM idempotency_key WHERE owner = $1 AND project = $2 AND key = $3',
      [owner, project, key],
    );
    return rows[0] ?? null;
  },

  /**
   * Inserts the keys whose jobs exist by now in this transaction; returns those that won. A concurrent holder of the
   * same key makes this wait for its end.
   */
  async insert(sql: Sql, rows: IdempotencyRow[]): Promise<Set<string>> {
    if (rows.length === 0) return new Set();
    const won = await sql.rows<{ job_id: string }>(
      `INSERT INTO idempotency_key (owner, project, key, body_hash, job_id, job_ids)
       SELECT owner, project, key, body_hash, job_id, job_ids FROM jsonb_to_recordset($1::jsonb)
         AS r(owner text, project text, key text, body_hash text, job_id uuid, job_ids uuid[])
       ORDER BY owner, project, key ON CONFLICT DO NOTHING RETURNING job_id`,
      [JSON.stringify(rows)],
    );
    return new Set(won.map((row) => row.job_id));
  },

  async deleteOlderThan(sql: Sql, hours: number): Promise<number> {
    return sql.run('DELETE FROM idempotency_key WHERE created_at < now() - make_interval(hours => $1)', [hours]);
  },
};
