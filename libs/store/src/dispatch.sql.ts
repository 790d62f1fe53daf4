import { isReadySql } from '@drover/domain';

/** Marks among which the queues take turns: all of them would be sorted anew for each page. */
const LOOKED_AT = 5_000;

/** Marks the tickets of $1 (a JSON list) to be sent. */
export const MARK = `INSERT INTO outbox (ticket_id, job_id, queue, priority, due_at)
  SELECT ticket_id, job_id, queue, priority, due_at
  FROM jsonb_to_recordset($1::jsonb) AS r(ticket_id text, job_id uuid, queue text, priority integer, due_at timestamptz)
  ON CONFLICT (ticket_id) DO NOTHING`;

/** The oldest marks, at most $1, made more than $2 ms ago, their queues taking turns; none of the queues $3. */
export const PENDING = `SELECT ticket_id, job_id, queue, priority, due_at
  FROM (
    SELECT *, row_number() OVER (PARTITION BY queue ORDER BY created_at) AS turn
    FROM (
      SELECT *
      FROM outbox
      WHERE created_at <= now() - make_interval(secs => $2::float8 / 1000)
        AND queue <> ALL($3::text[])
      ORDER BY created_at
      LIMIT ${LOOKED_AT}
    ) old
  ) marks
  ORDER BY turn, created_at
  LIMIT $1`;

/** Seconds since the oldest mark was made, of a job ($1, null: any). */
export const OLDEST = `SELECT extract(epoch FROM now() - min(created_at))::float8 AS age
  FROM outbox
  WHERE $1::uuid IS NULL OR job_id = $1::uuid`;

/** Removes the marks of tickets ($1) that are in BullMQ. */
export const CLEAR = `DELETE FROM outbox
  WHERE ticket_id = ANY($1::text[])`;

/**
 * Jobs behind the place $1 that should have a ticket and have not changed for $3 ms, in the order of places, at most
 * $2.
 */
export const EXPECTED = `SELECT j.id || '-' || j.dispatch_seq AS ticket_id, j.id AS job_id, j.queue, j.priority, j.start_at AS due_at, j.seq
  FROM job j
  WHERE j.seq > $1::bigint
    AND j.dispatch = 'ticket'
    AND ${isReadySql('j')}
    AND j.updated_at <= now() - make_interval(secs => $3::float8 / 1000)
  ORDER BY j.seq
  LIMIT $2`;
