import { isReadySql } from '@drover/domain';
import type { Sql } from './sql.js';

/** A dispatch mark: a ticket that is not yet known to be in BullMQ. */
export interface DispatchMark {
  ticket_id: string;
  job_id: string;
  queue: string;
  priority: number;
  due_at: Date | null;
}

/** Marks among which the queues take turns: all of them would be sorted anew for each page. */
const LOOKED_AT = 5_000;

export const dispatchStore = {
  /** Marks tickets to be sent, in the transaction that makes their jobs ready. */
  async mark(sql: Sql, tickets: DispatchMark[]): Promise<void> {
    if (tickets.length === 0) return;
    await sql.run(
      `INSERT INTO outbox (ticket_id, job_id, queue, priority, due_at)
       SELECT ticket_id, job_id, queue, priority, due_at FROM jsonb_to_recordset($1::jsonb)
         AS r(ticket_id text, job_id uuid, queue text, priority integer, due_at timestamptz)
       ON CONFLICT (ticket_id) DO NOTHING`,
      [JSON.stringify(tickets)],
    );
  },

  /** The oldest marks, their queues taking turns; none of the queues `without`. */
  async pending(
    sql: Sql,
    limit: number,
    olderThanMs: number,
    without: readonly string[] = [],
  ): Promise<DispatchMark[]> {
    return sql.rows<DispatchMark>(
      `SELECT ticket_id, job_id, queue, priority, due_at FROM (
         SELECT *, row_number() OVER (PARTITION BY queue ORDER BY created_at) AS turn FROM (
           SELECT * FROM outbox WHERE created_at <= now() - make_interval(secs => $2::float8 / 1000) AND queue <> ALL($3::text[])
            ORDER BY created_at LIMIT ${LOOKED_AT}) old) marks
       ORDER BY turn, created_at LIMIT $1`,
      [limit, olderThanMs, without],
    );
  },

  /** Seconds since the oldest mark was made, of all or of one job; null when there is none. */
  async oldest(sql: Sql, jobId?: string): Promise<number | null> {
    const [row] = await sql.rows<{ age: number | null }>(
      'SELECT extract(epoch FROM now() - min(created_at))::float8 AS age FROM outbox WHERE $1::uuid IS NULL OR job_id = $1::uuid',
      [jobId ?? null],
    );
    return row?.age ?? null;
  },

  async clear(sql: Sql, ticketIds: string[]): Promise<void> {
    if (ticketIds.length === 0) return;
    await sql.run('DELETE FROM outbox WHERE ticket_id = ANY($1::text[])', [ticketIds]);
  },

  /** Jobs that should have a ticket in BullMQ and have not changed for a while, a page at a time (keyset over seq). */
  async expected(
    sql: Sql,
    afterSeq: string,
    limit: number,
    unchangedMs: number,
  ): Promise<(DispatchMark & { seq: string })[]> {
    return sql.rows<DispatchMark & { seq: string }>(
      `SELECT j.id || '-' || j.dispatch_seq AS ticket_id, j.id AS job_id, j.queue, j.priority, j.start_at AS due_at, j.seq
       FROM job j
       WHERE j.seq > $1::bigint AND j.dispatch = 'ticket' AND ${isReadySql('j')}
         AND j.updated_at <= now() - make_interval(secs => $3::float8 / 1000)
       ORDER BY j.seq LIMIT $2`,
      [afterSeq, limit, unchangedMs],
    );
  },
};
