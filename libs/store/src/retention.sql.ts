const ENDED = `('succeeded','failed','cancelled','expired')`;
/** Stands for ever: nothing is older. */
const FOR_EVER = 1e10;

/**
 * The moment before which what belongs to a queue has had its time: `seconds` is the place of the time, `queues` and
 * `times` those of the queues that differ and of their times (0: for ever).
 */
const before = (queue: string, seconds: string, queues: string, times: string): string => `now() - make_interval(secs =>
      coalesce(
        nullif(coalesce(
          (SELECT o.time FROM unnest(${queues}::text[], ${times}::float8[]) AS o(queue, time) WHERE o.queue = ${queue}),
          ${seconds}::float8
        ), 0),
        ${FOR_EVER}
      ))`;

/**
 * Looks at the next $2 jobs behind the place $1: the place of the last of them and its age in seconds, and which may go
 * by their age ($3, $4, $5) and are needed by nothing, may lose output ($6, $7, $8), earlier executions ($9, $10, $11)
 * and artifacts ($12, $13, $14).
 */
export const LOOK_AT_JOBS = `WITH looked AS MATERIALIZED (
    SELECT id, seq, queue, state, pinned, created_at, finished_at, execution_id, state IN ${ENDED} AND NOT pinned AS over
    FROM job
    WHERE seq > $1::bigint
    ORDER BY seq
    LIMIT $2
  )
  SELECT max(seq)::text AS last,
    extract(epoch FROM now() - max(created_at))::float8 AS age_s,
    count(*)::int AS n,
    array_agg(id) FILTER (
      WHERE over
        AND finished_at < ${before('looked.queue', '$3', '$4', '$5')}
    ) AS jobs,
    array_agg(id) FILTER (
      WHERE over
        AND finished_at < ${before('looked.queue', '$6', '$7', '$8')}
        AND EXISTS (
          SELECT 1 FROM execution e WHERE e.job_id = looked.id AND e.stdout_bytes + e.stderr_bytes > 0
        )
    ) AS logs,
    array_agg(id) FILTER (
      WHERE over
        AND created_at < ${before('looked.queue', '$9', '$10', '$11')}
        AND EXISTS (
          SELECT 1
          FROM execution e
          WHERE e.job_id = looked.id
            AND e.id <> looked.execution_id
            AND e.finished_at < ${before('looked.queue', '$9', '$10', '$11')}
        )
    ) AS executions,
    array_agg(id) FILTER (
      WHERE over
        AND finished_at < ${before('looked.queue', '$12', '$13', '$14')}
        AND EXISTS (SELECT 1 FROM artifact a WHERE a.job_id = looked.id)
    ) AS artifacts
  FROM looked`;

/**
 * Locks those of these jobs ($1) that have still ended and that nothing needs: no job that waits for them, no child
 * that has not ended, no execution that an agent still holds, no notice that is to be sent.
 */
export const LOCK_UNNEEDED = `SELECT j.id, j.created_at
  FROM job j
  WHERE j.id = ANY($1::uuid[])
    AND j.state IN ${ENDED}
    AND NOT j.pinned
    AND NOT EXISTS (
      SELECT 1
      FROM job_dependency d
      JOIN job w ON w.id = d.job_id
      WHERE d.depends_on = j.id
        AND w.state NOT IN ${ENDED}
    )
    AND NOT EXISTS (SELECT 1 FROM job c WHERE c.parent_id = j.id AND c.state NOT IN ${ENDED})
    AND NOT EXISTS (SELECT 1 FROM execution e WHERE e.job_id = j.id AND e.finished_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.job_id = j.id AND d.state = 'pending')
  ORDER BY j.id
  FOR UPDATE SKIP LOCKED`;

/** Locks those of these jobs ($1) that have ended and are not pinned. */
export const LOCK_ENDED = `SELECT j.id, j.created_at
  FROM job j
  WHERE j.id = ANY($1::uuid[])
    AND j.state IN ${ENDED}
    AND NOT j.pinned
  ORDER BY j.id
  FOR UPDATE SKIP LOCKED`;

/** Forgets the artifacts of these jobs ($1), and notes that their files are to go. */
export const DROP_ARTIFACTS = `WITH gone AS (
    DELETE FROM artifact
    WHERE job_id = ANY($1::uuid[])
    RETURNING blob_key
  )
  INSERT INTO blob_garbage (blob_key)
  SELECT blob_key
  FROM gone
  ON CONFLICT DO NOTHING`;

/** Forgets the samples of these jobs ($1), none of which is older than $2. */
export const DROP_SAMPLES = `DELETE FROM sample
  WHERE job_id = ANY($1::uuid[])
    AND at >= $2`;

/** Forgets jobs ($1) with all that refers to them. */
export const DROP_JOBS = `DELETE FROM job
  WHERE id = ANY($1::uuid[])`;

/** Forgets the output of these jobs ($1). */
export const DROP_CHUNKS = `DELETE FROM log_chunk
  WHERE execution_id IN (SELECT id FROM execution WHERE job_id = ANY($1::uuid[]))`;

/** Notes that the executions of these jobs ($1) have no output any more. */
export const EMPTY_LOGS = `UPDATE execution
  SET stdout_bytes = 0,
    stderr_bytes = 0,
    log_complete = false
  WHERE job_id = ANY($1::uuid[])
    AND stdout_bytes + stderr_bytes > 0`;

/** Counts the output of executions of these jobs ($1) as gone that go themselves; see {@link DROP_EXECUTIONS}. */
export const EMPTY_EARLIER = `UPDATE execution e
  SET stdout_bytes = 0,
    stderr_bytes = 0
  FROM job j
  WHERE j.id = ANY($1::uuid[])
    AND e.job_id = j.id
    AND e.id <> j.execution_id
    AND e.finished_at < ${before('j.queue', '$2', '$3', '$4')}
    AND e.stdout_bytes + e.stderr_bytes > 0`;

/** Forgets the earlier executions of these jobs ($1) that are old ($2, $3, $4). */
export const DROP_EXECUTIONS = `DELETE FROM execution e
  USING job j
  WHERE j.id = ANY($1::uuid[])
    AND e.job_id = j.id
    AND e.id <> j.execution_id
    AND e.finished_at < ${before('j.queue', '$2', '$3', '$4')}`;

/** The next $1 large objects that are to be deleted. */
export const GARBAGE = `SELECT blob_key
  FROM blob_garbage
  ORDER BY created_at
  LIMIT $1`;

/** Notes that large objects ($1) are deleted. */
export const COLLECTED = `DELETE FROM blob_garbage
  WHERE blob_key = ANY($1::text[])`;

const isPinned = (job: string): string => `EXISTS (SELECT 1 FROM job p WHERE p.id = ${job} AND p.pinned)`;

/**
 * Looks at the next $3 events behind the place ($1, $2) and forgets those that are old ($4, $5, $6), but for those of
 * pinned jobs.
 */
export const FORGET_EVENTS = `WITH looked AS MATERIALIZED (
    SELECT event.tx, event.id, job_id, queue, at
    FROM event
    WHERE (event.tx, event.id) > ($1::text::xid8, $2::bigint)
    ORDER BY event.tx, event.id
    LIMIT $3
  ),
  gone AS (
    DELETE FROM event
    USING looked
    WHERE event.tx = looked.tx
      AND event.id = looked.id
      AND looked.at < ${before('looked.queue', '$4', '$5', '$6')}
      AND NOT ${isPinned('looked.job_id')}
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM gone)::int AS gone, count(*)::int AS n,
    extract(epoch FROM now() - max(at))::float8 AS age_s,
    (SELECT l.tx::text || '-' || l.id FROM looked l ORDER BY l.tx DESC, l.id DESC LIMIT 1) AS last
  FROM looked`;

/** Looks at the next $2 entries of a trail behind $1, and forgets those older than $3 seconds. */
const forgetEntries = (trail: string, time: string): string => `WITH looked AS MATERIALIZED (
    SELECT id, ${time} AS at
    FROM ${trail}
    WHERE id > $1::bigint
    ORDER BY id
    LIMIT $2
  ),
  gone AS (
    DELETE FROM ${trail}
    USING looked
    WHERE ${trail}.id = looked.id
      AND looked.at < now() - make_interval(secs => $3::float8)
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM gone)::int AS gone, count(*)::int AS n,
    extract(epoch FROM now() - max(at))::float8 AS age_s, max(id)::text AS last
  FROM looked`;

/** The same of the audit trail. */
export const FORGET_AUDIT = forgetEntries('audit', 'at');

/** The same of the trails of observed jobs. */
export const FORGET_JOB_TRAIL = forgetEntries('job_trail', 'changed_at');

/** Profiles of one command that stay whatever their age: others are compared with them. */
const BASELINE = 20;

/**
 * Looks at the next $2 profiles behind $1, and forgets those that are old ($3, $4, $5): none of a pinned job, and none
 * of the newest of its command.
 */
export const FORGET_PROFILES = `WITH looked AS MATERIALIZED (
    SELECT jobid, seq, command, queue, finished_at
    FROM profile
    WHERE seq > $1::bigint
    ORDER BY seq
    LIMIT $2
  ),
  gone AS (
    DELETE FROM profile
    USING looked
    WHERE profile.jobid = looked.jobid
      AND looked.finished_at < ${before("coalesce(looked.queue, '')", '$3', '$4', '$5')}
      AND NOT ${isPinned(`CASE WHEN looked.jobid ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN looked.jobid::uuid END`)}
      AND (
        SELECT count(*)
        FROM (
          SELECT 1
          FROM profile newer
          WHERE md5(newer.command) = md5(looked.command)
            AND newer.command = looked.command
            AND newer.seq > looked.seq
          LIMIT ${BASELINE}
        ) newest
      ) = ${BASELINE}
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM gone)::int AS gone, count(*)::int AS n,
    extract(epoch FROM now() - max(finished_at))::float8 AS age_s, max(seq)::text AS last
  FROM looked`;

/** Forgets at most $2 idempotency keys older than $1 hours. */
export const FORGET_KEYS = `DELETE FROM idempotency_key
  WHERE ctid = ANY(ARRAY(
    SELECT ctid
    FROM idempotency_key
    WHERE created_at < now() - make_interval(hours => $1)
    ORDER BY created_at
    LIMIT $2
  ))`;
