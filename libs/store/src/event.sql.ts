/**
 * A job's row keeps the position of its last event (`job.event_tx`); its next event stands there or behind it. Part of
 * each statement that changes a job, because only the row as it is once its lock is held knows what came before.
 */
export const NEXT_POSITION = 'event_tx = greatest(job.event_tx, pg_current_xact_id())';

/**
 * Writes the events of $1 (a JSON list) about the jobs $2, which this transaction has locked. A job that was changed
 * before has its position already; one that only gets an event gets it here. A job that was deleted has none: then it
 * is this transaction.
 */
export const INSERT = `WITH r AS MATERIALIZED (
    SELECT *
    FROM jsonb_to_recordset($1::jsonb) AS r(job_id uuid, queue text, type text, at timestamptz, data jsonb)
  ),
  moved AS (
    UPDATE job
    SET ${NEXT_POSITION}
    WHERE id = ANY($2::uuid[])
      AND event_tx < pg_current_xact_id()
  )
  INSERT INTO event (tx, job_id, queue, type, at, data)
  SELECT greatest(pg_current_xact_id(), (SELECT job.event_tx FROM job WHERE job.id = r.job_id)),
    job_id, queue, type, coalesce(at, now()), data
  FROM r`;

/**
 * The oldest transaction still open, but for those named by `foreign`. What is older has ended, and what it wrote is
 * seen.
 */
const horizon = (foreign: string): string => `coalesce(
    (SELECT x FROM pg_snapshot_xip(pg_current_snapshot()) AS x WHERE x <> ALL(${foreign}::text[]::xid8[]) ORDER BY x LIMIT 1),
    pg_snapshot_xmax(pg_current_snapshot())
  )`;

/**
 * Events after the position ($1, $2) in the order of delivery, of a job ($3, null: any) or a queue ($4, null: any), at
 * most $5, up to the oldest transaction still open that is not one of $6. (The table's name before `tx`: a bare one in
 * ORDER BY would be the text of the list.)
 */
export const AFTER = `SELECT id, tx::text AS tx, job_id, queue, type, at, data
  FROM event
  WHERE (event.tx, event.id) > ($1::xid8, $2::bigint)
    AND event.tx < ${horizon('$6')}
    AND ($3::uuid IS NULL OR job_id = $3)
    AND ($4::text IS NULL OR queue = $4)
  ORDER BY event.tx, event.id
  LIMIT $5`;

/**
 * The last event before the oldest transaction still open that is not one of $1, and the ids of those behind it, of a
 * job ($2, null: any) or a queue ($3, null: any).
 */
export const NOW = `WITH horizon AS MATERIALIZED (
    SELECT ${horizon('$1')} AS tx
  )
  SELECT
    (
      SELECT event.tx::text || '-' || event.id
      FROM event
      WHERE event.tx < (SELECT tx FROM horizon)
      ORDER BY event.tx DESC, event.id DESC
      LIMIT 1
    ) AS cursor,
    ARRAY(
      SELECT event.tx::text || '-' || event.id
      FROM event
      WHERE event.tx >= (SELECT tx FROM horizon)
        AND ($2::uuid IS NULL OR job_id = $2)
        AND ($3::text IS NULL OR queue = $3)
    ) AS ahead`;

/** Whether the transaction $1 has begun on this server. */
export const HAS_BEGUN = `SELECT $1::xid8 < pg_snapshot_xmax(pg_current_snapshot()) AS begun`;

/** Open transactions of other databases of the same server. */
export const FOREIGN = `SELECT x::text AS tx
  FROM pg_snapshot_xip(pg_current_snapshot()) AS x
  WHERE x::xid IN (
    SELECT held.transactionid
    FROM pg_locks held
    JOIN pg_stat_activity who ON who.pid = held.pid
    WHERE held.locktype = 'transactionid'
      AND held.mode = 'ExclusiveLock'
      AND held.granted
      AND who.datname <> current_database()
  )`;
