/** Writes a fragment unless it is there: $1 job, $2 kind of log, $3 number, $4 phase, $5 time, $6 text. */
export const APPEND = `INSERT INTO testflinger_fragment (ref, log_type, number, phase, at, data)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT DO NOTHING`;

/** The last number and the bytes of each phase, of the fragments that meet these conditions. */
export const last = (conditions: readonly string[]): string => `SELECT phase, max(number) AS last,
    sum(length(data)) AS bytes
  FROM testflinger_fragment
  WHERE ${conditions.join('\n    AND ')}
  GROUP BY phase`;

/**
 * The fragments that meet these conditions and stand behind a number and an id, as many as fit into so many bytes, and
 * at least one. `places`: the parameters that hold these three.
 */
export const page = (
  conditions: readonly string[],
  places: { number: string; id: string; bytes: string },
): string => `SELECT id, number, phase, at, data
  FROM (
    SELECT *, sum(length(data)) OVER (ORDER BY number, id) - length(data) AS before
    FROM (
      SELECT *
      FROM testflinger_fragment
      WHERE ${[...conditions, `(number, id) > (${places.number}::bigint, ${places.id}::bigint)`].join('\n        AND ')}
      ORDER BY number, id
      LIMIT 1000
    ) f
  ) g
  WHERE before < ${places.bytes}
  ORDER BY number, id`;

/** Keeps a raw post ($3) of a job ($1) and a kind of log ($2). */
export const ADD_OUTPUT = `INSERT INTO testflinger_output (ref, log_type, data)
  VALUES ($1, $2, $3)`;

/**
 * Takes the oldest raw posts of a job ($1) and a kind of log ($2) away: as many as fit into $3 bytes, and at least one.
 * They are given unless the last one is older than 4 h.
 */
export const TAKE_OUTPUT = `WITH oldest AS (
    SELECT id, length(data) AS size
    FROM testflinger_output
    WHERE ref = $1
      AND log_type = $2
    ORDER BY id
    LIMIT 1000
  ),
  page AS (
    SELECT id
    FROM (SELECT id, sum(size) OVER (ORDER BY id) - size AS before FROM oldest) o
    WHERE before < $3
  ),
  taken AS (
    DELETE FROM testflinger_output
    WHERE id IN (SELECT id FROM page)
    RETURNING id, data
  )
  SELECT data
  FROM taken
  WHERE (SELECT max(at) FROM testflinger_output WHERE ref = $1 AND log_type = $2) > now() - interval '4 hours'
  ORDER BY id`;

/** Makes the run of a job ($1) and a kind of log ($2), anew for another execution ($3). */
export const ENSURE_RUN = `INSERT INTO testflinger_run (ref, log_type, execution_id)
  VALUES ($1, $2, $3)
  ON CONFLICT (ref, log_type) DO UPDATE
    SET execution_id = excluded.execution_id,
      read_to = 0,
      rest = '',
      phase = NULL,
      finished = false
    WHERE testflinger_run.execution_id <> excluded.execution_id`;

/** The run of a job ($1) and a kind of log ($2). */
export const RUN = `SELECT ref, log_type, execution_id, read_to, rest, phase, next_number, finished
  FROM testflinger_run
  WHERE ref = $1
    AND log_type = $2`;

/** The same, locked. */
export const LOCK_RUN = `${RUN}
  FOR UPDATE`;

/**
 * Notes how far the run of a job ($1) and a kind of log ($2) is: $3 bytes read, $4 rest, $5 phase, $6 next number, $7
 * whether it is finished.
 */
export const SAVE_RUN = `UPDATE testflinger_run
  SET read_to = $3,
    rest = $4,
    phase = $5,
    next_number = $6,
    finished = $7,
    updated_at = now()
  WHERE ref = $1
    AND log_type = $2`;
