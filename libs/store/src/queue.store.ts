import type { Sql } from './sql.js';

export interface StoredQueue {
  name: string;
  paused: boolean;
  payload: Record<string, unknown>;
  created_at: Date;
}

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
    return (
      (await sql.rows<StoredQueue>('SELECT name, paused, payload, created_at FROM queue WHERE name = $1', [name]))[0] ??
      null
    );
  },

  async list(sql: Sql): Promise<StoredQueue[]> {
    return sql.rows<StoredQueue>('SELECT name, paused, payload, created_at FROM queue ORDER BY name LIMIT 10000');
  },
};
