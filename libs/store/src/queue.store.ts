import { QueueEntity } from './entities/queue.entity.js';
import type { Sql } from './sql.js';

export type StoredQueue = QueueEntity;

/** Queues that are listed at most. */
const MOST = 10_000;

export const queueStore = {
  async setPaused(sql: Sql, name: string, paused: boolean): Promise<void> {
    await sql.run(
      'INSERT INTO queue (name, paused) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET paused = excluded.paused',
      [name, paused],
    );
  },

  /** Makes the queues that are not there yet; leaves the others as they are. */
  async ensure(sql: Sql, names: readonly string[]): Promise<void> {
    await sql.run('INSERT INTO queue (name) SELECT unnest($1::text[]) ON CONFLICT (name) DO NOTHING', [names]);
  },

  async merge(sql: Sql, name: string, payload: Record<string, unknown>): Promise<void> {
    await sql.run(
      'INSERT INTO queue (name, payload) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET payload = queue.payload || excluded.payload',
      [name, JSON.stringify(payload)],
    );
  },

  async get(sql: Sql, name: string): Promise<StoredQueue | null> {
    return sql.entities(QueueEntity, (queues) => queues.findOneBy({ name }));
  },

  /** By name. */
  async list(sql: Sql): Promise<StoredQueue[]> {
    return sql.entities(QueueEntity, (queues) => queues.find({ order: { name: 'ASC' }, take: MOST }));
  },
};
