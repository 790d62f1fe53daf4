const BAR = `e.id, e.job_id, e.node, e.epoch, e.attempt, e.claimed_at, e.spawned_at, e.finished_at, e.cause, e.exit_code,
    e.state AS execution_state, j.name, j.owner, j.queue, j.project, j.state AS job_state`;

const FITS = `($3::text IS NULL OR j.queue = $3)
    AND ($4::text IS NULL OR e.node = $4)`;

/** Executions before a period that are looked at for those that go on in it. */
const LOOKED_BEFORE = 6_000;

/** How many executions were opened from $1 on and before $2, counted up to $3. */
export const SIZE = `SELECT count(*)::int AS n
  FROM (
    SELECT 1
    FROM execution
    WHERE claimed_at >= $1
      AND claimed_at < $2
    LIMIT $3
  ) one`;

/**
 * The executions that were opened from $1 on and before $2, of a queue ($3, null: any) and a node ($4, null: any), the
 * oldest first, $5 at most.
 */
export const BEGUN = `SELECT ${BAR}
  FROM execution e
  JOIN job j ON j.id = e.job_id
  WHERE e.claimed_at >= $1
    AND e.claimed_at < $2
    AND ${FITS}
  ORDER BY e.claimed_at
  LIMIT $5`;

/**
 * The executions that were opened before $1 and have not ended, of $3 and $4; the oldest first, $5 at most. $2: not
 * used.
 */
export const OPEN_BEFORE = `SELECT ${BAR}
  FROM execution e
  JOIN job j ON j.id = e.job_id
  WHERE e.finished_at IS NULL
    AND e.claimed_at < $1
    AND $2::timestamptz IS NOT NULL
    AND ${FITS}
  ORDER BY e.claimed_at
  LIMIT $5`;

/**
 * The executions that ended after $1, among the last of those that were opened before it, of $3 and $4, $5 at most. $2:
 * not used.
 */
export const ENDED_AFTER = `SELECT ${BAR}
  FROM (
    SELECT *
    FROM execution
    WHERE claimed_at < $1
    ORDER BY claimed_at DESC
    LIMIT ${LOOKED_BEFORE}
  ) e
  JOIN job j ON j.id = e.job_id
  WHERE e.finished_at > $1
    AND $2::timestamptz IS NOT NULL
    AND ${FITS}
  LIMIT $5`;

/** Executions of one bucket that are looked at. */
const LOOKED_IN_BUCKET = 100;

/**
 * The executions of $6 buckets of $5 seconds from $1 on, by node and by how they ended: of each bucket the newest
 * 100 are looked at, and `first_at` says since when those were opened. $2 is the end, $3 a queue (of
 * the project $7, null: any), $4 a node.
 */
export const BUCKETS = `SELECT b.n AS bucket, e.node, CASE
      WHEN e.finished_at IS NULL THEN 'running'
      WHEN e.cause IS NOT NULL THEN e.cause
      ELSE 'succeeded'
    END AS outcome, count(*)::int AS n,
    sum(extract(epoch FROM least(coalesce(e.finished_at, now()), $2::timestamptz) - e.claimed_at))::float8 AS busy_s,
    bool_or(e.looked >= ${LOOKED_IN_BUCKET}) AS more, min(e.first_at) AS first_at
  FROM generate_series(0, $6::int - 1) AS b(n)
  CROSS JOIN LATERAL (
    SELECT one.*, count(*) OVER () AS looked, min(claimed_at) OVER () AS first_at
    FROM (
      SELECT node, job_id, claimed_at, finished_at, cause
      FROM execution
      WHERE claimed_at >= $1::timestamptz + make_interval(secs => b.n * $5::float8)
        AND claimed_at < least($2::timestamptz, $1::timestamptz + make_interval(secs => (b.n + 1) * $5::float8))
      ORDER BY claimed_at DESC
      LIMIT ${LOOKED_IN_BUCKET}
    ) one
  ) e
  WHERE ($4::text IS NULL OR e.node = $4)
    AND ($3::text IS NULL OR EXISTS (
      SELECT 1 FROM job j WHERE j.id = e.job_id AND j.queue = $3 AND ($7::text IS NULL OR j.project = $7)
    ))
  GROUP BY 1, 2, 3
  ORDER BY 1, 2, 3
  LIMIT 20000`;

/** The last 200 times at which each of these nodes ($1) was drained or undrained before $2, oldest first. */
export const DRAINS = `SELECT object_id AS node, action = 'agent.drain' AS drains, at
  FROM (
    SELECT id, object_id, action, at, row_number() OVER (PARTITION BY object_id ORDER BY id DESC) AS n
    FROM audit
    WHERE kind = 'agent'
      AND object_id = ANY($1::text[])
      AND action IN ('agent.drain','agent.undrain')
      AND at < $2
  ) e
  WHERE n <= 200
  ORDER BY id`;

/** The first execution of each of these nodes ($1) from each of these times ($2) on; nodes and times go together. */
export const NEXT_ON_NODES = `SELECT l.node, l.at, (
      SELECT min(e.claimed_at)
      FROM (SELECT node, claimed_at FROM execution WHERE claimed_at > l.at ORDER BY claimed_at LIMIT 2000) e
      WHERE e.node = l.node
    ) AS next_at
  FROM unnest($1::text[], $2::timestamptz[]) AS l(node, at)`;
