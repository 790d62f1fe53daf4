import type { Sql } from './sql.js';
import * as SQL from './support.sql.js';

/** Facts of the database for a person who helps with an installation: of jobs only counts and names of queues. */
export const supportStore = {
  async server(sql: Sql): Promise<unknown> {
    return sql.rows(SQL.SERVER);
  },

  async tables(sql: Sql): Promise<unknown> {
    return sql.rows(SQL.TABLES);
  },

  async activity(sql: Sql): Promise<unknown> {
    return sql.rows(SQL.ACTIVITY);
  },

  /** Null: the extension pg_stat_statements is not there. */
  async slowStatements(sql: Sql): Promise<unknown> {
    const [counts] = await sql.rows<{ schema: string }>(SQL.COUNTS_STATEMENTS);
    return counts === undefined ? null : sql.rows(SQL.slowStatements(counts.schema));
  },

  async queues(sql: Sql): Promise<unknown> {
    const [[marks], queues] = await Promise.all([sql.rows(SQL.MARKS), sql.rows(SQL.QUEUES)]);
    return { marks, queues };
  },
};
