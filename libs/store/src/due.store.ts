import * as SQL from './due.sql.js';
import type { Sql } from './sql.js';

/** Conditions of the record under which periodic work has something to do. */
export const DUE = {
  jobs: SQL.JOBS_OF_TIME,
  deliveries: SQL.DELIVERIES,
  placement: SQL.PLACEMENT,
  dispatchMarks: SQL.DISPATCH_MARKS,
  sourcesOfJobs: SQL.SOURCES_OF_JOBS,
  scrapes: SQL.SCRAPES,
  alarms: SQL.ALARMS,
  bulkActions: SQL.BULK_ACTIONS,
} as const;

export const dueStore = {
  /** Whether each of these conditions holds, by one statement. They are expressions of SQL without parameters. */
  async holding(sql: Sql, conditions: readonly string[]): Promise<boolean[]> {
    const [row] = await sql.rows<{ holding: boolean[] }>(SQL.holding(conditions));
    return row?.holding ?? [];
  },
};
