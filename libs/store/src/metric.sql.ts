import { OPEN_JOBS } from './filed.sql.js';

const COLUMNS = `key, kind, feeds_main, node, job, live, held_by, incarnation, seq, description, table_id, vals, gone,
    created_at, updated_at, tx::text AS tx`;

/**
 * One look: the mark for the next one, the jobs that run (`jobs` at most, in the first row) and the sources that were
 * written at or after the mark $1, or (`since` false) those that are not gone.
 */
export const look = (jobs: number, options: { since: boolean }): string => `SELECT look.mark,
    CASE WHEN row_number() OVER () = 1 THEN look.running END AS running,
    ${COLUMNS}
  FROM (
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS mark,
      (
        SELECT coalesce(json_agg(r), '[]')
        FROM (
          SELECT id, node, attempt, started_at
          FROM job
          WHERE id IN (${OPEN_JOBS})
            AND state IN ('running','cancelling')
          ORDER BY started_at, seq
          LIMIT ${Number(jobs)}
        ) r
      ) AS running
    OFFSET 0
  ) look
  LEFT JOIN metric_source ON ${options.since ? 'tx >= $1::text::xid8' : 'NOT gone'}`;

/** The sources of these keys ($1), in the order of keys. */
export const OF_KEYS = `SELECT ${COLUMNS}
  FROM metric_source
  WHERE key = ANY($1::text[])
    AND NOT gone
  ORDER BY key`;

/** The same, locked. */
export const LOCK_KEYS = `${OF_KEYS}
  FOR UPDATE`;

/** The sources of these jobs ($1), in the order of keys. */
export const OF_JOBS = `SELECT ${COLUMNS}
  FROM metric_source
  WHERE job = ANY($1::text[])
    AND NOT gone
  ORDER BY key`;

/** The same, locked. */
export const LOCK_JOBS = `${OF_JOBS}
  FOR UPDATE`;

/** Locks the sources of a node ($1), in the order of keys. */
export const LOCK_NODE = `SELECT ${COLUMNS}
  FROM metric_source
  WHERE node = $1
    AND NOT gone
  ORDER BY key
  FOR UPDATE`;

/** Makes rows for those of these keys ($1) that have none, in the order of keys, with the list of series $2. */
export const ENSURE = `INSERT INTO metric_source (key, kind, feeds_main, table_id, vals)
  SELECT k, 'archive', false, $2, ''
  FROM unnest($1::text[]) AS k
  ORDER BY k
  ON CONFLICT (key) DO UPDATE
    SET gone = false,
      table_id = $2,
      vals = '',
      incarnation = '',
      seq = 0,
      description = NULL,
      created_at = now()
    WHERE metric_source.gone`;

/** Live sources of clients on agents that are offline or no more. */
export const LIVE_OF_LOST_AGENTS = `SELECT s.key, s.job
  FROM metric_source s
  LEFT JOIN agent a ON a.id::text = s.held_by
  WHERE s.live
    AND s.kind = 'client'
    AND s.job IS NOT NULL
    AND NOT s.gone
    AND (a.id IS NULL OR a.state = 'offline')
  LIMIT 1000`;

/** Nodes whose own metrics have not come for $1 seconds. */
export const SILENT_NODES = `SELECT node
  FROM metric_source
  WHERE kind = 'node'
    AND NOT gone
    AND updated_at < now() - make_interval(secs => $1)`;

/** Live sources that these agents or targets ($1) hold. */
export const LIVE_OF_HOLDERS = `SELECT key, job
  FROM metric_source
  WHERE held_by = ANY($1::text[])
    AND live
    AND NOT gone`;

/** All sources that an agent or a target ($1) holds. */
export const HELD = `SELECT ${COLUMNS}
  FROM metric_source
  WHERE held_by = $1
    AND NOT gone`;

/**
 * Makes or replaces the sources of $1 (a JSON list) with their values ($2, in the same order), in the order of
 * keys.
 */
export const PUT = `INSERT INTO metric_source (key, kind, feeds_main, node, job, live, held_by, incarnation, seq,
    description, table_id, vals)
  SELECT r.key, r.kind, r.feeds_main, r.node, r.job, r.live, r.held_by, r.incarnation, r.seq, r.description,
    r.table_id, v.vals
  FROM (
    SELECT row_number() OVER () AS n, f.*
    FROM jsonb_to_recordset($1::jsonb) AS f(key text, kind text, feeds_main boolean, node text, job text,
      live boolean, held_by text, incarnation text, seq bigint, description jsonb, table_id text)
  ) r
  JOIN unnest($2::bytea[]) WITH ORDINALITY AS v(vals, n) ON v.n = r.n
  ORDER BY r.key
  ON CONFLICT (key) DO UPDATE
    SET kind = excluded.kind,
      feeds_main = excluded.feeds_main,
      node = excluded.node,
      job = excluded.job,
      live = excluded.live,
      held_by = excluded.held_by,
      incarnation = excluded.incarnation,
      seq = excluded.seq,
      description = excluded.description,
      table_id = excluded.table_id,
      vals = excluded.vals,
      gone = false,
      updated_at = now(),
      tx = pg_current_xact_id(),
      created_at = CASE WHEN metric_source.gone THEN now() ELSE metric_source.created_at END`;

/** Sets the readings ($2) and values ($3) of sources ($1, their keys); a list for each column. */
export const PUT_VALUES = `UPDATE metric_source
  SET vals = r.vals,
    seq = r.seq,
    updated_at = now(),
    tx = pg_current_xact_id()
  FROM unnest($1::text[], $2::bigint[], $3::bytea[]) AS r(key, seq, vals)
  WHERE metric_source.key = r.key`;

/** Says of these sources ($1) whether they keep their jobs listed ($2). */
export const SET_LIVE = `UPDATE metric_source
  SET live = $2,
    tx = pg_current_xact_id()
  WHERE key = ANY($1::text[])`;

/** Tells readers that these sources ($1) are to be forgotten. */
export const REMOVE = `UPDATE metric_source
  SET gone = true,
    live = false,
    job = NULL,
    held_by = NULL,
    vals = '',
    updated_at = now(),
    tx = pg_current_xact_id()
  WHERE key = ANY($1::text[])`;

/** Deletes sources that have been gone for $1 seconds. */
export const PURGE = `DELETE FROM metric_source
  WHERE gone
    AND updated_at < now() - make_interval(secs => $1)`;

/** Deletes lists of series that no source has used lately. */
export const PURGE_TABLES = `DELETE FROM metric_table t
  WHERE created_at < now() - interval '10 minutes'
    AND NOT EXISTS (SELECT 1 FROM metric_source s WHERE s.table_id = t.id)`;

/** The lists of series of these ids ($1). */
export const TABLES = `SELECT id, defs
  FROM metric_table
  WHERE id = ANY($1::text[])`;

/**
 * Makes the lists of series of $1 (a JSON list). One that is used again is as good as new: the purge leaves it
 * alone.
 */
export const PUT_TABLES = `INSERT INTO metric_table (id, defs)
  SELECT id, defs
  FROM jsonb_to_recordset($1::jsonb) AS r(id text, defs jsonb)
  ORDER BY id
  ON CONFLICT (id) DO UPDATE
    SET created_at = now()
    WHERE metric_table.created_at < now() - interval '5 minutes'`;

/** The ended sources beyond the newest $1, at most $2. */
export const OLDEST_ENDED = `SELECT key
  FROM metric_source
  WHERE kind = 'ended'
    AND NOT gone
  ORDER BY updated_at DESC, key
  OFFSET $1
  LIMIT $2`;

/** Jobs with sources of Drover's own that ended more than $1 seconds ago, or that are no more. */
export const ENDED_JOBS_WITH_SOURCES = `SELECT DISTINCT s.job
  FROM metric_source s
  LEFT JOIN job j ON j.id = CASE WHEN s.job ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN s.job::uuid END
  WHERE s.job IS NOT NULL
    AND NOT s.gone
    AND NOT s.live
    AND s.kind IN ('client', 'execution')
    AND (
      j.id IS NULL
      OR (
        j.state IN ('succeeded','failed','cancelled','expired')
        AND j.finished_at < now() - make_interval(secs => $1)
      )
    )
    AND NOT EXISTS (SELECT 1 FROM metric_source o WHERE o.job = s.job AND o.live AND NOT o.gone)
  LIMIT 1000`;
