import type { JobEvent } from '@drover/domain';
import { eventStore, type EventFilter } from './event.store.js';
import type { Sql } from './sql.js';

/** A look for transactions of other databases is made this often at most. */
const LOOK_EVERY_MS = 100;

/**
 * Reads events in the order of delivery. One a process: it knows which open transactions belong to other databases of
 * the same server, so that an application that keeps one open there for an hour does not hold back the events of jobs
 * here.
 */
export class EventReader {
  private foreign: string[] = [];
  private lookedAt = -Infinity;
  private looking: Promise<void> | null = null;

  constructor(private readonly sql: Sql) {}

  /**
   * Events after a cursor (an event's id); without one from the oldest kept. Fewer than `limit`: there are no more at
   * this moment.
   */
  async after(cursor: string | undefined, filter: EventFilter, limit: number): Promise<JobEvent[]> {
    const known = this.foreign;
    const events = await eventStore.after(this.sql, cursor, filter, limit, known);
    if (events.length === limit || performance.now() - this.lookedAt < LOOK_EVERY_MS) return events;
    await this.look();
    return this.foreign.every((tx) => known.includes(tx))
      ? events
      : eventStore.after(this.sql, cursor, filter, limit, this.foreign);
  }

  /**
   * Where a reader begins that wants nothing of what is committed by now: after `cursor`, without the events whose ids
   * are `ahead`.
   */
  async now(filter: EventFilter): Promise<{ cursor: string; ahead: string[] }> {
    await this.look();
    return eventStore.now(this.sql, filter, this.foreign);
  }

  private look(): Promise<void> {
    this.looking ??= eventStore
      .foreign(this.sql)
      .then((found) => {
        this.foreign = found;
        this.lookedAt = performance.now();
      })
      .finally(() => {
        this.looking = null;
      });
    return this.looking;
  }
}
