import type { TrailEntry } from '@drover/domain';
import type { Sql } from './sql.js';

/** Entries that say who changed which job, from where, and what it was afterwards. None is changed or removed. */
export const trailStore = {
  /** Adds entries of jobs that exist: their projects are read here. */
  async insert(sql: Sql, entries: TrailEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await sql.run(
      `INSERT INTO job_trail (job_id, external_id, change_type, changed_at, changed_by, source, correlation_id, snapshot, project)
       SELECT r.job_id, external_id, change_type, changed_at, changed_by, r.source, correlation_id, snapshot, j.project FROM jsonb_to_recordset($1::jsonb)
         AS r(job_id uuid, external_id text, change_type text, changed_at timestamptz, changed_by text, source text, correlation_id text, snapshot jsonb)
         LEFT JOIN job j ON j.id = r.job_id`,
      [JSON.stringify(entries)],
    );
  },

  /** The entries of one project, or of all (null), oldest first; of too many the newest `limit`. */
  async ofExternalId(sql: Sql, externalId: string, project: string | null, limit: number): Promise<TrailEntry[]> {
    return sql.rows<TrailEntry>(
      `SELECT job_id, external_id, change_type, changed_at, changed_by, source, correlation_id, snapshot FROM
         (SELECT * FROM job_trail WHERE external_id = $1 AND ($2::text IS NULL OR project = $2) ORDER BY id DESC LIMIT $3) t ORDER BY id`,
      [externalId, project, limit],
    );
  },
};
