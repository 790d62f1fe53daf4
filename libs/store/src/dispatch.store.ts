import * as SQL from './dispatch.sql.js';
import type { Sql } from './sql.js';

/** A dispatch mark: a ticket that is not yet known to be in BullMQ. */
export interface DispatchMark {
  ticket_id: string;
  job_id: string;
  queue: string;
  priority: number;
  due_at: Date | null;
}

export const dispatchStore = {
  /** Marks tickets to be sent, in the transaction that makes their jobs ready. */
  async mark(sql: Sql, tickets: DispatchMark[]): Promise<void> {
    if (tickets.length === 0) return;
    await sql.run(SQL.MARK, [JSON.stringify(tickets)]);
  },

  /** The oldest marks, their queues taking turns; none of the queues `without`. */
  async pending(
    sql: Sql,
    limit: number,
    olderThanMs: number,
    without: readonly string[] = [],
  ): Promise<DispatchMark[]> {
    return sql.rows<DispatchMark>(SQL.PENDING, [limit, olderThanMs, without]);
  },

  /** Seconds since the oldest mark was made, of all or of one job; null when there is none. */
  async oldest(sql: Sql, jobId?: string): Promise<number | null> {
    const [row] = await sql.rows<{ age: number | null }>(SQL.OLDEST, [jobId ?? null]);
    return row?.age ?? null;
  },

  async clear(sql: Sql, ticketIds: string[]): Promise<void> {
    if (ticketIds.length === 0) return;
    await sql.run(SQL.CLEAR, [ticketIds]);
  },

  /** Jobs that should have a ticket in BullMQ and have not changed for a while, a page at a time (keyset over seq). */
  async expected(
    sql: Sql,
    afterSeq: string,
    limit: number,
    unchangedMs: number,
  ): Promise<(DispatchMark & { seq: string })[]> {
    return sql.rows<DispatchMark & { seq: string }>(SQL.EXPECTED, [afterSeq, limit, unchangedMs]);
  },
};
