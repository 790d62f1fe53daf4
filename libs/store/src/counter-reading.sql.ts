/** Jobs of the record whose own sources were told within $1 seconds, at most $2. */
export const TOLD_LATELY = `SELECT j.id
  FROM (
    SELECT DISTINCT job
    FROM metric_source
    WHERE job IS NOT NULL
      AND NOT gone
      AND kind IN ('client','execution')
      AND updated_at > now() - make_interval(secs => $1)
  ) s
  JOIN job j ON j.id = CASE WHEN s.job ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN s.job::uuid END
  ORDER BY j.seq
  LIMIT $2`;

/** Keeps the readings of $1 (a JSON list); none is later than the end of its job. */
export const INSERT = `INSERT INTO counter_reading (job_id, at, vals)
  SELECT r.job_id, least(r.at, j.finished_at), r.vals
  FROM jsonb_to_recordset($1::jsonb) AS r(job_id uuid, at timestamptz, vals jsonb)
  JOIN job j ON j.id = r.job_id
  ORDER BY r.job_id
  ON CONFLICT (job_id, at) DO UPDATE
    SET vals = excluded.vals`;

/**
 * Forgets every second reading of the jobs that have more than $1 of them, and were read within the last $2 seconds;
 * the first and the last one stay.
 */
export const THIN = `DELETE FROM counter_reading c
  USING (
    SELECT job_id, at, row_number() OVER (PARTITION BY job_id ORDER BY at) AS n,
      count(*) OVER (PARTITION BY job_id) AS total
    FROM counter_reading
    WHERE job_id IN (SELECT DISTINCT job_id FROM counter_reading WHERE at > now() - make_interval(secs => $2))
  ) t
  WHERE t.total > $1
    AND t.n % 2 = 0
    AND t.n < t.total
    AND c.job_id = t.job_id
    AND c.at = t.at`;

/** The newest $4 readings of a job ($1) from $2 to $3 (null: no border), oldest first. */
export const OF_JOB = `SELECT at, vals
  FROM (
    SELECT at, vals
    FROM counter_reading
    WHERE job_id = $1
      AND ($2::timestamptz IS NULL OR at >= $2)
      AND ($3::timestamptz IS NULL OR at <= $3)
    ORDER BY at DESC
    LIMIT $4
  ) r
  ORDER BY at`;

/** Values of the series $2, in their order, at each reading of the jobs $1; at most $3 readings. */
export const OF_SERIES = `SELECT job_id, at, (
      SELECT json_agg(coalesce(vals -> 'c' ->> name, vals -> 'g' ->> name)::float8 ORDER BY place)
      FROM unnest($2::text[]) WITH ORDINALITY AS wanted(name, place)
    ) AS values
  FROM counter_reading
  WHERE job_id = ANY($1::uuid[])
  ORDER BY job_id, at
  LIMIT $3`;

/** Forgets readings that are older than $1 seconds, at most $2. */
export const FORGET = `DELETE FROM counter_reading
  WHERE (job_id, at) IN (
    SELECT job_id, at
    FROM counter_reading
    WHERE at < now() - make_interval(secs => $1)
    ORDER BY at
    LIMIT $2
  )`;
