/** Sets these keys ($2) of a job's ($1) result to the values $3 (JSON each). */
export const MERGE = `INSERT INTO testflinger_result (ref, key, value)
  SELECT $1, *
  FROM unnest($2::text[], $3::text[])
  ON CONFLICT (ref, key) DO UPDATE
    SET value = excluded.value,
      updated_at = now()`;

/** The result of a job ($1): these keys ($2, null: all). */
export const RESULT = `SELECT key, value
  FROM testflinger_result
  WHERE ref = $1
    AND ($2::text[] IS NULL OR key = ANY($2))`;

/** Makes or replaces a job's ($1) archive of a kind ($2), and gives the blob it had: $3 blob, $4 bytes, $5 SHA-256. */
export const PUT_BLOB = `WITH old AS (
    SELECT blob_key
    FROM testflinger_blob
    WHERE ref = $1
      AND kind = $2
    FOR UPDATE
  ),
  put AS (
    INSERT INTO testflinger_blob (ref, kind, blob_key, size, sha256)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (ref, kind) DO UPDATE
      SET blob_key = excluded.blob_key,
        size = excluded.size,
        sha256 = excluded.sha256,
        updated_at = now()
  )
  SELECT blob_key
  FROM old`;

/** A job's ($1) archive of a kind ($2). */
export const BLOB = `SELECT ref, kind, blob_key, size, sha256, updated_at
  FROM testflinger_blob
  WHERE ref = $1
    AND kind = $2`;

/** Forgets all that is kept of a job ($1) but its archives; a statement each. */
export const CLEAR = ['result', 'fragment', 'output', 'run'].map(
  (table) => `DELETE FROM testflinger_${table}
  WHERE ref = $1`,
);

/** Forgets the archives of a job ($1), or (when $2) all but its attachments. */
export const CLEAR_BLOBS = `DELETE FROM testflinger_blob
  WHERE ref = $1
    AND NOT ($2 AND kind = 'attachments')
  RETURNING blob_key`;

/** Forgets raw posts older than 4 h. */
export const FORGET_OUTPUT = `DELETE FROM testflinger_output
  WHERE at < now() - interval '4 hours'`;

/** Forgets rows of a table that were not touched (`column`) for $1 seconds and belong to no live job. */
const forgetOld = (table: string, column: string): string => `DELETE FROM testflinger_${table} t
  WHERE t.${column} < now() - make_interval(secs => $1)
    AND NOT EXISTS (
      SELECT 1
      FROM job j
      LEFT JOIN external_ref r ON r.job_id = j.id AND r.dialect = 'testflinger'
      WHERE coalesce(r.external_id, j.id::text) = t.ref
        AND j.state IN ('scheduled','queued','claimed','running','cancelling')
    )`;

export const FORGET_RESULTS = forgetOld('result', 'updated_at');

export const FORGET_FRAGMENTS = forgetOld('fragment', 'stored_at');

export const FORGET_RUNS = forgetOld('run', 'updated_at');

/** Forgets archives of that age, and gives their blobs. */
export const FORGET_BLOBS = `${forgetOld('blob', 'updated_at')}
  RETURNING blob_key`;
