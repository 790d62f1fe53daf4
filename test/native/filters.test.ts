import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../access/support.js';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { client } from '../support/http.js';
import { execute } from '../support/postgres.js';

/** Jobs that have ended, one each minute back from now; every tenth failed by a time-out. */
const many = (n: number, queue: string): string => `
  INSERT INTO job (id, queue, owner, name, dialect, dispatch, spec, state, cause, exit_code, created_at, updated_at,
    finished_at)
  SELECT gen_random_uuid(), '${queue}', 'tester', 'row ' || n % 20, 'native', 'ticket', '{"command":"true"}',
    CASE WHEN n % 10 = 0 THEN 'failed' ELSE 'succeeded' END, CASE WHEN n % 10 = 0 THEN 'timeout' END,
    CASE WHEN n % 10 = 0 THEN NULL ELSE 0 END, at, at, at
  FROM (SELECT n, now() - (${n} - n) * interval '1 minute' AS at FROM generate_series(1, ${n}) AS n) rows`;

describe('the filters of jobs', () => {
  let api: TestApi;
  let http: ReturnType<typeof client>;
  beforeAll(async () => {
    api = await startApi({ passive: true });
    http = client(api.url);
  });
  afterAll(() => api.close());

  const submit = async (body: object = {}): Promise<string> =>
    (await http.post('/api/v1/jobs', { command: 'true', ...body })).body.id;
  const found = async (query: string): Promise<string[]> =>
    (await http.get(`/api/v1/jobs?${query}`)).body.jobs.map((job: { id: string }) => job.id);
  const count = async (query: string): Promise<unknown> => (await http.get(`/api/v1/jobs/count?${query}`)).body;

  it('find jobs by queue, node, owner, tag, name, cause, exit code, dialect and state, and the count agrees', async () => {
    const agent = await scriptedAgent(api.core, 'node-f', ['filters']);
    const plain = await submit({ queue: 'filters', name: 'plain', tags: ['a', 'b'] });
    const broken = await submit({ queue: 'filters', name: 'broken' });
    const stopped = await submit({ queue: 'filters' });
    await (await (await agent.claim(broken)).started()).ended({ exit_code: 7 });
    await (await (await agent.claim(plain)).started()).ended({ exit_code: 0 });
    await http.post(`/api/v1/jobs/${stopped}/cancel`);
    const cases: [string, string[]][] = [
      ['queue=filters', [stopped, broken, plain]],
      ['queue=filters&node=node-f', [broken, plain]],
      ['queue=filters&owner=anonymous&tag=a,b', [plain]],
      ['name=broken', [broken]],
      ['queue=filters&cause=exit_code', [broken]],
      ['queue=filters&cause=exit_code,cancelled', [stopped, broken]],
      ['queue=filters&exit=7', [broken]],
      ['queue=filters&exit=0', [plain]],
      ['queue=filters&dialect=native&state=failed,succeeded', [broken, plain]],
      ['queue=filters&dialect=hpc', []],
      ['queue=filters&finished_after=1h&q=BROKEN', [broken]],
      ['queue=filters&finished_before=1h', []],
      ['queue=filters&started_after=1h', [broken, plain]],
      ['queue=filters&started_after=1h&exit=7', [broken]],
      ['queue=filters&started_before=1h', []],
      ['queue=filters&created_after=10m', [stopped, broken, plain]],
      ['queue=filters&created_before=10m', []],
    ];
    for (const [query, ids] of cases) {
      expect(await found(query), query).toEqual(ids);
      expect(await count(query), query).toEqual({ count: ids.length, exact: true });
    }
  });

  it('find the jobs of a time among many, exactly to its ends', async () => {
    await execute(api.databaseUrl, many(5_000, 'old'));
    const rows = await api.core.store.sql.rows<{ at: Date }>(
      `SELECT created_at AS at FROM job WHERE queue = 'old' ORDER BY seq OFFSET 1000 LIMIT 1`,
    );
    const at = rows[0]?.at.toISOString();
    expect(await count(`queue=old&created_before=${at}`)).toEqual({ count: 1_000, exact: true });
    expect(await count(`queue=old&created_after=${at}`)).toEqual({ count: 4_000, exact: true });
    expect(await count(`queue=old&created_after=${at}&cause=timeout`)).toEqual({ count: 400, exact: true });
    expect(await count('queue=old&created_after=999999w')).toMatchObject({ count: 5_000 });
    expect(await count('queue=old&created_after=2999-01-01T00:00:00Z')).toEqual({ count: 0, exact: true });
    expect((await found(`queue=old&created_before=${at}&limit=3`)).length).toBe(3);
  });

  it('say at least how many there are beyond 100,000', async () => {
    await execute(api.databaseUrl, many(100_500, 'crowd'));
    expect(await count('queue=crowd&name=row 1')).toEqual({ count: 5_025, exact: true });
    const crowd = (await count('queue=crowd')) as { count: number; exact: boolean };
    expect(crowd.exact).toBe(false);
    expect(crowd.count).toBeLessThanOrEqual(100_000);
    expect(await count('state=failed')).toMatchObject({ exact: true });
  });

  it('are completed with values of the newest 20,000 jobs, the most frequent first', async () => {
    const values = async (query: string): Promise<unknown> =>
      (await http.get(`/api/v1/jobs/filter-values?${query}`)).body.values;
    await submit({ tags: ['nightly', 'Night%'], name: 'row 3' });
    await submit({ tags: ['nightly'] });
    expect(await values('field=tag&q=NIGHT')).toEqual([
      { value: 'nightly', jobs: 2 },
      { value: 'Night%', jobs: 1 },
    ]);
    expect(await values('field=tag&q=night%25')).toEqual([{ value: 'Night%', jobs: 1 }]);
    expect(await values('field=owner')).toEqual([
      { value: 'tester', jobs: 19_998 },
      { value: 'anonymous', jobs: 2 },
    ]);
    expect(await values('field=dialect')).toEqual([{ value: 'native', jobs: 20_000 }]);
    // Two in twenty thousand have no exit code yet, and every tenth of the others none at all.
    expect(await values('field=exit')).toEqual([{ value: '0', jobs: 17_998 }]);
    expect(await values('field=name&q=row&limit=1')).toEqual([{ value: 'row 3', jobs: 1_001 }]);
    expect(await values('field=name&q=nobody')).toEqual([]);
    for (const [query, field] of [
      ['', 'field'],
      ['field=env', 'field'],
      ['field=owner&limit=1000', 'limit'],
      ['field=owner&prefix=a', 'prefix'],
    ]) {
      const refused = await http.get(`/api/v1/jobs/filter-values?${query}`);
      expect([refused.status, refused.body.errors[0].field], query).toEqual([422, field]);
    }
  });

  it('are refused with what would be right', async () => {
    const faults = async (query: string): Promise<unknown> =>
      (await http.get(`/api/v1/jobs/count?${query}`)).body.errors?.map((fault: { field: string }) => fault.field);
    expect(await faults('cause=bad')).toEqual(['cause.0']);
    expect(await faults('exit=x')).toEqual(['exit']);
    expect(await faults('created_after=yesterday')).toEqual(['created_after']);
    expect(await faults('created_after=1h&created_before=2h')).toEqual(['created_before']);
    expect(await faults('nodes=x')).toEqual(['nodes']);
    expect(await faults('limit=5')).toEqual(['limit']);
  });
});

describe('with logins, the count and the completion of filters', () => {
  it('know no jobs of other projects', async () => {
    const api = await startApi({ passive: true, env: { DROVER_AUTH: 'oauth2', DROVER_JWT_SIGNING_KEY: JWT_KEY } });
    try {
      const as = async (project: string, role = 'submitter') =>
        client(api.url, {
          authorization: `Bearer ${await mint({ client_id: `${role} of ${project}`, role, project })}`,
        });
      const [red, blue, operator] = [await as('red'), await as('blue'), await as('none', 'operator')];
      const name = randomUUID();
      await red.post('/api/v1/jobs', { command: 'true', name });
      for (const query of ['', `name=${name}`, 'state=queued', 'dialect=native']) {
        expect((await red.get(`/api/v1/jobs/count?${query}`)).body).toEqual({ count: 1, exact: true });
        expect((await blue.get(`/api/v1/jobs/count?${query}`)).body).toEqual({ count: 0, exact: true });
        expect((await operator.get(`/api/v1/jobs/count?${query}`)).body).toEqual({ count: 1, exact: true });
      }
      const owners = async (who: typeof red): Promise<unknown> =>
        (await who.get('/api/v1/jobs/filter-values?field=owner')).body.values;
      expect(await owners(red)).toEqual([{ value: 'submitter of red', jobs: 1 }]);
      expect(await owners(blue)).toEqual([]);
      expect(await owners(operator)).toEqual([{ value: 'submitter of red', jobs: 1 }]);
    } finally {
      await api.close();
    }
  });
});
