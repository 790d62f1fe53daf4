import type { JobEvent } from '@drover/domain';
import * as SQL from './event.sql.js';
import type { Sql } from './sql.js';

export type NewEvent = Omit<JobEvent, 'id' | 'at'> & { at?: Date };

export interface EventFilter {
  job_id?: string;
  queue?: string;
}

interface EventRow {
  id: string;
  tx: string;
  job_id: string;
  queue: string;
  type: string;
  at: Date;
  data: Record<string, unknown>;
}

const toEvent = (row: EventRow): JobEvent => ({
  id: `${row.tx}-${row.id}`,
  job_id: row.job_id,
  queue: row.queue,
  type: row.type,
  at: row.at,
  data: row.data,
});

/** `<tx>-<id>`, and what may follow it; anything else is the beginning. */
function cursorOf(id: string | undefined): [string, string] {
  const match = /^(\d{1,20})-(\d{1,19})(?:-|$)/.exec(id ?? '');
  return match ? [match[1] as string, match[2] as string] : ['0', '0'];
}

/** The setting with the name of this record's life, as {@link EventReader} puts it behind the ids of events. */
export const RECORD_LIFE = 'record_life';

export const eventStore = {
  /** The jobs must be locked by the caller. */
  async insert(sql: Sql, events: NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    await sql.run(SQL.INSERT, [JSON.stringify(events), [...new Set(events.map((event) => event.job_id))]]);
  },

  /**
   * Events after a cursor in the order of delivery. Stops before the oldest transaction still open, so that an event
   * committed late is never skipped: it comes with the next call. `foreign`: open transactions that never write an
   * event (see {@link eventStore.foreign}).
   */
  async after(
    sql: Sql,
    cursor: string | undefined,
    filter: EventFilter,
    limit: number,
    foreign: string[] = [],
  ): Promise<JobEvent[]> {
    const [tx, id] = cursorOf(cursor);
    const rows = await sql.rows<EventRow>(SQL.AFTER, [
      tx,
      id,
      filter.job_id ?? null,
      filter.queue ?? null,
      limit,
      foreign,
    ]);
    return rows.map(toEvent);
  },

  /**
   * The present moment: everything committed by now is at or before `cursor`, or its id is one of `ahead`. Those wait
   * behind a transaction that is still open, and a follower that wants only news must leave them out when they come.
   */
  async now(sql: Sql, filter: EventFilter, foreign: string[] = []): Promise<{ cursor: string; ahead: string[] }> {
    const [row] = await sql.rows<{ cursor: string | null; ahead: string[] }>(SQL.NOW, [
      foreign,
      filter.job_id ?? null,
      filter.queue ?? null,
    ]);
    return { cursor: row?.cursor ?? '0-0', ahead: row?.ahead ?? [] };
  },

  /** Whether there can be an event at this cursor: its transaction has begun. */
  async hasBegun(sql: Sql, cursor: string): Promise<boolean> {
    return (await sql.rows<{ begun: boolean }>(SQL.HAS_BEGUN, [cursorOf(cursor)[0]]))[0]?.begun ?? false;
  },

  /**
   * Open transactions of other databases of the same server. A snapshot counts them as open, too, and events would wait
   * for them, however long they take; but they write none. One whose database is not known any more is left out: it has
   * just ended.
   */
  async foreign(sql: Sql): Promise<string[]> {
    const rows = await sql.rows<{ tx: string }>(SQL.FOREIGN);
    return rows.map((row) => row.tx);
  },
};
