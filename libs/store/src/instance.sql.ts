/** Stores the setting $1 with the value $2 unless there is one; gives the value that counts. */
export const ENSURE_SETTING = `INSERT INTO instance_setting (key, value)
  VALUES ($1, $2::jsonb)
  ON CONFLICT (key) DO UPDATE
    SET key = instance_setting.key
  RETURNING value`;

/** Stores the setting $1 with the value $2. */
export const PUT_SETTING = `INSERT INTO instance_setting (key, value)
  VALUES ($1, $2::jsonb)
  ON CONFLICT (key) DO UPDATE
    SET value = excluded.value,
      updated_at = now()`;

/** Stores the number $2 as the setting $1 unless a greater one is there. */
export const RAISE_SETTING = `INSERT INTO instance_setting (key, value)
  VALUES ($1, $2::jsonb)
  ON CONFLICT (key) DO UPDATE
    SET value = excluded.value,
      updated_at = now()
    WHERE instance_setting.value < excluded.value`;

/** Whether the database answers. */
export const ANSWER = 'SELECT 1';

/** Holds the lock of a number ($1) until the transaction ends. */
export const HOLD_LOCK = 'SELECT pg_advisory_xact_lock($1)';

/** Ends each statement of this transaction that takes longer than so many milliseconds. */
export const limitStatements = (ms: number): string => `SET LOCAL statement_timeout = ${Math.round(ms)}`;

/** The clock of the record, milliseconds of Unix time. */
export const CLOCK = 'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::text AS now';

export const SERVER_VERSION = `SELECT current_setting('server_version') AS version`;

/** Takes the lock of a number ($1) for this connection. */
export const LOCK = 'SELECT pg_advisory_lock($1)';

/** Takes the lock of a number ($1) for this connection, if nobody has it. */
export const TRY_LOCK = 'SELECT pg_try_advisory_lock($1) AS taken';

/** Gives the lock of a number ($1) back that this connection holds. */
export const UNLOCK = 'SELECT pg_advisory_unlock($1)';

/** Lets the statements of this connection take their time. */
export const NO_TIMEOUT = 'SET statement_timeout = 0';

/** Constraints of tables that were not compared with the rows of before yet. */
export const OPEN_CONSTRAINTS = `SELECT conrelid::regclass::text AS "table", quote_ident(conname) AS name
  FROM pg_constraint
  WHERE NOT convalidated
    AND connamespace = current_schema()::regnamespace
  ORDER BY conrelid, conname`;

/** Compares a constraint with the rows of its table. Both names are SQL already. */
export const validate = (table: string, constraint: string): string =>
  `ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint}`;

/** The table of migrations; null: there is none. */
export const MIGRATION_TABLE = `SELECT to_regclass('migration')::text AS found`;

/** The migrations that were applied, with the stamps of their names, oldest first. */
export const MIGRATIONS_APPLIED = `SELECT name, timestamp::float8 AS stamp
  FROM migration
  ORDER BY timestamp`;
