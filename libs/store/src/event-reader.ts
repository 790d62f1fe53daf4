import type { JobEvent } from '@drover/domain';
import { eventStore, RECORD_LIFE, type EventFilter } from './event.store.js';
import { settingStore } from './setting.store.js';
import type { Sql } from './sql.js';

/** A look for transactions of other databases is made this often at most. */
const LOOK_EVERY_MS = 100;

/** The position before every event, whatever the record went through. */
const OLDEST_EVENT = '0-0';

/**
 * Reads events in the order of delivery. One a process: it knows which open transactions belong to other databases of
 * the same server, so that an application that keeps one open there for an hour does not hold back the events of jobs
 * here.
 *
 * The ids of events are positions in one record. A record that was restored begins a new life: transactions count anew,
 * and positions of before mean nothing. So their ids end with the name of that life.
 */
export class EventReader {
  private foreign: string[] = [];
  private lookedAt = -Infinity;
  private looking: Promise<void> | null = null;
  /** The end of the ids of events. Nobody restores a record that is served. */
  private ending: Promise<string> | null = null;

  constructor(private readonly sql: Sql) {}

  /**
   * Events after a cursor (an event's id); without one from the oldest kept. Fewer than `limit`: there are no more at
   * this moment.
   */
  async after(cursor: string | undefined, filter: EventFilter, limit: number): Promise<JobEvent[]> {
    const known = this.foreign;
    const ending = await this.life();
    const named = (events: JobEvent[]): JobEvent[] => {
      if (ending !== '') for (const event of events) event.id += ending;
      return events;
    };
    const events = await eventStore.after(this.sql, cursor, filter, limit, known);
    if (events.length === limit || performance.now() - this.lookedAt < LOOK_EVERY_MS) return named(events);
    await this.look();
    return named(
      this.foreign.every((tx) => known.includes(tx))
        ? events
        : await eventStore.after(this.sql, cursor, filter, limit, this.foreign),
    );
  }

  /**
   * Where a reader begins that wants nothing of what is committed by now: after `cursor`, without the events whose ids
   * are `ahead`.
   */
  async now(filter: EventFilter): Promise<{ cursor: string; ahead: string[] }> {
    await this.look();
    const ending = await this.life();
    const { cursor, ahead } = await eventStore.now(this.sql, filter, this.foreign);
    return { cursor: cursor === OLDEST_EVENT ? cursor : cursor + ending, ahead: ahead.map((id) => id + ending) };
  }

  /**
   * Whether a cursor is a position in this record as it is: not one of before it was restored, nor one that was not
   * reached yet, as after a recovery to an earlier moment. A reader with another one would hear nothing for long, or
   * not all: it has to begin anew.
   */
  async isOurs(cursor: string): Promise<boolean> {
    if (cursor === OLDEST_EVENT) return true;
    const own = /^\d+-\d+(.*)$/.exec(cursor)?.[1];
    return own === (await this.life()) && (await eventStore.hasBegun(this.sql, cursor));
  }

  private life(): Promise<string> {
    this.ending ??= settingStore.get<string>(this.sql, RECORD_LIFE).then(
      (life) => (life === null ? '' : `-${life}`),
      (error: unknown) => {
        this.ending = null;
        throw error;
      },
    );
    return this.ending;
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
