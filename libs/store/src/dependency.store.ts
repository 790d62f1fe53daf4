import type { JobState } from '@drover/domain';
import * as SQL from './job-links.sql.js';
import type { Sql } from './sql.js';

export const dependencyStore = {
  /** States of the jobs somebody wants to wait for; locked against ending until this transaction is through. */
  async statesForShare(sql: Sql, ids: string[]): Promise<Map<string, JobState>> {
    const rows = await sql.rows<{ id: string; state: JobState }>(SQL.STATES_FOR_SHARE, [ids]);
    return new Map(rows.map((row) => [row.id, row.state]));
  },

  async states(sql: Sql, ids: string[]): Promise<Map<string, JobState>> {
    if (ids.length === 0) return new Map();
    const rows = await sql.rows<{ id: string; state: JobState }>(SQL.STATES, [ids]);
    return new Map(rows.map((row) => [row.id, row.state]));
  },

  async insert(sql: Sql, pairs: { job_id: string; depends_on: string }[]): Promise<void> {
    if (pairs.length === 0) return;
    await sql.run(SQL.INSERT_DEPENDENCIES, [pairs.map((p) => p.job_id), pairs.map((p) => p.depends_on)]);
  },

  /** Waiting jobs that depend on any of these, with how many of them each waits for. */
  async dependents(sql: Sql, ids: string[]): Promise<{ job_id: string; depends_on: string }[]> {
    if (ids.length === 0) return [];
    return sql.rows(SQL.DEPENDENTS, [ids]);
  },
};
