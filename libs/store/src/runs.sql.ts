/** Jobs of a queue, or executions of all, that one look goes through at most. */
const LOOKED = 2_000;
/** Runs that a base of times is made of at most. */
const BASE = 200;

const TIMES = `e.claimed_at, e.spawned_at, e.first_byte_at, e.exited_at, e.finished_at, j.created_at, j.queued_at, j.name, j.state`;

/**
 * The last runs that have ended of a queue ($1) and a project ($2, null: any), the newest jobs first: found among the
 * newest jobs of the queue.
 */
export const OF_NEWEST_JOBS = `SELECT ${TIMES}
  FROM (
    SELECT id, execution_id, created_at, queued_at, name, state, project
    FROM job
    WHERE queue = $1
    ORDER BY seq DESC
    LIMIT ${LOOKED}
  ) j
  JOIN execution e ON e.id = j.execution_id AND e.finished_at IS NOT NULL
  WHERE $2::text IS NULL
    OR j.project = $2
  LIMIT ${BASE}`;

/** The same, found among the newest executions: where the newest jobs of the queue all wait. */
export const OF_NEWEST_EXECUTIONS = `SELECT ${TIMES}
  FROM (
    SELECT *
    FROM execution
    WHERE claimed_at > now() - interval '30 days'
    ORDER BY claimed_at DESC
    LIMIT ${LOOKED}
  ) e
  JOIN job j ON j.id = e.job_id
  WHERE j.queue = $1
    AND e.finished_at IS NOT NULL
    AND ($2::text IS NULL OR j.project = $2)
  LIMIT ${BASE}`;

/** The open executions of these agents ($1), with the names of their jobs. */
export const OPEN_OF_AGENTS = `SELECT e.agent_id, coalesce(e.spawned_at, e.claimed_at) AS since, j.queue, j.name
  FROM execution e
  JOIN job j ON j.id = e.job_id
  WHERE e.finished_at IS NULL
    AND e.agent_id = ANY($1::uuid[])
  LIMIT 5000`;

/** When a job ($1) came into its queue, and what it was before, oldest first, and at most 1,000 times. */
export const QUEUED_TIMES = `SELECT at,
    CASE
      WHEN before IN ('job.scheduled', 'job.retrying') THEN 'planned'
      WHEN before <> 'job.queued' THEN 'ended'
    END AS before
  FROM (
    SELECT at, type, tx, id, lag(type) OVER (ORDER BY tx, id) AS before
    FROM event
    WHERE job_id = $1
      AND type IN ('job.queued', 'job.scheduled', 'job.retrying', 'job.succeeded', 'job.failed', 'job.cancelled',
        'job.expired')
  ) e
  WHERE type = 'job.queued'
  ORDER BY tx, id
  LIMIT 1000`;

const OF_NAME = 500;

/** The ids of the last $4 jobs of a name ($1) and project ($2) before a place ($3), newest first. */
export const BEFORE = `SELECT id
  FROM (
    SELECT id, project, seq
    FROM job
    WHERE name = $1
      AND seq < $3::bigint
    ORDER BY seq DESC
    LIMIT ${OF_NAME}
  ) j
  WHERE project = $2
  ORDER BY seq DESC
  LIMIT $4`;

/** The id of the next job of a name ($1) and project ($2) behind a place ($3). */
export const AFTER = `SELECT id
  FROM (
    SELECT id, project, seq
    FROM job
    WHERE name = $1
      AND seq > $3::bigint
    ORDER BY seq
    LIMIT ${OF_NAME}
  ) j
  WHERE project = $2
  ORDER BY seq
  LIMIT 1`;

const OF_COMMAND = 500;

/** A profile of a run of a command ($1) in a project ($2). Those of other programs have no queue. */
const RUN_OF_COMMAND = `md5(command) = md5($1)
    AND command = $1
    AND project = $2
    AND queue IS NOT NULL`;

/**
 * The profiles of runs of a command ($1) in a project ($2) that ended before the job $3 did, newest first: all of them
 * where that job has no profile. The id of a job is the id of its profile.
 */
const ENDED_BEFORE = `SELECT jobid
  FROM profile
  WHERE ${RUN_OF_COMMAND}
    AND seq < coalesce((SELECT seq FROM profile WHERE jobid = $3), 9223372036854775807)
  ORDER BY profile.seq DESC
  LIMIT ${OF_COMMAND}`;

const ENDED_AFTER = `SELECT jobid
  FROM profile
  WHERE ${RUN_OF_COMMAND}
    AND seq > (SELECT seq FROM profile WHERE jobid = $3)
  ORDER BY profile.seq
  LIMIT ${OF_COMMAND}`;

const SAME_IMAGE = `j.spec -> 'container' ->> 'image' IS NOT DISTINCT FROM $5`;

/**
 * The ids of the last $6 jobs of a command ($1) and an image ($5, null: none) in a project ($2) that came before a
 * place ($4) and ended before the job $3 did, newest first.
 */
export const BEFORE_OF_COMMAND = `SELECT j.id
  FROM (${ENDED_BEFORE}) p
  JOIN job j ON j.id = p.jobid::uuid
  WHERE j.seq < $4::bigint
    AND ${SAME_IMAGE}
  ORDER BY j.seq DESC
  LIMIT $6`;

/** The id of the next job of the same command and image: it came behind the place ($4), and ended after the job $3 did. */
export const AFTER_OF_COMMAND = `SELECT j.id
  FROM (${ENDED_AFTER}) p
  JOIN job j ON j.id = p.jobid::uuid
  WHERE j.seq > $4::bigint
    AND ${SAME_IMAGE}
  ORDER BY j.seq
  LIMIT 1`;
