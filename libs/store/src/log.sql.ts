const COLUMNS = 'stream, "offset", length, sequence, at, data';

/**
 * Writes chunks, a list for each column: executions ($1), streams ($2), offsets ($3), lengths ($4), sequences ($5),
 * times ($6) and bytes ($7). One that is known is there already.
 */
export const INSERT = `INSERT INTO log_chunk (execution_id, stream, "offset", length, sequence, at, data)
  SELECT *
  FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::integer[], $5::bigint[], $6::timestamptz[], $7::bytea[])
  ON CONFLICT DO NOTHING`;

/** Chunks of a stream ($2) of an execution ($1) from the one that holds the byte $3 on, at most $4. */
export const OF_STREAM = `SELECT ${COLUMNS}
  FROM log_chunk
  WHERE execution_id = $1
    AND stream = $2
    AND "offset" + length > $3
    AND "offset" >= coalesce(
      (SELECT max("offset") FROM log_chunk WHERE execution_id = $1 AND stream = $2 AND "offset" <= $3),
      0
    )
  ORDER BY "offset"
  LIMIT $4`;

/** Chunks of both streams of an execution ($1) after the sequence $2, in the order the agent saw them, at most $3. */
export const INTERLEAVED = `SELECT ${COLUMNS}
  FROM log_chunk
  WHERE execution_id = $1
    AND sequence > $2
  ORDER BY sequence
  LIMIT $3`;

/** Chunks of a stream ($2) of an execution ($1) before the offset $3 (null: from the end), newest first, at most $4. */
export const BACKWARDS = `SELECT ${COLUMNS}
  FROM log_chunk
  WHERE execution_id = $1
    AND stream = $2
    AND ($3::bigint IS NULL OR "offset" < $3)
  ORDER BY "offset" DESC
  LIMIT $4`;

/** The same of both streams ($2 is null) before the sequence $3. */
export const BACKWARDS_INTERLEAVED = `SELECT ${COLUMNS}
  FROM log_chunk
  WHERE execution_id = $1
    AND ($2::text IS NULL)
    AND ($3::bigint IS NULL OR sequence < $3)
  ORDER BY sequence DESC
  LIMIT $4`;
