import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../access/support.js';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { client } from '../support/http.js';
import { execute } from '../support/postgres.js';

/** Executions on a node in 2020, one a second from `at` on, each of ten seconds. */
const past = (n: number, node: string, at: string, queue = 'old'): string => `
  WITH made AS (
    INSERT INTO job (id, queue, owner, name, dialect, dispatch, spec, state, exit_code, attempt, epoch, execution_id, node,
      created_at, updated_at, queued_at, claimed_at, started_at, finished_at)
    SELECT gen_random_uuid(), '${queue}', 'tester', 'row ' || n, 'native', 'ticket', '{"command":"true"}', 'succeeded', 0, 1, 1,
      gen_random_uuid(), '${node}', at, at, at, at, at, at + interval '10 seconds'
    FROM (SELECT n, '${at}'::timestamptz + n * interval '1 second' AS at FROM generate_series(0, ${n - 1}) AS n) a
    RETURNING *
  )
  INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, exit_code, claimed_at, spawned_at,
    exited_at, finished_at)
  SELECT execution_id, id, 1, 1, gen_random_uuid(), node, 'b', 'ended', 0, claimed_at, started_at, finished_at, finished_at
  FROM made`;

describe('the timeline', () => {
  let api: TestApi;
  let http: ReturnType<typeof client>;
  beforeAll(async () => {
    api = await startApi({ passive: true });
    http = client(api.url);
  });
  afterAll(() => api.close());

  const submit = async (body: object): Promise<string> =>
    (await http.post('/api/v1/jobs', { command: 'true', ...body })).body.id;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test looks at what came
  const look = async (query: string): Promise<any> => (await http.get(`/api/v1/timeline?${query}`)).body;

  it('shows what ended and what runs as bars on slots, with the expected end', async () => {
    await execute(api.databaseUrl, past(20, 'elsewhere', '2020-01-01T00:00:00Z', 'lanes'));
    const agent = await scriptedAgent(api.core, 'lane-1', ['lanes']);
    const [fails, runs] = [
      await submit({ queue: 'lanes', name: 'first' }),
      await submit({ queue: 'lanes', name: 'second' }),
    ];
    const failing = await (await agent.claim(fails)).started();
    const running = await (await agent.claim(runs)).started();
    await failing.ended({ exit_code: 5 });
    const { nodes, bars, buckets } = await look('from=10m&node=lane-1');
    expect(nodes).toEqual([{ name: 'lane-1', slots: 4 }]);
    expect(buckets).toEqual([]);
    expect(bars).toMatchObject([
      {
        ...{ node: 'lane-1', slot: 1, outcome: 'exit_code', expected_end: null, to: expect.any(String) },
        job: { id: fails, execution_id: failing.id, name: 'first', queue: 'lanes', exit_code: 5, state: 'failed' },
      },
      { slot: 2, outcome: 'running', to: null, job: { id: runs, execution_id: running.id, state: 'running' } },
    ]);
    const length = Date.parse(bars[1].expected_end) - Date.parse(bars[1].from);
    expect(length).toBeGreaterThan(9_000);
    expect(length).toBeLessThan(12_000);
    expect((await look('from=10m&queue=lanes')).bars).toHaveLength(2);
    expect((await look('from=10m&queue=others')).bars).toEqual([]);
  });

  it('shows what began before a period and went on in it', async () => {
    await execute(api.databaseUrl, past(30, 'before', '2020-02-01T00:00:00Z'));
    const { bars } = await look('from=2020-02-01T00:00:20Z&to=2020-02-01T00:00:25Z&node=before');
    expect(bars.map(({ job }: { job: { name: string } }) => job.name)).toEqual(
      Array.from({ length: 14 }, (_, n) => `row ${n + 11}`),
    );
    expect(new Set(bars.map(({ slot }: { slot: number }) => slot)).size).toBe(10);
  });

  it('gives numbers in parts for a period with too many for bars, reckoned where a part holds too many to look at', async () => {
    await execute(api.databaseUrl, past(2_400, 'crowded', '2020-03-01T00:00:00Z'));
    const { bars, buckets, nodes } = await look('from=2020-03-01T00:00:00Z&to=2020-03-01T01:00:00Z');
    expect(bars).toBeNull();
    expect(nodes.map(({ name }: { name: string }) => name)).toContain('crowded');
    expect(buckets).toHaveLength(40);
    expect(buckets[0]).toEqual({
      ...{ node: 'crowded', from: '2020-03-01T00:00:00.000Z', to: '2020-03-01T00:01:00.000Z' },
      ...{ outcomes: { succeeded: 60 }, busy: 10, estimated: false },
    });
    const day = await look('from=2020-03-01T00:00:00Z&to=2020-03-03T12:00:00Z');
    expect(day.buckets).toHaveLength(1);
    expect(day.buckets[0].estimated).toBe(true);
    expect((await look('from=2020-03-01T00:00:00Z&to=2020-03-01T01:00:00Z&queue=none')).bars).toEqual([]);
  });

  it('shows when a node was lost', async () => {
    await scriptedAgent(api.core, 'lost-1', ['x']);
    await execute(api.databaseUrl, past(3, 'lost-1', '2020-04-01T00:00:00Z'));
    await execute(api.databaseUrl, past(1, 'lost-1', '2020-04-01T01:00:00Z'));
    await execute(
      api.databaseUrl,
      `UPDATE execution SET cause = 'agent_lost' WHERE node = 'lost-1' AND claimed_at = '2020-04-01T00:00:02Z'`,
    );
    expect((await look('from=2020-04-01T00:00:00Z&to=2020-04-01T00:30:00Z')).lost).toEqual([
      { node: 'lost-1', from: '2020-04-01T00:00:12.000Z', to: '2020-04-01T01:00:00.000Z' },
    ]);
  });

  it('tells when nodes were drained, from the trail of changes, and since when they are offline', async () => {
    await scriptedAgent(api.core, 'drained-1', ['lanes']);
    const steer = (what: string): Promise<unknown> => http.post(`/api/v1/agents/drained-1/${what}`);
    for (const what of ['drain', 'drain', 'undrain', 'drain']) await steer(what);
    const { drained } = await look('from=10m&node=drained-1');
    expect(drained).toEqual([
      { node: 'drained-1', from: expect.any(String), to: expect.any(String) },
      { node: 'drained-1', from: expect.any(String), to: null },
    ]);
    expect(Date.parse(drained[0].to)).toBeGreaterThanOrEqual(Date.parse(drained[0].from));
    expect((await look('from=10m&node=lane-1')).drained).toEqual([]);
    // Before it was drained, nothing was.
    expect((await look('from=20m&to=10m&node=drained-1')).drained).toEqual([]);
    // One that came anew works again; one that has gone takes nothing.
    await scriptedAgent(api.core, 'drained-1', ['lanes']);
    expect((await look('from=10m&node=drained-1')).drained.at(-1).to).toEqual(expect.any(String));
  });

  it('refuses a period that ends before it begins, or is longer than a year', async () => {
    const faults = async (query: string): Promise<unknown> =>
      (await http.get(`/api/v1/timeline?${query}`)).body.errors?.map((fault: { field: string }) => fault.field);
    expect(await faults('from=1h&to=2h')).toEqual(['to']);
    expect(await faults('from=60w')).toEqual(['from']);
    expect(await faults('from=monday')).toEqual(['from']);
  });
});

describe('with logins, the timeline', () => {
  it('names the jobs of the own project alone', async () => {
    const api = await startApi({ passive: true, env: { DROVER_AUTH: 'oauth2', DROVER_JWT_SIGNING_KEY: JWT_KEY } });
    try {
      const as = async (project: string) =>
        client(api.url, {
          authorization: `Bearer ${await mint({ client_id: `of ${project}`, role: 'submitter', project })}`,
        });
      const [red, blue] = [await as('red'), await as('blue')];
      const { id } = (await red.post('/api/v1/jobs', { queue: 'q', name: 'hidden', command: 'true' })).body;
      const agent = await scriptedAgent(api.core, 'shared', ['q']);
      await (await agent.claim(id)).started();
      expect((await red.get('/api/v1/timeline')).body.bars).toMatchObject([{ job: { id, name: 'hidden' } }]);
      expect((await blue.get('/api/v1/timeline')).body.bars).toMatchObject([{ node: 'shared', slot: 1, job: null }]);
      expect((await blue.get('/api/v1/timeline?queue=q')).body.bars).toEqual([]);
    } finally {
      await api.close();
    }
  });
});
