/** Executions and failures that one look at a time reads at most, the newest first. */
const MOST = 100_000;

/** A wait in seconds as the number of a class: each is 15 % longer than the one before, the first ends at 1 ms. */
const CLASS = 1.15;
const FIRST_S = 0.001;

/** The longest wait of a class, in seconds. */
export const longestOfClass = (number: number): number => FIRST_S * CLASS ** number;

/**
 * The executions that were opened from $1 on and before $2, of a project ($3, null: any): how many in each slice of $4
 * seconds, by queue and by the class of the wait of their jobs (null: the job waits again).
 */
export const STARTS = `SELECT (floor(extract(epoch FROM e.claimed_at) / $4::float8) * $4::float8)::float8 AS at_s, j.queue,
    CASE
      WHEN j.queued_at <= e.claimed_at
        THEN greatest(
          0, ceil(ln(greatest(extract(epoch FROM e.claimed_at - j.queued_at)::float8, ${FIRST_S}) / ${FIRST_S}) / ln(${CLASS}))
        )::int
    END AS class,
    count(*)::int AS n
  FROM (
    SELECT job_id, claimed_at
    FROM execution
    WHERE claimed_at >= $1
      AND claimed_at < $2
    ORDER BY claimed_at DESC
    LIMIT ${MOST}
  ) e
  JOIN job j ON j.id = e.job_id
  WHERE $3::text IS NULL
    OR j.project = $3
  GROUP BY 1, 2, 3`;

/**
 * The failures from $1 on and before $2, of a project ($3, null: any): how many in each slice of $4 seconds, by queue
 * and by why the job failed, and one job of each.
 */
export const FAILURES = `SELECT (floor(extract(epoch FROM f.at) / $4::float8) * $4::float8)::float8 AS at_s, j.queue,
    j.cause, j.exit_code, j.signal, left(j.cause_detail, 300) AS sentence, count(*)::int AS n,
    (array_agg(j.id ORDER BY f.at DESC))[1] AS job_id
  FROM (
    SELECT job_id, at
    FROM event
    WHERE type = 'job.failed'
      AND at >= $1
      AND at < $2
    ORDER BY at DESC
    LIMIT ${MOST}
  ) f
  JOIN job j ON j.id = f.job_id
  WHERE $3::text IS NULL
    OR j.project = $3
  GROUP BY 1, 2, 3, 4, 5, 6`;

/** The executions that have not ended, with their jobs; 5,000 at most. */
export const OPEN = `SELECT e.id, e.job_id, e.agent_id, e.claimed_at, e.spawned_at, e.placed, j.name, j.owner, j.queue,
    j.project, j.state, left(CASE jsonb_typeof(j.spec->'command') WHEN 'string' THEN j.spec->>'command' END, 200) AS command
  FROM execution e
  JOIN job j ON j.id = e.job_id
  WHERE e.finished_at IS NULL
  ORDER BY e.claimed_at, e.id
  LIMIT 5000`;
