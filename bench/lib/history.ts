import type { Store } from '@drover/store';
import { CHUNK, TABLES } from './history.sql.js';

/** Jobs written in one transaction: none runs into the time-out of a statement. */
const AT_ONCE = 20_000;
/** Days over which the jobs of a history have ended. */
export const HISTORY_DAYS = 20;
/** Profiles that a broker keeps without a setting. */
const PROFILES = 200_000;
/** Tables that grow with each job. */
const HISTORY_TABLES = [
  'job',
  'execution',
  'log_chunk',
  'event',
  'audit',
  'profile',
  'job_usage',
  'external_ref',
  'job_trail',
  'idempotency_key',
  'delivery',
  'artifact',
  'task_job',
  'task_execution',
];

/**
 * Writes so many finished jobs with all they leave behind, through the tables, triggers and references of the record,
 * as the vacuum finds them afterwards.
 */
export async function makeHistory(store: Store, jobs: number, said: (done: number) => void = () => {}): Promise<void> {
  for (let from = 0; from < jobs; from += AT_ONCE) {
    const to = Math.min(jobs, from + AT_ONCE);
    await store.tx(async (sql) => {
      await sql.run(CHUNK, [from, to, jobs, HISTORY_DAYS]);
      for (const statement of TABLES)
        await sql.run(statement, statement.includes('$1') ? [Math.max(0, jobs - PROFILES)] : []);
    });
    said(to);
  }
  // As autovacuum leaves tables that have been there for a while.
  for (const table of HISTORY_TABLES) await store.sql.run(`VACUUM (ANALYZE) ${table}`);
}
