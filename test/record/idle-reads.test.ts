import { expect, it } from 'vitest';
import { PeriodicWork } from '@drover/jobs';
import { Store } from '@drover/store';
import { makeHistory } from '../../bench/lib/history.js';
import { startApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { createTestDatabase, dropTestDatabase } from '../support/postgres.js';

/** Finished jobs: enough that Postgres takes an index wherever there is one. */
const JOBS = 20_000;
/** Rows of a table that all periodic work may look at: some batches of retention. */
const MOST_ROWS = 6_000;

/** The rows of each large table that were read so far, by whatever way. */
const READ = `SELECT t.relname AS name,
    (t.seq_tup_read + coalesce(sum(i.idx_tup_read), 0))::float8 AS rows
  FROM pg_stat_user_tables t
  LEFT JOIN pg_stat_user_indexes i USING (relid)
  WHERE t.schemaname = 'public'
    AND t.relname IN ('job', 'execution', 'event', 'audit', 'log_chunk', 'profile', 'task_execution', 'task_job')
  GROUP BY t.relname, t.seq_tup_read
  ORDER BY t.relname`;

it('what the broker does by itself reads no long history', async () => {
  const databaseUrl = await createTestDatabase();
  // What a connection read is counted when it ends at the latest.
  const filler = await Store.open({ url: databaseUrl, pool: 1 });
  await makeHistory(filler, JOBS).finally(() => filler.close());
  const admin = await Store.open({ url: databaseUrl, pool: 1 });
  try {
    const before = await settled(admin);
    const api = await startApi({ databaseUrl, passive: true });
    try {
      await api.app.get(PeriodicWork, { strict: false }).once();
    } finally {
      await api.close();
    }
    const after = await settled(admin);
    const rows = new Map(before.map((table) => [table.name, table.rows]));
    const many = after.filter((table) => table.rows - (rows.get(table.name) ?? 0) > MOST_ROWS);
    expect(many, JSON.stringify({ before, after })).toEqual([]);
  } finally {
    await admin.close();
    await dropTestDatabase(databaseUrl);
  }
});

/** The counts, once all connections but this one are gone and they have stopped to grow. */
async function settled(admin: Store): Promise<{ name: string; rows: number }[]> {
  let last = '';
  return expectEventually(async () => {
    const others = await admin.sql.rows(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    expect(others).toEqual([]);
    const found = await admin.sql.rows<{ name: string; rows: number }>(READ);
    const now = JSON.stringify(found);
    const same = now === last;
    last = now;
    expect(same).toBe(true);
    return found;
  });
}
