import type { CronSpec } from '@drover/domain';
import * as SQL from './job-links.sql.js';
import type { Sql } from './sql.js';

export const cronStore = {
  /** Jobs that make a child at each tick, with the time of the last tick (or of their acceptance). */
  async parents(sql: Sql): Promise<{ id: string; cron: CronSpec; since: Date }[]> {
    return sql.rows(SQL.CRON_PARENTS);
  },

  /** Remembers a tick; an older one changes nothing. */
  async ticked(sql: Sql, id: string, at: Date): Promise<void> {
    await sql.run(SQL.TICKED, [id, at]);
  },
};
