import { isReadySql, mayStartSql } from '@drover/domain';
import { claimHooks } from './delivery.sql.js';
import { NEXT_POSITION } from './event.sql.js';
import { PUSHED } from './execution.sql.js';
import { OPEN_JOBS } from './filed.sql.js';
import { JOB_COLUMNS, jobColumns, NEW_JOB_COLUMNS, SENT_TYPES } from './job.columns.js';
import { notRevoked } from './node.sql.js';

const SENT_JOBS = `r AS MATERIALIZED (
    SELECT *
    FROM jsonb_to_recordset($1::jsonb) AS r(${SENT_TYPES})
  )`;
const AUDITED_JOBS = `audited AS (
    INSERT INTO audit (actor, role, address, action, kind, object_id, project, after)
    SELECT actor, actor_role, address, 'job.submit', 'job', id::text, project,
      jsonb_build_object('queue', queue, 'name', name, 'owner', owner, 'dialect', dialect)
    FROM r
    WHERE actor IS NOT NULL
  )`;
const FIRST_EVENT = `pg_current_xact_id() AS tx, id AS job_id, queue, 'job.' || state AS type, created_at AS at,
      jsonb_strip_nulls(jsonb_build_object('state', state, 'dialect', dialect, 'cause', cause)) AS data`;

/**
 * Takes the new jobs of $1 (a JSON list) in, with their dispatch marks, their first events and who asked for them. One
 * statement: the record is asked once instead of six times.
 */
export const ACCEPT = `WITH ${SENT_JOBS},
  marked AS (
    INSERT INTO outbox (ticket_id, job_id, queue, priority, due_at)
    SELECT ticket_id, id, queue, priority, start_at
    FROM r
    WHERE ticket_id IS NOT NULL
    ON CONFLICT (ticket_id) DO NOTHING
  ),
  told AS (
    INSERT INTO event (tx, job_id, queue, type, at, data)
    SELECT ${FIRST_EVENT}
    FROM r
  ),
  ${AUDITED_JOBS}
  INSERT INTO job (${NEW_JOB_COLUMNS}, updated_at)
  SELECT ${NEW_JOB_COLUMNS}, now()
  FROM r`;

const IS_PAUSED = (queue: string): string => `EXISTS (SELECT 1 FROM queue q WHERE q.name = ${queue} AND q.paused)`;

/** Columns of a new job that are others when it starts at once, as SQL over `r` and the node `s` it starts on. */
const AT_ITS_START: Record<string, string> = { state: `'claimed'`, node: 's.node' };

/** A job whose time has come is made `queued` by the sweep, each second; one that still is not needs something else. */
const SWEPT_WITHIN_S = 10;

/**
 * The same where nodes have said that they have free slots: $2 names jobs, $3 the execution of each, and $4 the agent
 * it is to start on. Such a job starts in this statement, unless its queue is paused, another job waits there, or the
 * agent takes no work, serves the queue no more or keeps slots for jobs with demands. Returns the jobs that start. All
 * others get their tickets.
 *
 * A job that waits for a time that has come is among those that wait.
 */
export const ACCEPT_AND_START = `WITH ${SENT_JOBS},
  wanted AS MATERIALIZED (
    SELECT *
    FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS w(job_id, execution_id, agent_id)
  ),
  gate AS MATERIALIZED (
    SELECT id, name, boot_id, queues
    FROM agent
    WHERE id = ANY($4::uuid[])
      AND kind = 'worker'
      AND state = 'online'
      AND reserved = 0
      AND payload->>'blocked_by' IS NULL
      AND ${notRevoked()}
    FOR KEY SHARE
  ),
  s AS MATERIALIZED (
    SELECT r.id AS job_id, w.execution_id, gate.id AS agent_id, gate.name AS node, gate.boot_id
    FROM wanted w
    JOIN r ON r.id = w.job_id
    JOIN gate ON gate.id = w.agent_id AND r.queue = ANY (gate.queues)
    WHERE NOT ${IS_PAUSED('r.queue')}
      AND NOT EXISTS (SELECT 1 FROM job j WHERE j.queue = r.queue AND j.filed_as = 'queued')
      AND NOT EXISTS (
        SELECT 1
        FROM job j
        WHERE ${isReadySql('j', "j.filed_as = 'scheduled'")}
          AND j.start_at <= now()
          AND j.start_at > now() - interval '${SWEPT_WITHIN_S} s'
          AND j.queue = r.queue
      )
  ),
  marked AS (
    INSERT INTO outbox (ticket_id, job_id, queue, priority, due_at)
    SELECT ticket_id, id, queue, priority, start_at
    FROM r
    WHERE ticket_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM s WHERE s.job_id = r.id)
    ON CONFLICT (ticket_id) DO NOTHING
  ),
  told AS (
    INSERT INTO event (tx, job_id, queue, type, at, data)
    SELECT tx, job_id, queue, type, at, data
    FROM (
      SELECT 1 AS step, ${FIRST_EVENT}
      FROM r
      UNION ALL
      SELECT 2, pg_current_xact_id(), r.id, r.queue, 'job.claimed', now(),
        jsonb_build_object('execution_id', s.execution_id, 'epoch', 1, 'attempt', 1, 'node', s.node)
      FROM s
      JOIN r ON r.id = s.job_id
    ) steps
    ORDER BY step
  ),
  ${AUDITED_JOBS},
  taken AS (
    INSERT INTO job (${NEW_JOB_COLUMNS}, epoch, execution_id, agent_id, claimed_at, updated_at)
    SELECT ${NEW_JOB_COLUMNS.split(', ')
      .map((name) =>
        AT_ITS_START[name] === undefined
          ? `r.${name}`
          : `CASE WHEN s.job_id IS NULL THEN r.${name} ELSE ${AT_ITS_START[name]} END`,
      )
      .join(', ')},
      CASE WHEN s.job_id IS NULL THEN 0 ELSE 1 END, s.execution_id, s.agent_id,
      CASE WHEN s.job_id IS NULL THEN NULL ELSE now() END, now()
    FROM r
    LEFT JOIN s ON s.job_id = r.id
  ),
  opened AS (
    INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, claimed_at, payload)
    SELECT execution_id, job_id, 1, 1, agent_id, node, boot_id, 'claimed', now(), '${PUSHED}'
    FROM s
  )
  SELECT job_id
  FROM s`;

/** The jobs of these ids ($1). */
export const JOBS = `SELECT ${JOB_COLUMNS}
  FROM job
  WHERE id = ANY($1::uuid[])`;

/** The job of this id ($1). */
export const JOB = `SELECT ${JOB_COLUMNS}
  FROM job
  WHERE id = $1`;

/** Locks the jobs of these ids ($1), in the order of ids, so that two batches never wait for each other in a ring. */
export const LOCK = `SELECT ${JOB_COLUMNS}
  FROM job
  WHERE id = ANY($1::uuid[])
  ORDER BY id
  FOR UPDATE`;

/** The same without those that another transaction holds. */
export const LOCK_FREE = `${LOCK} SKIP LOCKED`;

/** Why those of these jobs ($1) that are being cancelled are. */
export const CANCEL_REASONS = `SELECT id, cancel_reason
  FROM job
  WHERE id = ANY($1::uuid[])
    AND state = 'cancelling'`;

/** Keeps the job of this id ($1) from being deleted until the transaction ends. */
export const HOLD = `SELECT 1
  FROM job
  WHERE id = $1
  FOR KEY SHARE`;

/** Which of these ids ($1) are jobs. */
export const EXISTING = `SELECT id
  FROM job
  WHERE id = ANY($1::uuid[])`;

/** Which of these ids ($1) are jobs of a project ($2). */
export const OF_PROJECT = `SELECT id
  FROM job
  WHERE id = ANY($1::uuid[])
    AND project = $2`;

/** The names of those of these jobs ($1) that have one. */
export const NAMES = `SELECT id, name
  FROM job
  WHERE id = ANY($1::uuid[])
    AND name IS NOT NULL`;

/** Reads of jobs ($1) what rights are asked about, and leaves their specifications alone. */
export const HEADS = `SELECT id, name, project, owner, claimed_by
  FROM job
  WHERE id = ANY($1::uuid[])`;

/** Puts a job ($1) behind all others of its priority. */
export const TO_THE_END = `UPDATE job
  SET seq = DEFAULT
  WHERE id = $1`;

export const DELETE = `DELETE FROM job
  WHERE id = ANY($1::uuid[])`;

/** Locks jobs whose time has come, at most $1, the longest due first. */
export const DUE = `SELECT j.id
  FROM job j
  WHERE ${isReadySql('j', "j.filed_as = 'scheduled'")}
    AND j.start_at <= now()
  ORDER BY j.start_at
  LIMIT $1
  FOR UPDATE SKIP LOCKED`;

/** Locks jobs that were to have started by now, at most $1, the longest expired first. */
export const EXPIRED = `SELECT id
  FROM job
  WHERE filed_as IN ('scheduled','queued')
    AND expires_at IS NOT NULL
    AND expires_at <= now()
  ORDER BY expires_at
  LIMIT $1
  FOR UPDATE SKIP LOCKED`;

/**
 * Jobs that have not ended, by queue and state, and for how long the first of them has been queued. Those that wait are
 * counted in indexes, the others are few. `which`: one more condition on each (`j` is its alias).
 */
const live = (which: string): string => `SELECT j.queue, j.filed_as AS state, count(*) AS n,
    extract(epoch FROM now() - min(j.queued_at))::float8 AS oldest_s, min(j.queued_at) AS oldest_at
  FROM job j
  WHERE j.filed_as = 'queued'
    AND ${which}
  GROUP BY j.queue, j.filed_as
  UNION ALL
  SELECT j.queue, j.filed_as, count(*), extract(epoch FROM now() - min(j.queued_at))::float8, min(j.queued_at)
  FROM job j
  WHERE j.filed_as = 'scheduled'
    AND ${which}
  GROUP BY j.queue, j.filed_as
  UNION ALL
  SELECT j.queue, j.state, count(*), extract(epoch FROM now() - min(j.queued_at))::float8, min(j.queued_at)
  FROM job j
  WHERE j.id IN (${OPEN_JOBS})
    AND j.state IN ('claimed','running','cancelling')
    AND ${which}
  GROUP BY j.queue, j.state`;

/** {@link live} of all jobs. */
export const LIVE_COUNTS = live('true');

/** {@link live} of one project ($1). */
export const LIVE_COUNTS_OF_PROJECT = live('j.project = $1');

/** {@link live} of a queue ($1, null: any) and a project ($2, null: any). */
export const LIVE_NUMBERS = live('($1::text IS NULL OR j.queue = $1) AND ($2::text IS NULL OR j.project = $2)');

/** How many jobs of a queue ($1) come before one with this priority ($2) and place ($3). */
export const QUEUED_BEFORE = `SELECT count(*) AS n
  FROM job
  WHERE queue = $1
    AND filed_as = 'queued'
    AND (priority > $2 OR (priority = $2 AND seq < $3::bigint))`;

/**
 * The end of each claim: from `free` (id, execution_id) to claimed jobs with open executions, events and webhooks. $3
 * is the agent's id, $4 its name, $5 its boot. `claimedBy`: SQL of the agent client that takes them.
 */
const claimTail = (claimedBy: string, payload = `'{}'`): string => `taken AS (
    UPDATE job
    SET state = 'claimed',
      epoch = job.epoch + 1,
      execution_id = free.execution_id,
      agent_id = $3::uuid,
      node = $4::text,
      claimed_by = ${claimedBy},
      claimed_at = now(),
      started_at = NULL,
      finished_at = NULL,
      cause = NULL,
      cause_detail = NULL,
      exit_code = NULL,
      signal = NULL,
      updated_at = now(),
      ${NEXT_POSITION}
    FROM free
    WHERE job.id = free.id
    RETURNING ${jobColumns('job')}, job.event_tx
  ),
  opened AS (
    INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, claimed_at, payload)
    SELECT execution_id, id, epoch, attempt, $3::uuid, $4::text, $5::text, 'claimed', now(), ${payload}
    FROM taken
  ),
  told AS (
    INSERT INTO event (tx, job_id, queue, type, at, data)
    SELECT event_tx, id, queue, 'job.claimed', now(),
      jsonb_build_object('execution_id', execution_id, 'epoch', epoch, 'attempt', attempt, 'node', $4::text)
    FROM taken
  ),
  hooked AS (
    ${claimHooks('taken')}
  )
  SELECT ${JOB_COLUMNS}
  FROM taken`;

/**
 * Hands jobs ($1, with the executions $2) to an agent ($3 id, $4 name, $5 boot, $6 whether it has a container engine):
 * those that may start now and that no other transaction is changing, the first of the list first, at most $7. $8: the
 * agent has no ticket for them, it is told. Such an agent gets nothing while it drains, is lost or takes no work. One
 * that was revoked gets nothing at all.
 */
export const CLAIM = `WITH want AS (
    SELECT *
    FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS w(job_id, execution_id, place)
  ),
  gate AS MATERIALIZED (
    SELECT slots, reserved, kind, queues
    FROM agent
    WHERE id = $3::uuid
      AND (NOT $8::boolean OR (state = 'online' AND payload->>'blocked_by' IS NULL))
      AND ${notRevoked()}
    FOR KEY SHARE
  ),
  -- Only a node that holds something for jobs with demands is counted; on all others the worker's own slots are what limits.
  room AS MATERIALIZED (
    SELECT CASE WHEN reserved = 0 THEN NULL ELSE greatest(0, slots - reserved - (
        SELECT count(*)
        FROM execution e
        WHERE e.agent_id = $3::uuid AND e.finished_at IS NULL AND e.placed IS NULL
      )) END AS n
    FROM gate
  ),
  free AS (
    SELECT j.id, want.execution_id
    FROM job j
    JOIN want ON want.job_id = j.id
    WHERE j.dispatch = 'ticket'
      AND ${mayStartSql('j')}
      AND NOT ${IS_PAUSED('j.queue')}
      -- A worker that knows the id of a job of another queue has no right to it. HTTP-pull agents are asked by their dialect.
      AND (SELECT gate.kind <> 'worker' OR j.queue = ANY (gate.queues) FROM gate)
      AND ($6::boolean OR NOT j.spec ? 'container')
      AND NOT coalesce(j.payload->'exclude_agents' ? $4, false)
    ORDER BY want.place
    LIMIT least((SELECT n FROM room), $7::integer)
    FOR UPDATE OF j SKIP LOCKED
  ),
  ${claimTail('NULL', `CASE WHEN $8::boolean THEN '${PUSHED}'::jsonb ELSE '{}' END`)}`;

/**
 * The jobs with tickets that wait first in the queues $1, of each at most as many as $2 says and of all at most $3: the
 * first of each queue, then the second of each, in the order of the list.
 */
export const FIRST_WAITING = `SELECT f.id, f.queue, f.dispatch_seq
  FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS asked(queue, most, turn)
  CROSS JOIN LATERAL (
    SELECT j.id, j.queue, j.dispatch_seq, row_number() OVER (ORDER BY j.priority DESC, j.seq) AS place
    FROM job j
    WHERE j.queue = asked.queue
      AND j.dispatch = 'ticket'
      AND ${mayStartSql('j', `j.filed_as = 'queued'`)}
    ORDER BY j.priority DESC, j.seq
    LIMIT asked.most
  ) f
  WHERE NOT ${IS_PAUSED('asked.queue')}
  ORDER BY f.place, asked.turn
  LIMIT $3`;

/**
 * Jobs that are looked at for one pull, of each queue and of all of them; more than so many pulls never choose at the
 * same moment.
 */
const FRONT = 200;

/**
 * The condition for jobs that a pull may take: $6 is the agent's name (null: it gets no job that excludes anybody), $7
 * its dialect.
 */
const mayBePulled = (state: string): string => `${mayStartSql('j', state)}
      AND (j.dispatch = 'pull' OR (j.dispatch = 'ticket' AND j.dialect = $7::text))
      AND CASE
        WHEN $6::text IS NULL THEN coalesce(j.payload->'exclude_agents', '[]') IN ('[]', 'null')
        ELSE NOT coalesce(j.payload->'exclude_agents' ? $6, false)
      END`;

/**
 * Hands the best waiting job of these queues ($1) to an HTTP-pull agent ($3 id, $4 name, $5 boot, $8 client) as the
 * execution $2: the highest priority, then the oldest.
 *
 * The front of each queue comes from its index without a sort; the lock is taken on the best of them that nobody else
 * is taking. The conditions stand in both places because a row may have changed between the two. The second look goes
 * by id alone: while the statistics of a young table still say that hardly anything waits, Postgres would go through
 * all that waits for each row of the front, and each pull would take 200 ms at 1,000 jobs.
 */
export const CLAIM_NEXT = `WITH front AS MATERIALIZED (
    SELECT f.*
    FROM unnest($1::text[]) AS asked(queue)
    CROSS JOIN LATERAL (
      SELECT j.id, j.priority, j.seq
      FROM job j
      WHERE j.queue = asked.queue
        AND ${mayBePulled(`j.filed_as = 'queued'`)}
      ORDER BY j.priority DESC, j.seq
      LIMIT ${FRONT}
    ) f
    WHERE NOT ${IS_PAUSED('asked.queue')}
    ORDER BY f.priority DESC, f.seq
    LIMIT ${FRONT}
  ),
  free AS (
    SELECT j.id, $2::uuid AS execution_id
    FROM front
    JOIN job j ON j.id = front.id
    WHERE ${mayBePulled(`j.filed_as || '' = 'queued'`)}
    ORDER BY front.priority DESC, front.seq
    LIMIT 1
    FOR UPDATE OF j SKIP LOCKED
  ),
  ${claimTail('$8::text')}`;
