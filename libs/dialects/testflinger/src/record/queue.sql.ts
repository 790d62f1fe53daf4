/** Makes these queues ($1) or replaces their descriptions ($2). */
export const ADVERTISE = `INSERT INTO testflinger_queue (name, description)
  SELECT *
  FROM unnest($1::text[], $2::text[])
  ON CONFLICT (name) DO UPDATE
    SET description = excluded.description,
      updated_at = now()`;

/** Makes these queues ($1) or replaces their images ($2, JSON each). */
export const SET_IMAGES = `INSERT INTO testflinger_queue (name, images)
  SELECT *
  FROM unnest($1::text[], $2::jsonb[])
  ON CONFLICT (name) DO UPDATE
    SET images = excluded.images,
      updated_at = now()`;

/** All queues by name. */
export const LIST = `SELECT name, description
  FROM testflinger_queue
  ORDER BY name
  LIMIT 100000`;

/** The images of a queue ($1). */
export const IMAGES = `SELECT images
  FROM testflinger_queue
  WHERE name = $1`;

/** One row when there is this queue ($1). */
export const EXISTS = `SELECT 1
  FROM testflinger_queue
  WHERE name = $1`;

/** Counts waits: in queues ($1) so many seconds ($2) so often ($3); a list for each. */
export const WAITED = `INSERT INTO testflinger_wait (queue, seconds, n)
  SELECT *
  FROM unnest($1::text[], $2::integer[], $3::bigint[])
  ON CONFLICT (queue, seconds) DO UPDATE
    SET n = testflinger_wait.n + excluded.n`;

/** How many jobs were ever taken from each of these queues ($1, null: all). */
export const WAIT_TOTALS = `SELECT queue, sum(n::float8) AS total
  FROM testflinger_wait
  WHERE $1::text[] IS NULL
    OR queue = ANY($1)
  GROUP BY queue`;

/** The waits in each of these queues ($1), as JSON: seconds, and how many jobs waited so long. */
export const WAITS = `SELECT queue, array_to_json(array_agg(seconds))::text AS seconds,
    array_to_json(array_agg(n))::text AS counts
  FROM testflinger_wait
  WHERE queue = ANY($1::text[])
  GROUP BY queue`;

/** Forgets queues that nobody has advertised for $1 seconds. */
export const FORGET = `DELETE FROM testflinger_queue
  WHERE updated_at < now() - make_interval(secs => $1)`;
