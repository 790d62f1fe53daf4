const COLUMNS = `id, address, kind, period_s, job, drop_after, health, failures, last_error, last_scrape_at,
    last_duration_ms, series, tree, owner, project, created_at`;

/**
 * Makes a target, or replaces the one with this address ($2), which keeps its id: $1 id, $3 kind, $4 period in seconds,
 * $5 job, $6 after how many failures it is dropped, $7 tree, $8 owner, $9 project.
 */
export const UPSERT = `INSERT INTO scrape_target (id, address, kind, period_s, job, drop_after, tree, owner, project)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (address) DO UPDATE
    SET kind = excluded.kind,
      period_s = excluded.period_s,
      job = excluded.job,
      drop_after = excluded.drop_after,
      tree = excluded.tree,
      failures = 0,
      health = 'unknown',
      last_error = NULL,
      last_scrape_at = NULL,
      next_at = now()
  RETURNING ${COLUMNS}`;

/** Takes the target $1 with the lease $2 for $3 seconds, when it is due and in nobody's hands. */
export const TAKE = `UPDATE scrape_target
  SET lease_id = $2,
    lease_until = now() + make_interval(secs => $3),
    next_at = greatest(next_at, now() - make_interval(secs => period_s)) + make_interval(secs => period_s)
  WHERE id = $1
    AND (lease_until IS NULL OR lease_until < now())
    AND next_at <= now() + interval '20 milliseconds'
  RETURNING ${COLUMNS}`;

/** Gives the target $1 back, which the lease $2 holds, and sets what its scrape has shown. */
const finish = (shown: readonly string[]): string => `UPDATE scrape_target
  SET ${['lease_id = NULL', 'lease_until = NULL', ...shown].join(',\n    ')}
  WHERE id = $1
    AND lease_id = $2
  RETURNING greatest(0, extract(epoch FROM next_at - now()) * 1000)::float8 AS due_in_ms, failures`;

/** Gives it back without a scrape. */
export const FINISH_SKIPPED = finish([]);

/** The scrape took $3 ms and brought $4 series and the tree $5. */
export const FINISH_UP = finish([
  `health = 'up'`,
  'failures = 0',
  'last_error = NULL',
  'last_scrape_at = now()',
  'last_duration_ms = $3',
  'series = $4',
  'tree = $5::text[]',
]);

/** The scrape failed with the error $3; the next one is to wait $4 seconds (null: as planned). */
export const FINISH_DOWN = finish([
  `health = 'down'`,
  'failures = failures + 1',
  'last_error = $3',
  'next_at = CASE WHEN $4::float8 IS NULL THEN next_at ELSE now() + make_interval(secs => $4) END',
]);

/** Targets that were due more than $1 ms ago and are in nobody's hands. */
export const OVERDUE = `SELECT id
  FROM scrape_target
  WHERE next_at < now() - make_interval(secs => $1::float8 / 1000)
    AND (lease_until IS NULL OR lease_until < now())
  LIMIT 10000`;

/** Keeps everybody else from changing the tree until the transaction ends. */
export const LOCK_TREE = 'LOCK TABLE proxy_tree_edge IN SHARE ROW EXCLUSIVE MODE';
