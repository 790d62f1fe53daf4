import { ADVISORY_LOCKS, type AdvisoryLock } from '@drover/domain';
import * as SQL from './instance.sql.js';
import type { Sql } from './sql.js';

/** Holds an advisory lock until the transaction ends. */
export async function holdLock(sql: Sql, lock: AdvisoryLock): Promise<void> {
  await sql.rows(SQL.HOLD_LOCK, [ADVISORY_LOCKS[lock]]);
}

/** Ends each statement of this transaction that takes longer. */
export async function limitStatements(sql: Sql, ms: number): Promise<void> {
  await sql.run(SQL.limitStatements(ms));
}

/** The clock of the record, milliseconds of Unix time: the same whichever machine asks. */
export async function clockOf(sql: Sql): Promise<number> {
  const [row] = await sql.rows<{ now: string }>(SQL.CLOCK);
  return Number(row?.now);
}

/** The version of the server, such as `18.1`. */
export async function serverVersion(sql: Sql): Promise<string> {
  const [row] = await sql.rows<{ version: string }>(SQL.SERVER_VERSION);
  return row?.version ?? 'unknown';
}
