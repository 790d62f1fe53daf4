import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '@drover/store';
import type { Row } from './numbers.js';

interface Counters {
  updates: number;
  hot: number;
  executionUpdates: number;
  executionHot: number;
  wal: number;
  images: number;
}

const COUNTERS = `SELECT
    (SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'job')::float8 AS updates,
    (SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'job')::float8 AS hot,
    (SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'execution')::float8 AS "executionUpdates",
    (SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'execution')::float8 AS "executionHot",
    pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS wal,
    (SELECT wal_fpi FROM pg_stat_wal)::float8 AS images`;

/** Backends hand their counts on within a second, as long as they have something to do, and within ten when idle. */
const SETTLES_MS = 1_500;

async function look(sql: Sql): Promise<Counters> {
  await sleep(SETTLES_MS);
  const [row] = await sql.rows<Counters>(COUNTERS);
  return row as Counters;
}

const share = (part: number, whole: number): number => (whole === 0 ? Number.NaN : (part * 100) / whole);

/**
 * Gives the cost of some work for the record: updates that rewrite no index, and the log. Nothing is divided by the
 * jobs.
 */
export async function recordUse(sql: Sql, work: () => Promise<void>): Promise<Row[]> {
  const before = await look(sql);
  await work();
  const after = await look(sql);
  const less = (name: keyof Counters): number => after[name] - before[name];
  return [
    { name: 'updates of job that rewrite no index (HOT)', value: share(less('hot'), less('updates')), unit: '%' },
    {
      name: 'updates of execution that rewrite no index (HOT)',
      value: share(less('executionHot'), less('executionUpdates')),
      unit: '%',
    },
    { name: 'updates of job, a job', value: less('updates'), unit: '' },
    { name: 'write-ahead log, a job', value: less('wal'), unit: 'bytes' },
    { name: 'images of whole pages in it, a job', value: less('images'), unit: '' },
  ];
}
