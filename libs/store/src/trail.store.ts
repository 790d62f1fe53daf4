import type { TrailEntry } from '@drover/domain';
import type { Sql } from './sql.js';
import * as SQL from './trail.sql.js';

/** Entries that say who changed which job, from where, and what it was afterwards. None is changed or removed. */
export const trailStore = {
  /** Adds entries of jobs that exist: their projects are read here. */
  async insert(sql: Sql, entries: TrailEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await sql.run(SQL.INSERT_JOB_TRAIL, [JSON.stringify(entries)]);
  },

  /** The entries of one project, or of all (null), oldest first; of too many the newest `limit`. */
  async ofExternalId(sql: Sql, externalId: string, project: string | null, limit: number): Promise<TrailEntry[]> {
    return sql.rows<TrailEntry>(SQL.JOB_TRAIL, [externalId, project, limit]);
  },
};
