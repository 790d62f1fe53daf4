/** Jobs that make a child at each tick, with the time of the last tick, or of their acceptance. */
export const CRON_PARENTS = `SELECT id, cron, coalesce(cron_tick_at, created_at) AS since
  FROM job
  WHERE cron IS NOT NULL
    AND filed_as = 'scheduled'
  ORDER BY id`;

/** Remembers the tick $2 of a cron parent ($1). */
export const TICKED = `UPDATE job
  SET cron_tick_at = $2
  WHERE id = $1
    AND (cron_tick_at IS NULL OR cron_tick_at < $2)`;

/** The states of these jobs ($1). */
export const STATES = `SELECT id, state
  FROM job
  WHERE id = ANY($1::uuid[])`;

/** The same, in the order of ids; none of them ends until the transaction does. */
export const STATES_FOR_SHARE = `${STATES}
  ORDER BY id
  FOR SHARE`;

/** Makes each of these jobs ($1) depend on one of those ($2). */
export const INSERT_DEPENDENCIES = `INSERT INTO job_dependency (job_id, depends_on)
  SELECT *
  FROM unnest($1::uuid[], $2::uuid[])
  ON CONFLICT DO NOTHING`;

/** Waiting jobs that depend on any of these ($1). */
export const DEPENDENTS = `SELECT d.job_id, d.depends_on
  FROM job_dependency d
  JOIN job j ON j.id = d.job_id
  WHERE d.depends_on = ANY($1::uuid[])
    AND j.state = 'scheduled'`;

/** Gives jobs the external ids of $1 (a JSON list). */
export const INSERT_EXTERNAL_IDS = `INSERT INTO external_ref (dialect, external_id, project, job_id)
  SELECT dialect, external_id, project, job_id
  FROM jsonb_to_recordset($1::jsonb) AS r(dialect text, external_id text, project text, job_id uuid)`;

/** Jobs that a dialect ($1) knows by an external id ($2): that of a project ($3) first, then the oldest, at most $4. */
export const JOBS_OF_EXTERNAL_ID = `SELECT r.job_id
  FROM external_ref r
  JOIN job j ON j.id = r.job_id
  WHERE r.dialect = $1
    AND r.external_id = $2
  ORDER BY r.project = $3 DESC, j.seq
  LIMIT $4`;

/** The external ids of these jobs ($2) in a dialect ($1). */
export const EXTERNAL_IDS = `SELECT job_id, external_id
  FROM external_ref
  WHERE dialect = $1
    AND job_id = ANY($2::uuid[])`;

const KEY_COLUMNS = 'owner, project, key, body_hash, job_id, job_ids';

/** The jobs that an owner ($1) of a project ($2) made with an idempotency key ($3). */
export const IDEMPOTENCY_KEY = `SELECT ${KEY_COLUMNS}
  FROM idempotency_key
  WHERE owner = $1
    AND project = $2
    AND key = $3`;

/** Writes the idempotency keys of $1 (a JSON list), and gives the jobs of those that nobody had. */
export const INSERT_IDEMPOTENCY_KEYS = `INSERT INTO idempotency_key (${KEY_COLUMNS})
  SELECT ${KEY_COLUMNS}
  FROM jsonb_to_recordset($1::jsonb) AS r(owner text, project text, key text, body_hash text, job_id uuid,
    job_ids uuid[])
  ORDER BY owner, project, key
  ON CONFLICT DO NOTHING
  RETURNING job_id`;

/**
 * Makes or replaces the artifact of a job ($1) at a path ($3), and gives the blob it had: $2 execution, $4 bytes, $5
 * SHA-256, $6 type, $7 blob, $8 time.
 */
export const PUT_ARTIFACT = `WITH old AS (
    SELECT blob_key
    FROM artifact
    WHERE job_id = $1
      AND path = $3
    FOR UPDATE
  ),
  put AS (
    INSERT INTO artifact (job_id, execution_id, path, size, sha256, content_type, blob_key, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (job_id, path) DO UPDATE
      SET execution_id = excluded.execution_id,
        size = excluded.size,
        sha256 = excluded.sha256,
        content_type = excluded.content_type,
        blob_key = excluded.blob_key,
        created_at = excluded.created_at
  )
  SELECT blob_key
  FROM old`;
