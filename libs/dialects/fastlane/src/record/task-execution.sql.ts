/** The columns of a run: of its job `j` and of its present or last execution `e`. */
const RUN_COLUMNS = `j.state, j.cause, j.cause_detail, j.exit_code, j.signal, j.started_at, j.finished_at, j.expires_at,
    (j.spec->'limits'->>'runtime_s')::float8 AS timeout_s,
    j.execution_id, j.node, e.phase, e.container_id,
    coalesce(e.spawned_at IS NOT NULL OR e.phase IS NOT NULL, false) AS spawned,
    coalesce(e.stdout_bytes, 0) AS stdout_bytes,
    coalesce(e.stderr_bytes, 0) AS stderr_bytes,
    coalesce((e.payload->>'preamble_bytes')::int, 0) AS preamble_bytes`;

const COLUMNS = `x.id, x.task_id, x.job_id, x.seq, x.image, x.command, x.request_ip, x.origin, x.created_at, x.start_at,
    x.farm, x.stop_requested, x.settled,
    ${RUN_COLUMNS}`;
const RUNS = `task_execution x
  LEFT JOIN job j ON j.id = x.id
  LEFT JOIN execution e ON e.id = j.execution_id`;
const OF_JOB = 'x.task_id = $1 AND x.job_id = $2';
/** There already, and not deleted from the record since. */
const IS_THERE = 'x.created_at <= now() AND (j.id IS NOT NULL OR x.submission IS NOT NULL)';

/**
 * Makes an execution unless its tick ($8) has one: $1 id, $2 task, $3 job, $4 image, $5 command, $6 address of the
 * request, $7 origin, $9 not to be run before, $10 not there before (null: now), $11 farm, $12 submission.
 */
export const INSERT = `INSERT INTO task_execution (id, task_id, job_id, image, command, request_ip, origin, tick_at,
    start_at, created_at, farm, submission)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10::timestamptz, now()), $11, $12)
  ON CONFLICT (task_id, job_id, tick_at) WHERE tick_at IS NOT NULL DO NOTHING`;

const PAGE_OF_JOB = `FROM ${RUNS}
  WHERE ${OF_JOB}
    AND ${IS_THERE}
  ORDER BY x.created_at DESC, x.seq DESC
  LIMIT $3
  OFFSET $4`;

/** Executions of a job ($2) of a task ($1), newest first: $3 at most, without the first $4. */
export const EXECUTIONS = `SELECT ${COLUMNS}
  ${PAGE_OF_JOB}`;

/** The same, each with how many there are in all. */
export const EXECUTIONS_COUNTED = `SELECT count(*) OVER () AS total, ${COLUMNS}
  ${PAGE_OF_JOB}`;

/** How many executions a job ($2) of a task ($1) has. */
export const COUNT = `SELECT count(*) AS n
  FROM task_execution x
  LEFT JOIN job j ON j.id = x.id
  WHERE ${OF_JOB}
    AND ${IS_THERE}`;

/** The execution of this id ($1). */
export const EXECUTION = `SELECT ${COLUMNS}
  FROM ${RUNS}
  WHERE x.id = $1`;

/** The executions of a job ($2) of a task ($1) that are not settled, oldest first. */
export const OPEN = `SELECT ${COLUMNS}
  FROM ${RUNS}
  WHERE ${OF_JOB}
    AND NOT x.settled
  ORDER BY x.created_at, x.seq`;

/** Executions that are not settled although their job in the record has ended, or is gone; at most $1. */
export const OWED = `SELECT x.id
  FROM task_execution x
  LEFT JOIN job j ON j.id = x.id
  WHERE NOT x.settled
    AND x.submission IS NULL
    AND (j.id IS NULL OR j.state IN ('succeeded','failed','cancelled','expired'))
  ORDER BY x.seq
  LIMIT $1`;

/** Executions to be stopped of which nobody has told the record yet, at most $1. */
export const UNSTOPPED = `SELECT x.id
  FROM task_execution x
  JOIN job j ON j.id = x.id
  WHERE NOT x.settled
    AND x.stop_requested
    AND j.state IN ('scheduled','queued','claimed','running')
  ORDER BY x.seq
  LIMIT $1`;

const unsent = (which: string): string => `SELECT id, submission, start_at
  FROM task_execution
  WHERE NOT settled
    AND submission IS NOT NULL
    AND ${which}
  ORDER BY seq
  LIMIT $1`;

/** Submissions of these executions ($2) that are not known to be in the record, at most $1. */
export const UNSENT_OF = unsent('id = ANY($2::uuid[])');

/** Submissions that are not known to be in the record and are older than $2 ms, at most $1. */
export const UNSENT = unsent(`least(created_at, now()) < now() - $2 * interval '1 millisecond'`);

/** Notes that the submissions of these executions ($1) are in the record. */
export const SENT = `UPDATE task_execution
  SET submission = NULL
  WHERE id = ANY($1::uuid[])`;

/** Settles an execution ($1). */
export const SETTLE = `UPDATE task_execution
  SET settled = true,
    submission = NULL
  WHERE id = $1`;

/** Asks for the end of these executions ($1). */
export const REQUEST_STOP = `UPDATE task_execution
  SET stop_requested = true
  WHERE id = ANY($1::uuid[])`;

/** Forgets those of these executions ($1) that are yet to come. */
export const FORGET = `DELETE FROM task_execution
  WHERE id = ANY($1::uuid[])
    AND created_at > now()`;

/**
 * Looks at the next $2 executions behind the id $1 and forgets those that are settled and whose job the record has
 * forgotten, then the jobs of tasks that have no execution left and no cron. The place of the last one looked at; null:
 * there is none.
 */
export const FORGET_LEFT = `WITH looked AS MATERIALIZED (
    SELECT id
    FROM task_execution
    WHERE id > $1
    ORDER BY id
    LIMIT $2
  ),
  gone AS (
    DELETE FROM task_execution x
    USING looked
    WHERE x.id = looked.id
      AND x.settled
      AND x.submission IS NULL
      AND NOT EXISTS (SELECT 1 FROM job j WHERE j.id = x.id)
    RETURNING x.id, x.task_id, x.job_id
  ),
  done AS (
    DELETE FROM task_job t
    USING (SELECT DISTINCT task_id, job_id FROM gone) g
    WHERE t.task_id = g.task_id
      AND t.job_id = g.job_id
      AND t.cron_job_id IS NULL
      AND t.cron_submitted
      AND NOT EXISTS (
        SELECT 1
        FROM task_execution other
        WHERE other.task_id = t.task_id
          AND other.job_id = t.job_id
          AND other.id NOT IN (SELECT id FROM gone)
      )
    RETURNING t.task_id
  ),
  counted AS (
    UPDATE task
    SET jobs_count = jobs_count - fewer.n
    FROM (SELECT task_id, count(*)::int AS n FROM done GROUP BY task_id) fewer
    WHERE task.task_id = fewer.task_id
  )
  SELECT (SELECT id FROM looked ORDER BY id DESC LIMIT 1) AS last,
    (SELECT count(*)::int FROM gone) AS gone`;

/** Keeps everybody else from a name ($1) until the transaction ends. */
export const HOLD_FARM = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 4))';

/** The held jobs of a farm ($1) to hand out so that no more than $2 are out, oldest first. */
export const RELEASABLE = `WITH members AS (
    SELECT x.seq, j.id, j.held, j.start_at, j.state
    FROM task_execution x
    JOIN job j ON j.id = x.id
    WHERE x.farm = $1
      AND NOT x.settled
      AND j.state IN ('scheduled','queued','claimed','running','cancelling')
  )
  SELECT id
  FROM members
  WHERE held
    AND (start_at IS NULL OR start_at <= now())
  ORDER BY seq
  LIMIT greatest(0, $2 - (SELECT count(*) FROM members WHERE NOT held))`;

/** Jobs of tasks among these jobs ($1), each with the only hosts that may run it (null: any). */
export const AMONG = `SELECT j.id, j.payload->'fastlane'->'hosts' AS hosts
  FROM job j
  WHERE j.id = ANY($1::uuid[])
    AND j.dialect = 'fastlane'`;

/** The executions that run, and their nodes, in a project ($2, null: any); at most $1. */
export const RUNNING = `SELECT x.id, j.node, e.container_id
  FROM task_execution x
  JOIN job j ON j.id = x.id
  JOIN execution e ON e.id = j.execution_id
  WHERE NOT x.settled
    AND j.state IN ('running','cancelling')
    AND ($2::text IS NULL OR j.project = $2)
  ORDER BY x.seq
  LIMIT $1`;

/** How much waits and runs, in a project ($1, null: any). */
export const WAITING = `SELECT count(*) FILTER (WHERE j.state = 'queued' OR j.id IS NULL) AS queued,
    count(*) FILTER (WHERE j.state IN ('claimed','running','cancelling')) AS running,
    count(*) FILTER (WHERE j.state = 'scheduled') AS scheduled,
    min(j.start_at) FILTER (WHERE j.state = 'scheduled') AS next_at
  FROM task_execution x
  LEFT JOIN job j ON j.id = x.id
  WHERE NOT x.settled
    AND ($1::text IS NULL OR j.project = $1)`;

/** How often each node has lost a job of a task that has not ended since, within $1 seconds, and when last. */
export const LOSSES = `SELECT e.node, count(*)::int AS n, max(e.finished_at) AS last_at
  FROM task_execution x
  JOIN execution e ON e.job_id = x.id
  WHERE NOT x.settled
    AND e.cause = 'agent_lost'
    AND e.finished_at > now() - $1 * interval '1 second'
  GROUP BY e.node`;

/** A job that no task has made; parents of schedules never run themselves. */
const IS_OTHER = `j.dialect <> 'fastlane'
    AND j.cron IS NULL`;

/** Jobs that no task has made, in the columns of an execution and those of its job beside. */
const OTHER = `SELECT j.id, j.queue AS task_id, j.id AS job_id, j.seq, coalesce(j.spec->'container'->>'image',
    '') AS image,
    j.spec->'command' AS command, NULL AS request_ip, 'now' AS origin,
    j.created_at, j.start_at, NULL AS farm,
    j.state IN ('cancelling','cancelled') AS stop_requested, j.finished_at IS NOT NULL AS settled,
    ${RUN_COLUMNS},
    j.owner, j.project, coalesce(j.finished_at, j.started_at, j.created_at) AS modified_at
  FROM job j
  LEFT JOIN execution e ON e.id = j.execution_id`;

/** Jobs of a queue ($1) that no task has made, in a project ($3, null: any), newest first, at most $2. */
export const OTHERS_OF_QUEUE = `SELECT j.id AS job_id, j.created_at
  FROM job j
  WHERE j.queue = $1
    AND ${IS_OTHER}
    AND ($3::text IS NULL OR j.project = $3)
  ORDER BY j.seq DESC
  LIMIT $2`;

/** The job $1 of a queue ($2), made by no task. */
export const OTHER_OF_QUEUE = `${OTHER}
  WHERE j.id = $1
    AND j.queue = $2
    AND ${IS_OTHER}`;

/** The job of this id ($1), made by no task. */
export const OTHER_JOB = `${OTHER}
  WHERE j.id = $1
    AND ${IS_OTHER}`;

/** Some execution is not settled, or some cron parent is not in the record. */
export const UNFINISHED = `EXISTS (SELECT 1 FROM task_execution WHERE NOT settled)
  OR EXISTS (SELECT 1 FROM task_job WHERE NOT cron_submitted)`;
