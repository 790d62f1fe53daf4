import type { Sql } from './sql.js';

export const externalRefStore = {
  /** Throws unique_violation (23505) when an id is taken in its dialect. */
  async insert(sql: Sql, refs: { dialect: string; external_id: string; job_id: string }[]): Promise<void> {
    if (refs.length === 0) return;
    await sql.run(
      `INSERT INTO external_ref (dialect, external_id, job_id)
       SELECT dialect, external_id, job_id FROM jsonb_to_recordset($1::jsonb) AS r(dialect text, external_id text, job_id uuid)`,
      [JSON.stringify(refs)],
    );
  },

  /** External ids of jobs in one dialect; a job without one is absent. */
  async ofJobs(sql: Sql, dialect: string, jobIds: string[]): Promise<Map<string, string>> {
    if (jobIds.length === 0) return new Map();
    const rows = await sql.rows<{ job_id: string; external_id: string }>(
      'SELECT job_id, external_id FROM external_ref WHERE dialect = $1 AND job_id = ANY($2::uuid[])',
      [dialect, jobIds],
    );
    return new Map(rows.map((row) => [row.job_id, row.external_id]));
  },
};
