import { afterEach, describe, expect, it } from 'vitest';
import { JOB_STATES } from '@drover/domain';
import { QueryService } from '@drover/jobs';
import { jobStore } from '@drover/store';
import { startJobs, submission, type Jobs } from '../support/jobs.js';
import { execute } from '../support/postgres.js';

let jobs: Jobs | undefined;
afterEach(async () => {
  await jobs?.close();
  jobs = undefined;
});

const many = (n: number, states: readonly string[]): string => `
  INSERT INTO job (id, queue, owner, name, dialect, dispatch, spec, state, created_at, updated_at, finished_at)
  SELECT gen_random_uuid(), 'line', 'tester', CASE WHEN n = 1 THEN 'the needle' ELSE 'hay' END, 'native', 'ticket',
    '{"command":"true"}', ('{${states.join(',')}}'::text[])[1 + n % ${states.length}], now(), now(), now()
  FROM generate_series(1, ${n}) AS n`;

describe('a search for a text among many jobs', () => {
  it('finds the oldest by following the cursor, though a page looks at a part of them', async () => {
    jobs = await startJobs();
    await execute(jobs.url, many(25_000, ['succeeded']));
    const query = new QueryService(jobs.store);
    const found: (string | null)[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await query.list({ q: 'needle' }, { limit: 10, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.jobs.map((job) => job.name));
      cursor = page.next ?? undefined;
      pages += 1;
    } while (cursor !== undefined);
    expect(found).toEqual(['the needle']);
    expect(pages).toBeLessThanOrEqual(3);
  });

  it('gives full pages where much is found', async () => {
    jobs = await startJobs();
    await execute(jobs.url, many(300, ['succeeded']));
    const query = new QueryService(jobs.store);
    const first = await query.list({ q: 'hay' }, { limit: 200 });
    expect(first.jobs).toHaveLength(200);
    const second = await query.list({ q: 'hay' }, { limit: 200, cursor: first.next ?? '' });
    expect([second.jobs.length, second.next]).toEqual([99, null]);
  });
});

describe('the number of jobs', () => {
  it('is kept as they come, change and go, in all and in each state', async () => {
    jobs = await startJobs();
    const { store, submits } = jobs;
    await execute(jobs.url, many(900, JOB_STATES));
    const { job } = await submits.submit(submission());
    await execute(
      jobs.url,
      `UPDATE job SET project = 'other' WHERE id = '${job.id}'; DELETE FROM job WHERE name = 'the needle'`,
    );
    const counted = async (where: string): Promise<number> => {
      const [row] = await store.sql.rows<{ n: string }>(`SELECT count(*) AS n FROM job WHERE ${where}`);
      return Number(row?.n);
    };
    expect(await jobStore.count(store.sql, {})).toBe(await counted('true'));
    expect(await jobStore.count(store.sql, {})).toBe(900);
    expect(await jobStore.count(store.sql, { project: 'other' })).toBe(1);
    // Nobody runs these jobs: the states of those that somebody runs are found by executions.
    const others = await counted(`state IN ('claimed', 'running', 'cancelling')`);
    expect(await jobStore.count(store.sql, { states: ['succeeded'] })).toBe(
      (await counted(`state = 'succeeded'`)) + others,
    );
    for (const state of ['queued', 'scheduled', 'failed', 'cancelled', 'expired'] as const)
      expect(await jobStore.count(store.sql, { states: [state] }), state).toBe(await counted(`state = '${state}'`));
    expect(await jobStore.count(store.sql, { states: ['failed', 'expired'] })).toBe(
      await counted(`state IN ('failed', 'expired')`),
    );
  });
});
