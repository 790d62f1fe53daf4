const COLUMNS = `jobid, name, command, description, queue, owner, project, node, outcome, cause, exit_code, wall_s, summary,
    counters, node_snapshots, finished_at`;
const HEAD = `jobid, seq, name, command, description, queue, owner, project, node, outcome, cause, exit_code, wall_s,
    summary, finished_at`;

/** Makes or replaces the profiles of $1 (a JSON list), in the order of ends. One with another end counts as new. */
export const PUT = `INSERT INTO profile (${COLUMNS})
  SELECT ${COLUMNS}
  FROM jsonb_to_recordset($1::jsonb) AS r(jobid text, name text, command text, description jsonb, queue text, owner text,
    project text, node text, outcome text, cause text, exit_code integer, wall_s float8, summary jsonb,
    counters jsonb, node_snapshots text[], finished_at timestamptz)
  ORDER BY finished_at, jobid
  ON CONFLICT (jobid) DO UPDATE
    SET seq = CASE WHEN profile.finished_at <> excluded.finished_at THEN nextval('profile_seq') ELSE profile.seq END,
      name = excluded.name,
      command = excluded.command,
      description = excluded.description,
      queue = excluded.queue,
      owner = excluded.owner,
      project = excluded.project,
      node = excluded.node,
      outcome = excluded.outcome,
      cause = excluded.cause,
      exit_code = excluded.exit_code,
      wall_s = excluded.wall_s,
      summary = excluded.summary,
      counters = excluded.counters,
      node_snapshots = excluded.node_snapshots,
      finished_at = excluded.finished_at,
      updated_at = now()`;

/** Keeps the node metrics of $1 (a JSON list). Those of a known id are there already. */
export const PUT_NODES = `INSERT INTO profile_node (id, counters)
  SELECT id, counters
  FROM jsonb_to_recordset($1::jsonb) AS r(id text, counters jsonb)
  ORDER BY id
  ON CONFLICT (id) DO NOTHING`;

/**
 * The part of a filter that an index finds: profiles before the place $3 (null: all), of a command ($1), a queue ($2),
 * a project ($4).
 */
const FOUND = `($1::text IS NULL OR (md5(command) = md5($1) AND command = $1))
    AND ($2::text IS NULL OR queue = $2)
    AND ($3::bigint IS NULL OR seq < $3)
    AND ($4::text IS NULL OR project = $4)`;

/**
 * Heads of profiles, newest first, at most $5. Beside what an index finds: not before the place $6, of an owner ($7),
 * an outcome ($8), ended since $9 and before $10, with $11 (a pattern) in the id, the name or the command.
 */
export const LIST = `SELECT ${HEAD}
  FROM profile
  WHERE ${FOUND}
    AND ($6::bigint IS NULL OR seq >= $6)
    AND ($7::text IS NULL OR owner = $7)
    AND ($8::text IS NULL OR outcome = $8)
    AND ($9::timestamptz IS NULL OR finished_at >= $9)
    AND ($10::timestamptz IS NULL OR finished_at < $10)
    AND ($11::text IS NULL OR name ILIKE $11 OR command ILIKE $11 OR jobid ILIKE $11)
  ORDER BY seq DESC
  LIMIT $5`;

/** The place of the profile at which a look at $5 of them ends. None: there are fewer. */
export const END_OF_LOOK = `SELECT seq
  FROM profile
  WHERE ${FOUND}
  ORDER BY seq DESC
  OFFSET $5 - 1
  LIMIT 1`;

/**
 * Readings of jobs by the time since their start, in $3 steps of $2 seconds each: the first $4 readings of each step.
 * $1 is a JSON list of jobs with their starts and ends.
 */
export const CURVES = `SELECT r.id AS job_id, step, s.*
  FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, start timestamptz, stop timestamptz)
  CROSS JOIN generate_series(0, $3::int - 1) AS step
  CROSS JOIN LATERAL (
    SELECT avg(cpu_percent)::float8 AS cpu_percent, avg(memory_bytes)::float8 AS memory_bytes,
      max(read_bytes)::float8 AS read_bytes, max(write_bytes)::float8 AS write_bytes,
      avg(gpu_percent)::float8 AS gpu_percent, avg(gpu_memory_bytes)::float8 AS gpu_memory_bytes
    FROM (
      SELECT *
      FROM sample
      WHERE job_id = r.id
        AND at >= r.start + step * $2::float8 * interval '1 second'
        AND at < r.start + (step + 1) * $2::float8 * interval '1 second'
        AND at <= r.stop
      ORDER BY at
      LIMIT $4
    ) first
    HAVING count(*) > 0
  ) s
  WHERE r.start + step * $2::float8 * interval '1 second' <= r.stop
  ORDER BY r.id, step`;

/** The newest $2 profiles of a command ($1) in a project ($3, null: any). */
export const OF_COMMAND = `SELECT ${HEAD}, counters, node_snapshots
  FROM profile
  WHERE md5(command) = md5($1)
    AND command = $1
    AND ($3::text IS NULL OR project = $3)
  ORDER BY seq DESC
  LIMIT $2`;

/** Figures over the samples of each of these jobs ($1) since $2. */
export const DIGESTS = `SELECT job_id, count(*) AS samples,
    avg(cpu_percent)::float8 AS cpu_mean, max(cpu_percent)::float8 AS cpu_max,
    avg(memory_bytes)::float8 AS memory_mean, max(memory_bytes) AS memory_max,
    max(cpu_seconds) AS cpu_seconds, max(read_bytes) AS read_bytes, max(write_bytes) AS write_bytes
  FROM sample
  WHERE job_id = ANY($1::uuid[])
    AND at >= $2
  GROUP BY job_id`;

/** Jobs that ran, ended since $1 and have no profile of that end, at most $2. */
export const MISSING = `SELECT j.id
  FROM (
    SELECT DISTINCT job_id
    FROM event
    WHERE at >= $1
      AND type IN ('job.succeeded','job.failed','job.cancelled','job.expired')
  ) e
  JOIN job j ON j.id = e.job_id
  WHERE j.state IN ('succeeded','failed','cancelled')
    AND j.started_at IS NOT NULL
    AND j.finished_at IS NOT NULL
    AND NOT EXISTS (
      SELECT 1
      FROM profile p
      WHERE p.jobid = j.id::text
        AND p.finished_at >= date_trunc('milliseconds', j.finished_at)
    )
  LIMIT $2`;

/** Forgets all profiles but the newest $1. They are counted only when so many numbers have been given. */
export const TRIM = `DELETE FROM profile
  WHERE seq <= CASE
    WHEN (SELECT max(seq) - min(seq) FROM profile) >= $1::bigint
      THEN coalesce((SELECT seq FROM profile ORDER BY seq DESC OFFSET $1 LIMIT 1), -1)
    ELSE -1
  END`;

/** Forgets node metrics that are older than any profile. */
export const TRIM_NODES = `DELETE FROM profile_node
  WHERE created_at < coalesce((SELECT min(finished_at) FROM profile), now()) - interval '1 hour'`;
