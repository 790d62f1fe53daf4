import * as SQL from './job-links.sql.js';
import type { Sql } from './sql.js';

/** Jobs of one id that are looked at: as many projects may have used it. */
const MOST_JOBS = 1_000;

export const externalRefStore = {
  /**
   * Throws unique_violation (23505) when an id is taken in its dialect and project; `project` null: it is one for all
   * projects.
   */
  async insert(
    sql: Sql,
    refs: { dialect: string; external_id: string; job_id: string; project: string | null }[],
  ): Promise<void> {
    if (refs.length === 0) return;
    const rows = refs.map((ref) => ({ ...ref, project: ref.project ?? '' }));
    await sql.run(SQL.INSERT_EXTERNAL_IDS, [JSON.stringify(rows)]);
  },

  /** Jobs that a dialect shows under this id of its own: that of the project named first, then the others, oldest first. */
  async jobsOf(sql: Sql, dialect: string, externalId: string, first: string): Promise<string[]> {
    const rows = await sql.rows<{ job_id: string }>(SQL.JOBS_OF_EXTERNAL_ID, [dialect, externalId, first, MOST_JOBS]);
    return rows.map((row) => row.job_id);
  },

  /** External ids of jobs in one dialect; a job without one is absent. */
  async ofJobs(sql: Sql, dialect: string, jobIds: string[]): Promise<Map<string, string>> {
    if (jobIds.length === 0) return new Map();
    const rows = await sql.rows<{ job_id: string; external_id: string }>(SQL.EXTERNAL_IDS, [dialect, jobIds]);
    return new Map(rows.map((row) => [row.job_id, row.external_id]));
  },
};
