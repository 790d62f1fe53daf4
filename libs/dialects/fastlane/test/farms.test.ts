import { Client as Postgres } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent } from '../../../../test/support/agent.js';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { startRedis } from '../../../../test/support/redis.js';
import { Client, TASK } from './client.js';

const FARMS = [
  { match: 'fast', hosts: ['n1:2375'], maxRunning: 1 },
  { match: '', hosts: ['n2:2376'] },
];

describe('farms of nodes', () => {
  let api: TestApi;
  let client: Client;
  let n1: Awaited<ReturnType<typeof scriptedAgent>>;
  let n2: Awaited<ReturnType<typeof scriptedAgent>>;

  beforeAll(async () => {
    api = await startApi({
      env: {
        DROVER_FASTLANE_EXECUTOR: 'process',
        DOCKER_HOSTS: JSON.stringify(FARMS),
        DOCKER_CIRCUIT_BREAKER_MAX_FAILS: '2',
        DOCKER_CIRCUIT_BREAKER_RESET_TIMEOUT_SECONDS: '2',
      },
    });
    client = new Client(api.url);
    n1 = await scriptedAgent(api.core, 'n1');
    n2 = await scriptedAgent(api.core, 'n2');
  });
  afterAll(() => api?.close());

  const hosts = async (): Promise<Record<string, object>> =>
    Object.fromEntries((await client.get('/status/')).json.hosts.map((one: { host: string }) => [one.host, one]));
  const enqueue = async (task: string): Promise<string> => (await client.enqueue(task, TASK)).executionId ?? '';

  it('take the tasks whose names they match, each on its own nodes', async () => {
    const [fast, other] = [await enqueue('faster'), await enqueue('not-fast')];
    await expect(n2.claim(fast)).rejects.toThrow('it is for the nodes of another farm');
    await expect(n1.claim(other)).rejects.toThrow('it is for the nodes of another farm');
    await (await (await n1.claim(fast)).started()).ended();
    await (await (await n2.claim(other)).started()).ended();
    expect(await hosts()).toEqual({
      n1: { host: 'n1', port: 2375, available: true, blacklisted: false, circuit: 'closed', error: null },
      n2: { host: 'n2', port: 2376, available: true, blacklisted: false, circuit: 'closed', error: null },
    });
  });

  it('run as many at once as they may, in the order in which they came', async () => {
    const [a, b, c] = [await enqueue('fast'), await enqueue('fast'), await enqueue('fast')];
    const first = await (await expectEventually(() => n1.claim(a))).started();
    for (const waiting of [b, c]) await expect(n1.claim(waiting)).rejects.toThrow('not ready');
    await first.ended();
    const second = await (await expectEventually(() => n1.claim(b))).started();
    await expect(n1.claim(c)).rejects.toThrow('not ready');
    await second.ended({ exit_code: 1 });
    await (await (await expectEventually(() => n1.claim(c))).started()).ended();
  });

  it('leave out a blacklisted node until it is taken off the list', async () => {
    const path = '/docker-executor/blacklist';
    for (let twice = 0; twice < 2; twice++)
      expect(await client.ask('POST', path, { host: 'n2:2376' })).toMatchObject({ status: 200, text: '' });
    const id = await enqueue('blocked');
    await expect(n2.claim(id)).rejects.toThrow('its node is blocked');
    expect((await client.get(`/api/v1/jobs/${id}/explain`)).json.reasons).toContainEqual(
      expect.objectContaining({
        code: 'no_node_of_farm',
        message: 'No node of its farm takes it: n1 (it is for the nodes of another farm), n2 (its node is blocked).',
      }),
    );
    expect((await hosts())['n2']).toMatchObject({
      available: false,
      blacklisted: true,
      error: 'server is blacklisted',
    });
    for (let twice = 0; twice < 2; twice++)
      expect((await client.ask('DELETE', `${path}/`, { host: 'n2:2376' })).status).toBe(200);
    await (await (await n2.claim(id)).started()).ended();
    expect((await hosts())['n2']).toMatchObject({ available: true, blacklisted: false, error: null });
  });

  it('leave a node alone for a while that loses what it is given', async () => {
    const id = await enqueue('lossy');
    for (let loss = 0; loss < 2; loss++) {
      await (await expectEventually(() => n2.claim(id))).started();
      await api.core.sweep.loseExecutions([n2.agent.id], 'the engine was away');
    }
    await expectEventually(async () =>
      expect((await hosts())['n2']).toMatchObject({ available: false, circuit: 'open' }),
    );
    await expect(n2.claim(id)).rejects.toThrow("its node's circuit is open");
    await expectEventually(async () =>
      expect((await hosts())['n2']).toMatchObject({ circuit: 'half-open', available: true }),
    );
    await (await (await expectEventually(() => n2.claim(id))).started()).ended();
  });
});

describe('the health check', () => {
  it('tells a broken queue from a broken store, and is well again afterwards', async () => {
    const redis = await startRedis();
    const api = await startApi({ redisUrl: redis.url });
    const admin = new Postgres({ connectionString: new URL('/postgres', api.databaseUrl).href });
    await admin.connect();
    const database = new URL(api.databaseUrl).pathname.slice(1);
    const client = new Client(api.url);
    const health = async (expected: object, status: number): Promise<void> =>
      expectEventually(
        async () => {
          for (const path of ['/healthcheck', '/healthcheck/', '/'])
            expect(await client.get(path)).toMatchObject({ status, json: expected });
        },
        { withinMs: 20_000 },
      );
    const broken = (source: string): object[] => [{ source, message: expect.any(String) }];
    try {
      await health({ redis: true, mongo: true, errors: [] }, 200);
      await redis.kill();
      await health({ redis: false, mongo: true, errors: broken('redis') }, 500);
      await redis.start();
      await health({ redis: true, mongo: true, errors: [] }, 200);
      await admin.query(`ALTER DATABASE "${database}" WITH ALLOW_CONNECTIONS false`);
      await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database]);
      await health({ redis: true, mongo: false, errors: broken('mongo') }, 500);
      await admin.query(`ALTER DATABASE "${database}" WITH ALLOW_CONNECTIONS true`);
      await health({ redis: true, mongo: true, errors: [] }, 200);
    } finally {
      await admin.query(`ALTER DATABASE "${database}" WITH ALLOW_CONNECTIONS true`);
      await admin.end();
      await api.close();
      await redis.stop();
    }
  });
});
