import { QueueReservationEntity } from './entities/queue-reservation.entity.js';
import * as SQL from './project.sql.js';
import type { Sql } from './sql.js';

/** Which queues are kept for which projects. */
export const queueReservationStore = {
  /** Queue -> its projects, by name. Queues without a reservation are absent. */
  async all(sql: Sql): Promise<Map<string, string[]>> {
    const rows = await sql.rows<{ queue: string; projects: string[] }>(SQL.RESERVATIONS);
    return new Map(rows.map((row) => [row.queue, row.projects]));
  },

  async set(sql: Sql, queue: string, projects: string[]): Promise<void> {
    await sql.entities(QueueReservationEntity, (reservations) => reservations.delete({ queue }));
    await sql.run(SQL.RESERVE, [queue, projects]);
  },
};
