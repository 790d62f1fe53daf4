import { QueueEntity } from './entities/queue.entity.js';
import type { Sql } from './sql.js';

export type StoredQueue = QueueEntity;

/** Queues that are listed at most. */
const MOST = 10_000;

export const queueStore = {
  /** Pauses a queue, or lets it go on. */
  async setPaused(
    sql: Sql,
    name: string,
    paused: boolean,
    { by = null, reason = null }: { by?: string | null; reason?: string | null } = {},
  ): Promise<void> {
    const said = paused ? { paused_by: by, paused_reason: reason } : { paused_by: null, paused_reason: null };
    const row = { name, paused, paused_at: paused ? new Date() : null, ...said };
    await sql.entities(QueueEntity, (queues) => queues.upsert(row, ['name']));
  },

  /** Makes the queues that are not there yet; leaves the others as they are. */
  async ensure(sql: Sql, names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const rows = names.map((name) => ({ name }));
    await sql.entities(QueueEntity, (queues) =>
      queues.createQueryBuilder().insert().values(rows).orIgnore().updateEntity(false).execute(),
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
