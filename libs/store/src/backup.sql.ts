import { ident } from './login.sql.js';

/** Begins the transaction of a copy: everything it reads is the record of one moment. */
export const BEGIN_COPY = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** Begins the transaction of a load. */
export const BEGIN_LOAD = 'BEGIN';

/** Keeps what a transaction did. */
export const COMMIT = 'COMMIT';

/** Undoes what a transaction did. */
export const ROLLBACK = 'ROLLBACK';

/** Lets the statements of this transaction, and the pauses between them, take their time; waits 60 s for locks. */
export const TAKE_TIME = `SELECT set_config('statement_timeout', '0', true),
    set_config('idle_in_transaction_session_timeout', '0', true),
    set_config('lock_timeout', '60s', true)`;

/**
 * Keeps migrations (the lock $1) away until the transaction ends, if none works now. Copies do not keep each other
 * away.
 */
export const KEEP_MIGRATIONS_AWAY = 'SELECT pg_try_advisory_xact_lock_shared($1) AS taken';

/** Holds the lock of migrations ($1) until the transaction ends, if nobody has it. */
export const TRY_MIGRATION_LOCK = 'SELECT pg_try_advisory_xact_lock($1) AS taken';

/** The time of the transaction, the server's version and the size of the database in bytes. */
export const MOMENT = `SELECT now() AS at, current_setting('server_version') AS server,
    pg_database_size(current_database())::text AS bytes`;

/**
 * The tables of the record, each after those that it refers to, with their columns. What belongs to an extension, the
 * days of a table and the list of migrations are left out.
 */
export const TABLES = `WITH RECURSIVE ours AS (
    SELECT c.oid, c.relname
    FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace
      AND c.relkind IN ('r', 'p')
      AND NOT c.relispartition
      AND c.relname <> 'migration'
      AND NOT EXISTS (
        SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
      )
  ),
  refers AS (
    SELECT DISTINCT conrelid AS of, confrelid AS to
    FROM pg_constraint
    WHERE contype = 'f'
      AND conrelid <> confrelid
  ),
  depth AS (
    SELECT oid, 0 AS level FROM ours
    UNION
    SELECT r.of, d.level + 1 FROM depth d JOIN refers r ON r.to = d.oid WHERE d.level < 50
  )
  SELECT o.relname AS name, max(d.level) AS level,
    (
      SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
      FROM pg_attribute a
      WHERE a.attrelid = o.oid
        AND a.attnum > 0
        AND NOT a.attisdropped
        AND a.attgenerated = ''
    ) AS columns
  FROM ours o
  JOIN depth d USING (oid)
  GROUP BY o.oid, o.relname
  ORDER BY level, name`;

/** The sequences that have given a number, with the last one. */
export const SEQUENCES = `SELECT sequencename AS name, last_value::text AS value
  FROM pg_sequences
  WHERE schemaname = current_schema()
    AND last_value IS NOT NULL
  ORDER BY name`;

/** Lets the sequence $1 go on behind $2. */
export const SET_SEQUENCE = 'SELECT setval($1::regclass, $2::bigint)';

/** A column of a table that is copied. */
export interface CopiedColumn {
  name: string;
  /** The type as Postgres writes it, such as `timestamp with time zone`. */
  type: string;
}

/** Ids of transactions count on one server only: a copy has the smallest one, which lies before all of the next server. */
const NO_TRANSACTION = `'3'::xid8`;

const shown = ({ name, type }: CopiedColumn): string =>
  type === 'xid8' ? `${NO_TRANSACTION} AS ${ident(name)}` : ident(name);

/** All rows of a table, in Postgres's binary form. */
export const copyOut = (table: string, columns: readonly CopiedColumn[]): string => `COPY (
    SELECT ${columns.map(shown).join(', ')}
    FROM ${ident(table)}
  ) TO STDOUT (FORMAT binary)`;

/** Takes rows of a table in Postgres's binary form. */
export const copyIn = (table: string, columns: readonly CopiedColumn[]): string =>
  `COPY ${ident(table)} (${columns.map(({ name }) => ident(name)).join(', ')}) FROM STDIN (FORMAT binary)`;

/** The large objects that these tables name, each once: key, bytes and SHA-256, a line each, by key. */
export const copyLargeObjects = (tables: readonly string[]): string => `COPY (
    ${tables.map((table) => `SELECT blob_key, size, sha256 FROM ${ident(table)}`).join('\n    UNION\n    ')}
    ORDER BY 1
  ) TO STDOUT`;

/** One row with the first of these tables that has a row; no row: all are empty. */
export const firstUsed = (tables: readonly string[]): string =>
  `${tables
    .map((table, at) => `SELECT ${at} AS at WHERE EXISTS (SELECT 1 FROM ${ident(table)})`)
    .join('\n  UNION ALL\n  ')}
  ORDER BY at
  LIMIT 1`;

/** Keeps everybody else from these tables until the transaction ends. */
export const lockAll = (tables: readonly string[]): string =>
  `LOCK TABLE ${tables.map(ident).join(', ')} IN ACCESS EXCLUSIVE MODE`;

/** Switches a table's own triggers off or on: what they count is in the rows that are loaded. References are checked. */
export const triggers = (table: string, state: 'DISABLE' | 'ENABLE'): string =>
  `ALTER TABLE ${ident(table)} ${state} TRIGGER USER`;

/** Connections of APIs to this database. */
export const SERVING = `SELECT count(*)::int AS n
  FROM pg_stat_activity
  WHERE datname = current_database()
    AND application_name = 'drover-api'`;

/** Lets the planner know what the tables hold. */
export const analyze = (tables: readonly string[]): string => `ANALYZE ${tables.map(ident).join(', ')}`;
