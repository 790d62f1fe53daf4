import { afterAll, beforeAll, expect, it } from 'vitest';
import { PeriodicWork } from '@drover/jobs';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { Client } from './client.js';

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startApi({ passive: true, env: { DROVER_FASTLANE_EXECUTOR: 'process' } });
  client = new Client(api.url);
});
afterAll(() => api?.close());

const counts = async (): Promise<Record<string, number>> =>
  (
    await api.core.store.sql.rows<Record<string, number>>(
      `SELECT (SELECT count(*)::int FROM task_execution) AS executions, (SELECT count(*)::int FROM task_job) AS jobs,
         (SELECT sum(jobs_count)::int FROM task) AS told`,
    )
  )[0] ?? {};

it('what a task leaves goes with the jobs of the record; a cron and a later execution stay', async () => {
  const run = (task: string, more: Record<string, unknown> = {}) =>
    client.enqueue(task, { image: 'busybox:latest', command: 'true', ...more });
  await run('old');
  await run('unsettled');
  await run('young');
  await run('nightly', { when: { cron: '0 3 * * *' } });
  const { sql } = api.core.store;
  await sql.run(`UPDATE task_execution SET settled = true, submission = NULL WHERE task_id <> 'unsettled'`);
  await sql.run(`DELETE FROM job WHERE id IN (SELECT id FROM task_execution WHERE task_id IN ('old', 'unsettled'))`);
  expect(await counts()).toMatchObject({ jobs: 4, told: 4 });
  const before = await counts();
  await api.app.get(PeriodicWork, { strict: false }).once();
  expect(await counts()).toEqual({ executions: (before['executions'] ?? 0) - 2, jobs: 2, told: 2 });
  expect(await sql.rows(`SELECT task_id FROM task_job ORDER BY task_id`)).toEqual([
    { task_id: 'nightly' },
    { task_id: 'young' },
  ]);
});
