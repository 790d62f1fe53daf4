import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Store } from '@drover/store';
import { fillLab } from '../../../../bench/lib/lab-jobs.js';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { Session } from '../../../../test/support/testflinger-client.js';

/**
 * Enough that going through the table is never the cheaper way. How long it takes at 100,000 is measured by
 * bench/measures/lab.ts.
 */
const JOBS = 30_000;
/** Jobs of a list: fewer than a queue has. */
const LISTED = 100;

describe('what a lab asks again and again', () => {
  let api: TestApi;
  let http: Session;
  let waiting: string;
  beforeAll(async () => {
    api = await startApi({ passive: true, env: { DROVER_TESTFLINGER_JOBS_LISTED: String(LISTED) } });
    http = new Session(api.url);
    // Its temporary table lives on one connection, of a login that may make one.
    const filler = await Store.open({ url: api.databaseUrl, pool: 1 });
    waiting = await filler.tx((sql) => fillLab(sql, JOBS)).finally(() => filler.close());
  });
  afterAll(() => api.close());

  /** Plans of all statements a request runs. */
  async function plansOf(path: string): Promise<string[]> {
    const sql = api.core.store.sql as { rows: (this: void, text: string, params?: unknown[]) => Promise<unknown[]> };
    const { rows } = sql;
    const seen: [string, unknown[] | undefined][] = [];
    sql.rows = (text, params) => {
      seen.push([text, params]);
      return rows(text, params);
    };
    try {
      expect((await http.get(path)).status, path).toBe(200);
    } finally {
      sql.rows = rows;
    }
    return Promise.all(
      seen.map(async ([text, params]) =>
        ((await rows(`EXPLAIN ${text}`, params)) as Record<string, string>[])
          .map((row) => Object.values(row)[0])
          .join('\n'),
      ),
    );
  }

  it.each([
    ['position', (id: string) => `/v1/job/${id}/position`],
    ['all tags', () => '/v1/job/search?tags=board-7&tags=nightly&match=all'],
    ['any tag', () => '/v1/job/search?tags=board-7&tags=board-8'],
    ['a tag and a state', () => '/v1/job/search?tags=board-9&state=waiting'],
    ['a phase', () => '/v1/job/search?state=provision'],
    ['jobs of a queue', () => '/v1/queues/lab-1/jobs'],
    ['agents of a queue', () => '/v1/queues/lab-1/agents'],
    ['wait times', () => '/v1/queues/wait_times?queue=lab-1'],
    ['the page of a queue', () => '/queues/lab-1'],
    ['the page of a job', (id: string) => `/jobs/${id}`],
    ['a result', (id: string) => `/v1/result/${id}`],
  ])('is found by an index, whatever is stored: %s', async (_name, path) => {
    const plans = await plansOf(path(waiting));
    expect(plans.length).toBeGreaterThan(0);
    // The others hold next to nothing here, and are rightly read whole.
    for (const plan of plans) expect(plan).not.toMatch(/Seq Scan on (job|testflinger_wait)\b/);
  });

  it('gives the right answers at that size', async () => {
    expect((await http.get(`/v1/job/${waiting}/position`)).text).toBe(String(JOBS / 120));
    const both = (await http.get('/v1/job/search?tags=board-7&tags=nightly&match=all')).json as unknown[];
    expect(both).toHaveLength(JOBS / 1_000);
    expect((await http.get('/v1/job/search?tags=board-7&tags=board-8')).json).toHaveLength((2 * JOBS) / 1_000);
    expect(Object.keys((await http.get('/v1/queues/wait_times')).json)).toHaveLength(50);
  });

  it('lists the newest jobs of a queue and every older one that is not over, oldest first', async () => {
    const many = 3 * LISTED;
    await api.core.store.sql.run(
      `INSERT INTO job (id, queue, owner, dialect, dispatch, spec, payload, state, queued_at, created_at, updated_at)
       SELECT gen_random_uuid(), 'mixed', 'me', 'testflinger', 'pull', '{"command":"true"}', '{}',
         CASE WHEN n % 3 = 0 THEN 'queued' ELSE 'succeeded' END, now(), now(), now()
       FROM generate_series(1, ${many}) n ORDER BY n`,
    );
    const jobs = await api.core.store.sql.rows<{ id: string; state: string }>(
      `SELECT id, state FROM job WHERE queue = 'mixed' ORDER BY seq`,
    );
    const wanted = jobs.filter(({ state }, place) => state === 'queued' || place >= many - LISTED);
    const found = (await http.get('/v1/queues/mixed/jobs')).json as { job_id: string }[];
    expect(found.map(({ job_id }) => job_id)).toEqual(wanted.map(({ id }) => id));
  });
});
