import type { Sql } from './sql.js';

/** Which queues are kept for which projects. */
export const queueReservationStore = {
  /** Queue -> its projects, by name. Queues without a reservation are absent. */
  async all(sql: Sql): Promise<Map<string, string[]>> {
    const rows = await sql.rows<{ queue: string; projects: string[] }>(
      'SELECT queue, array_agg(project ORDER BY project) AS projects FROM queue_reservation GROUP BY queue ORDER BY queue',
    );
    return new Map(rows.map((row) => [row.queue, row.projects]));
  },

  async set(sql: Sql, queue: string, projects: string[]): Promise<void> {
    await sql.run('DELETE FROM queue_reservation WHERE queue = $1', [queue]);
    await sql.run(
      'INSERT INTO queue_reservation (queue, project) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING',
      [queue, projects],
    );
  },
};
