const JOB_COLUMNS = `task_id, job_id, seq, owner, project, details, retry_count, enqueued_id, request_ip, cron_job_id,
    created_at, modified_at`;

/** The tasks of a list: with any of the words $2 (`words`; else $2 is null), with jobs of a project ($1, null: any). */
interface ListedTasks {
  words: boolean;
  project: boolean;
}

const isListed = (asked: ListedTasks): string => `${asked.words ? 'words && $2::text[]' : '$2::text[] IS NULL'}
    AND ${
      asked.project
        ? 'EXISTS (SELECT 1 FROM task_job t WHERE t.task_id = task.task_id AND t.project = $1)'
        : '$1::text IS NULL'
    }`;

/** A page of these tasks in the order of their making: $3 at most, without the first $4. */
export const tasks = (asked: ListedTasks): string => `SELECT task_id,
    ${
      asked.project
        ? '(SELECT count(*)::int FROM task_job t WHERE t.task_id = task.task_id AND t.project = $1) AS jobs_count'
        : 'jobs_count'
    },
    created_at, modified_at
  FROM task
  WHERE ${isListed(asked)}
  ORDER BY seq
  LIMIT $3
  OFFSET $4`;

/** How many of these tasks there are. */
export const tasksCounted = (asked: ListedTasks): string => `SELECT count(*) AS n
  FROM task
  WHERE ${isListed(asked)}`;

/** The task of this id ($1). */
export const TASK = `SELECT task_id, jobs_count, created_at, modified_at
  FROM task
  WHERE task_id = $1`;

/** How many tasks there are, and how many jobs they have. */
export const COUNTS = `SELECT count(*) AS tasks, coalesce(sum(jobs_count), 0) AS jobs
  FROM task`;

/** Makes the task $1 with the words $2 and $3 jobs, or adds so many jobs to the one that is there. */
export const TOUCH = `INSERT INTO task (task_id, words, jobs_count)
  VALUES ($1, $2, $3)
  ON CONFLICT (task_id) DO UPDATE
    SET modified_at = now(),
      jobs_count = task.jobs_count + $3`;

/** The jobs of a task ($1) in a project ($2, null: any), those changed last first. */
export const JOBS = `SELECT job_id, created_at
  FROM task_job
  WHERE task_id = $1
    AND ($2::text IS NULL OR project = $2)
  ORDER BY modified_at DESC, seq DESC`;

/** A job ($2) of a task ($1). */
export const JOB = `SELECT ${JOB_COLUMNS}
  FROM task_job
  WHERE task_id = $1
    AND job_id = $2`;

/** The same, locked. */
export const LOCK_JOB = `${JOB}
  FOR UPDATE`;

/** Locks the job that has this cron parent ($1). */
export const LOCK_BY_CRON = `SELECT ${JOB_COLUMNS}
  FROM task_job
  WHERE cron_job_id = $1
  FOR UPDATE`;

/**
 * Makes a job ($2) of a task ($1) unless there is one: $3 owner, $4 details, $5 the record's job, $6 address of the
 * request, $7 cron parent, $8 project.
 */
export const INSERT_JOB = `INSERT INTO task_job (task_id, job_id, owner, details, enqueued_id, request_ip, cron_job_id,
    cron_submitted, project)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $7::uuid IS NULL, $8)
  ON CONFLICT (task_id, job_id) DO NOTHING`;

/** Makes these assignments to a job ($2) of a task ($1). */
export const patchJob = (assignments: readonly string[]): string => `UPDATE task_job
  SET ${assignments.join(', ')}
  WHERE task_id = $1
    AND job_id = $2`;

/** Jobs whose cron parent is not known to be in the record, unchanged for $2 ms, oldest first, at most $1. */
export const UNSENT_CRONS = `SELECT ${JOB_COLUMNS}
  FROM task_job
  WHERE NOT cron_submitted
    AND modified_at < now() - $2 * interval '1 millisecond'
  ORDER BY seq
  LIMIT $1`;

/** Notes that a cron parent ($1) is in the record. */
export const CRON_SENT = `UPDATE task_job
  SET cron_submitted = true
  WHERE cron_job_id = $1`;

/** Jobs with a cron that has not been stopped, in a project ($2, null: any), oldest first, at most $1. */
export const CRONS = `SELECT ${JOB_COLUMNS}
  FROM task_job
  WHERE cron_job_id IS NOT NULL
    AND ($2::text IS NULL OR project = $2)
  ORDER BY seq
  LIMIT $1`;

/** Notes that these cron parents ($1) have ended in the record. */
export const CRON_ENDED = `UPDATE task_job
  SET cron_job_id = NULL,
    cron_submitted = true,
    modified_at = now()
  WHERE cron_job_id = ANY($1::uuid[])`;

/** The hosts that get no jobs of tasks, by name. */
export const BLOCKED_HOSTS = `SELECT host
  FROM task_host_block
  ORDER BY host`;

/** Keeps jobs of tasks from a host ($1). */
export const BLOCK_HOST = `INSERT INTO task_host_block (host)
  VALUES ($1)
  ON CONFLICT DO NOTHING`;

/** Gives a host ($1) jobs of tasks again. */
export const UNBLOCK_HOST = `DELETE FROM task_host_block
  WHERE host = $1`;
