const PLACE = 'stream, "offset", length, sequence, at, lines, open, line, view_line, view_offset';
const COLUMNS = `${PLACE}, data`;

/**
 * Writes chunks, a list for each column: executions ($1), streams ($2), offsets ($3), lengths ($4), sequences ($5),
 * times ($6), bytes ($7), lines ($8), whether they end within one ($9), and what stands before: lines of the stream
 * ($10), lines ($11) and bytes ($12) of the view. One that is known is there already.
 */
export const INSERT = `INSERT INTO log_chunk (execution_id, stream, "offset", length, sequence, at, data, lines, open,
    line, view_line, view_offset)
  SELECT *
  FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::integer[], $5::bigint[], $6::timestamptz[], $7::bytea[],
    $8::integer[], $9::boolean[], $10::bigint[], $11::bigint[], $12::bigint[])
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

/** The views of a log: one stream ($2), or both (then $2 is null) in the order in which the agent saw them. */
const LOG_VIEWS = ['stream', 'both'] as const;
export type LogView = (typeof LOG_VIEWS)[number];

/** The ways to name a place in a log. */
const PLACED_BY = ['line', 'offset', 'time'] as const;
export type PlacedBy = (typeof PLACED_BY)[number];

interface ViewColumns extends Record<PlacedBy, string> {
  /** Chunks of the view follow each other by it, and an index finds it. */
  key: string;
  /** The chunks of the view. */
  of: string;
}

const VIEWS: Record<LogView, ViewColumns> = {
  stream: { key: '"offset"', of: 'execution_id = $1 AND stream = $2', line: 'line', offset: '"offset"', time: 'at' },
  both: {
    key: 'sequence',
    of: 'execution_id = $1 AND $2::text IS NULL',
    line: 'view_line',
    offset: 'view_offset',
    time: 'at',
  },
};

const VALUES: Record<PlacedBy, (column: string) => string> = {
  line: (column) => `${column} < $3::bigint`,
  offset: (column) => `${column} <= $3::bigint`,
  time: (column) => `${column} < $3::timestamptz`,
};

/**
 * The last chunk of a view that begins before a line or a time, or at or before a byte ($3); the first chunk when none
 * does. Each step halves the keys that are left, and finds one row by the index.
 */
const located = (view: LogView, by: PlacedBy): string => {
  const { key, of, ...columns } = VIEWS[view];
  return `WITH RECURSIVE search(low, high) AS (
    SELECT min(${key}), max(${key})
    FROM log_chunk
    WHERE ${of}
    UNION ALL
    SELECT CASE WHEN found.before THEN greatest(middle.key, found.key) ELSE low END,
      CASE WHEN found.before THEN high ELSE found.key - 1 END
    FROM search
    CROSS JOIN LATERAL (SELECT (low + high + 1) / 2 AS key) middle
    CROSS JOIN LATERAL (
      SELECT ${key} AS key, ${VALUES[by](columns[by])} AS before
      FROM log_chunk
      WHERE ${of}
        AND ${key} <= middle.key
      ORDER BY ${key} DESC
      LIMIT 1
    ) found
    WHERE low < high
  )
  SELECT ${PLACE}
  FROM log_chunk
  WHERE ${of}
    AND ${key} <= greatest(
      (SELECT low FROM search WHERE low >= high LIMIT 1),
      (SELECT min(${key}) FROM log_chunk WHERE ${of})
    )
  ORDER BY ${key} DESC
  LIMIT 1`;
};

/** The statements of {@link located} by view, and by what is asked. */
export const LOCATED = Object.fromEntries(
  LOG_VIEWS.map((view) => [view, Object.fromEntries(PLACED_BY.map((by) => [by, located(view, by)]))]),
) as Record<LogView, Record<PlacedBy, string>>;

const lastPlace = (view: LogView): string => `SELECT ${PLACE}
  FROM log_chunk
  WHERE ${VIEWS[view].of}
  ORDER BY ${VIEWS[view].key} DESC
  LIMIT 1`;

/** The last chunk of a view, without its bytes. */
export const LAST_PLACE: Record<LogView, string> = { stream: lastPlace('stream'), both: lastPlace('both') };

/**
 * Chunks of a stream ($2) of an execution ($1), without their bytes: for each of the offsets $3 the one that holds it.
 * Each is found by the key.
 */
export const PLACES_AT = `SELECT DISTINCT ON (place."offset") place.*
  FROM unnest($3::bigint[]) AS asked("offset")
  CROSS JOIN LATERAL (
    SELECT ${PLACE}
    FROM log_chunk
    WHERE execution_id = $1
      AND stream = $2
      AND log_chunk."offset" <= asked."offset"
    ORDER BY log_chunk."offset" DESC
    LIMIT 1
  ) place
  ORDER BY place."offset"`;

/** The first chunk of an execution ($1) that was not counted. */
export const FIRST_UNCOUNTED = `SELECT min(sequence) AS sequence
  FROM log_chunk
  WHERE execution_id = $1
    AND lines IS NULL`;

/** The last chunk of an execution ($1) before the sequence $3, of the stream $2 or (null) of both; without its bytes. */
export const PLACE_BEFORE = `SELECT ${PLACE}
  FROM log_chunk
  WHERE execution_id = $1
    AND ($2::text IS NULL OR stream = $2)
    AND sequence < $3
  ORDER BY sequence DESC
  LIMIT 1`;

/**
 * Notes the places of chunks of an execution ($1), a list for each column: streams ($2), offsets ($3), lines ($4),
 * whether they end within one ($5), lines of the stream ($6), lines ($7) and bytes ($8) of the view before.
 */
export const PUT_PLACES = `UPDATE log_chunk c
  SET lines = r.lines,
    open = r.open,
    line = r.line,
    view_line = r.view_line,
    view_offset = r.view_offset
  FROM unnest($2::text[], $3::bigint[], $4::integer[], $5::boolean[], $6::bigint[], $7::bigint[], $8::bigint[])
    AS r(stream, "offset", lines, open, line, view_line, view_offset)
  WHERE c.execution_id = $1
    AND c.stream = r.stream
    AND c."offset" = r."offset"`;

/** Notes the tally ($2) of an ended execution ($1) whose log has so many bytes ($3) as were counted. */
export const PUT_TALLY = `UPDATE execution
  SET log_tally = $2::jsonb
  WHERE id = $1
    AND state = 'ended'
    AND stdout_bytes + stderr_bytes = $3`;
