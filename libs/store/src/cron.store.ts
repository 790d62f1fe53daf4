import type { CronSpec } from '@drover/domain';
import type { Sql } from './sql.js';

export const cronStore = {
  /** Jobs that make a child at each tick, with the time of the last tick (or of their acceptance). */
  async parents(sql: Sql): Promise<{ id: string; cron: CronSpec; since: Date }[]> {
    return sql.rows(
      `SELECT id, cron, coalesce(cron_tick_at, created_at) AS since FROM job WHERE cron IS NOT NULL AND state = 'scheduled' ORDER BY id`,
    );
  },

  /** Remembers a tick; an older one changes nothing. */
  async ticked(sql: Sql, id: string, at: Date): Promise<void> {
    await sql.run('UPDATE job SET cron_tick_at = $2 WHERE id = $1 AND (cron_tick_at IS NULL OR cron_tick_at < $2)', [
      id,
      at,
    ]);
  },
};
