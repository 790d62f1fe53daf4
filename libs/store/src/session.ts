import type { Sql } from './sql.js';

/** Holds the lock of a number that programs agree on until the transaction ends. */
export async function holdLock(sql: Sql, lock: number): Promise<void> {
  await sql.rows('SELECT pg_advisory_xact_lock($1)', [lock]);
}

/** Ends each statement of this transaction that takes longer. */
export async function limitStatements(sql: Sql, ms: number): Promise<void> {
  await sql.run(`SET LOCAL statement_timeout = ${Math.round(ms)}`);
}

/** The clock of the record, milliseconds of Unix time: the same whichever machine asks. */
export async function clockOf(sql: Sql): Promise<number> {
  const [row] = await sql.rows<{ now: string }>(
    'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::text AS now',
  );
  return Number(row?.now);
}

/** The version of the server, such as `18.1`. */
export async function serverVersion(sql: Sql): Promise<string> {
  const [row] = await sql.rows<{ version: string }>(`SELECT current_setting('server_version') AS version`);
  return row?.version ?? 'unknown';
}
