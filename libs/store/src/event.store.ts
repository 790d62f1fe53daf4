import type { JobEvent } from '@drover/domain';
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

/** `<tx>-<id>`; anything else is the beginning. */
function cursorOf(id: string | undefined): [string, string] {
  const match = /^(\d{1,20})-(\d{1,19})$/.exec(id ?? '');
  return match ? [match[1] as string, match[2] as string] : ['0', '0'];
}

/**
 * A job's row keeps the position of its last event (`job.event_tx`); its next event stands there or behind it. Part of
 * each statement that changes a job, because only the row as it is once its lock is held knows what came before.
 */
export const NEXT_POSITION = 'event_tx = greatest(job.event_tx, pg_current_xact_id())';

/**
 * An event of a job that this transaction has locked. A job that was changed before has its position already; one that
 * only gets an event gets it here. A job that was deleted has none: then it is this transaction.
 */
const INSERT = `WITH r AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(job_id uuid, queue text, type text, at timestamptz, data jsonb)
  ),
  moved AS (
    UPDATE job SET ${NEXT_POSITION} WHERE id = ANY($2::uuid[]) AND event_tx < pg_current_xact_id()
  )
  INSERT INTO event (tx, job_id, queue, type, at, data)
  SELECT greatest(pg_current_xact_id(), (SELECT job.event_tx FROM job WHERE job.id = r.job_id)), job_id, queue, type, coalesce(at, now()), data FROM r`;

/**
 * The oldest transaction still open, but for those named by `foreign`. What is older has ended, and what it wrote is
 * seen.
 */
const horizon = (foreign: string): string => `coalesce(
  (SELECT x FROM pg_snapshot_xip(pg_current_snapshot()) AS x WHERE x <> ALL(${foreign}::text[]::xid8[]) ORDER BY x LIMIT 1),
  pg_snapshot_xmax(pg_current_snapshot()))`;

export const eventStore = {
  /** The jobs must be locked by the caller. */
  async insert(sql: Sql, events: NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    await sql.run(INSERT, [JSON.stringify(events), [...new Set(events.map((event) => event.job_id))]]);
  },

  /**
   * Events after a cursor in the order of delivery. Stops before the oldest transaction still open, so that an event
   * committed late is never skipped: it comes with the next call. `foreign`: open transactions that never write an
   * event (see {@link eventStore.foreign}). (The table's name before `tx`: a bare one in ORDER BY would be the text of
   * the list.)
   */
  async after(
    sql: Sql,
    cursor: string | undefined,
    filter: EventFilter,
    limit: number,
    foreign: string[] = [],
  ): Promise<JobEvent[]> {
    const [tx, id] = cursorOf(cursor);
    const rows = await sql.rows<EventRow>(
      `SELECT id, tx::text AS tx, job_id, queue, type, at, data FROM event
       WHERE (event.tx, event.id) > ($1::xid8, $2::bigint) AND event.tx < ${horizon('$6')}
         AND ($3::uuid IS NULL OR job_id = $3) AND ($4::text IS NULL OR queue = $4)
       ORDER BY event.tx, event.id LIMIT $5`,
      [tx, id, filter.job_id ?? null, filter.queue ?? null, limit, foreign],
    );
    return rows.map(toEvent);
  },

  /**
   * The present moment: everything committed by now is at or before `cursor`, or its id is one of `ahead`. Those wait
   * behind a transaction that is still open, and a follower that wants only news must leave them out when they come.
   */
  async now(sql: Sql, filter: EventFilter, foreign: string[] = []): Promise<{ cursor: string; ahead: string[] }> {
    const [row] = await sql.rows<{ cursor: string | null; ahead: string[] }>(
      `WITH horizon AS MATERIALIZED (SELECT ${horizon('$1')} AS tx)
       SELECT (SELECT event.tx::text || '-' || event.id FROM event WHERE event.tx < (SELECT tx FROM horizon)
           ORDER BY event.tx DESC, event.id DESC LIMIT 1) AS cursor,
         ARRAY(SELECT event.tx::text || '-' || event.id FROM event WHERE event.tx >= (SELECT tx FROM horizon)
           AND ($2::uuid IS NULL OR job_id = $2) AND ($3::text IS NULL OR queue = $3)) AS ahead`,
      [foreign, filter.job_id ?? null, filter.queue ?? null],
    );
    return { cursor: row?.cursor ?? '0-0', ahead: row?.ahead ?? [] };
  },

  /**
   * Open transactions of other databases of the same server. A snapshot counts them as open, too, and events would wait
   * for them, however long they take; but they write none. One whose database is not known any more is left out: it has
   * just ended.
   */
  async foreign(sql: Sql): Promise<string[]> {
    const rows = await sql.rows<{ tx: string }>(
      `SELECT x::text AS tx FROM pg_snapshot_xip(pg_current_snapshot()) AS x
       WHERE x::xid IN (SELECT held.transactionid FROM pg_locks held JOIN pg_stat_activity who ON who.pid = held.pid
         WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock' AND held.granted AND who.datname <> current_database())`,
    );
    return rows.map((row) => row.tx);
  },

  async deleteOlderThan(sql: Sql, days: number): Promise<number> {
    return sql.run(`DELETE FROM event WHERE at < now() - make_interval(days => $1)`, [days]);
  },
};
