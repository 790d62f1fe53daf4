/** Extensions and settings of the server that matter for its speed. */
export const SERVER = `SELECT name, setting, unit
  FROM pg_settings
  WHERE name IN ('server_version','max_connections','shared_buffers','work_mem','effective_cache_size','synchronous_commit',
    'fsync','wal_level','max_wal_size','autovacuum','random_page_cost','statement_timeout','timezone')
  ORDER BY name`;

/** The tables, the largest first: bytes with their indexes, rows by estimate, and when they were last cleaned. */
export const TABLES = `SELECT schemaname AS schema, relname AS name, pg_total_relation_size(relid)::float8 AS bytes,
    pg_relation_size(relid)::float8 AS heap_bytes, n_live_tup::float8 AS rows, n_dead_tup::float8 AS dead_rows,
    last_autovacuum, last_autoanalyze
  FROM pg_stat_user_tables
  ORDER BY pg_total_relation_size(relid) DESC
  LIMIT 200`;

/** Connections to this database and what they do, the longest first. Parameters of statements are not in it. */
export const ACTIVITY = `SELECT pid, application_name, state, wait_event_type, wait_event,
    extract(epoch FROM now() - xact_start)::float8 AS transaction_s, extract(epoch FROM now() - query_start)::float8 AS query_s,
    CASE WHEN application_name ILIKE 'drover%' THEN left(query, 1000) ELSE '(of another program)' END AS query
  FROM pg_stat_activity
  WHERE datname = current_database()
    AND pid <> pg_backend_pid()
  ORDER BY query_start NULLS LAST
  LIMIT 200`;

/** The schema in which statements are counted. No row: they are not. */
export const COUNTS_STATEMENTS = `SELECT quote_ident(n.nspname) AS schema
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
  WHERE extname = 'pg_stat_statements'`;

/** The statements that took longest in all, constants left out. A function, since the view is there with its extension. */
export const slowStatements = (
  schema: string,
): string => `SELECT calls::float8 AS calls, total_exec_time AS total_ms, mean_exec_time AS mean_ms,
    max_exec_time AS max_ms, rows::float8 AS rows, left(query, 2000) AS query
  FROM ${schema}.pg_stat_statements
  WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  ORDER BY total_exec_time DESC
  LIMIT 50`;

/** Jobs by queue and state that have not ended, at most 1,000 rows. */
export const QUEUES = `SELECT queue, filed_as AS state, count(*)::float8 AS jobs, min(created_at) AS oldest
  FROM job
  WHERE filed_as IN ('queued','scheduled')
  GROUP BY queue, filed_as
  UNION ALL
  SELECT j.queue, j.state, count(*)::float8, min(j.created_at)
  FROM job j
  WHERE j.id IN (SELECT job_id FROM execution WHERE finished_at IS NULL)
  GROUP BY j.queue, j.state
  ORDER BY 3 DESC
  LIMIT 1000`;

/** Dispatch marks: jobs of which no ticket is known to be in BullMQ. */
export const MARKS = `SELECT count(*)::float8 AS marks
  FROM outbox`;
