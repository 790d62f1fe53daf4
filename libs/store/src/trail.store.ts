import type { TrailEntry } from '@drover/domain';
import type { Sql } from './sql.js';

/** Who changed which job, from where, and what it was afterwards. Only ever added to. */
export const trailStore = {
  async insert(sql: Sql, entries: TrailEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await sql.run(
      `INSERT INTO job_trail (job_id, external_id, change_type, changed_at, changed_by, source, correlation_id, snapshot)
       SELECT job_id, external_id, change_type, changed_at, changed_by, source, correlation_id, snapshot FROM jsonb_to_recordset($1::jsonb)
         AS r(job_id uuid, external_id text, change_type text, changed_at timestamptz, changed_by text, source text, correlation_id text, snapshot jsonb)`,
      [JSON.stringify(entries)],
    );
  },

  /** Oldest first; of too many the newest `limit`. */
  async ofExternalId(sql: Sql, externalId: string, limit: number): Promise<TrailEntry[]> {
    return sql.rows<TrailEntry>(
      `SELECT job_id, external_id, change_type, changed_at, changed_by, source, correlation_id, snapshot FROM
         (SELECT * FROM job_trail WHERE external_id = $1 ORDER BY id DESC LIMIT $2) t ORDER BY id`,
      [externalId, limit],
    );
  },
};
