import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { ask, FakeNode, jobDesc, post } from '../../../../test/support/fake-node.js';
import { countersOf, level } from './client.js';

const HOST = hostname();
const MAIN = {
  jobid: 'main',
  command: 'Sum of all Jobs',
  size: 0,
  nodelist: '',
  partition: '',
  cluster: '',
  run_dir: '',
  start_time: 0,
  end_time: 0,
};
const NODE = { ...MAIN, jobid: `Node: ${HOST}`, command: `Sum of all Jobs running on ${HOST}`, nodelist: HOST };

describe('a fresh server', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ env: { METRIC_PROXY_SYSTEM: 'off' } });
  });
  afterAll(() => api.close());

  it.each([
    '/job/list',
    '/job/list/',
    '/job//list',
    '/job/list//',
    '/joblist',
    '/joblist//',
    '/joblist/',
    '/job/list?x=1',
  ])('lists main and its node at %s, keys in their order', async (path) => {
    const answer = await ask(api.url, path);
    expect([answer.status, answer.type]).toEqual([200, 'application/json; charset=utf-8']);
    expect(answer.text).toBe(JSON.stringify([MAIN, NODE]));
  });

  it.each([
    ['/job?job=', 'No such Job ID'],
    ['/job/?job=nope', 'No such Job ID'],
    ['/job/nope', '/job/nope'],
    ['/job/main', '/job/main'],
    ['/joblist/x', '/joblist/x'],
  ])('refuses %s with 400 and the envelope', async (path, operation) => {
    const answer = await ask(api.url, path);
    expect([answer.status, answer.text]).toEqual([400, JSON.stringify({ operation, success: false })]);
  });

  it('knows its node in both spellings of a blank', async () => {
    for (const id of [`Node%3A%20${HOST}`, `Node:+${HOST}`]) {
      const answer = await ask(api.url, `/job/?job=${id}`);
      expect([answer.status, answer.body.desc]).toEqual([200, NODE]);
    }
  });

  it('has nothing at other first segments: 404', async () => {
    for (const path of ['/nope', '/JOB', '//job/list', '/Job/list'])
      expect((await ask(api.url, path)).status).toBe(404);
  });

  it('answers HEAD with the length and no body, and other methods with 405', async () => {
    const head = await fetch(`${api.url}/job/list`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      String(JSON.stringify([MAIN, NODE]).length),
      '',
    ]);
    expect((await post(api.url, '/job/list', {})).status).toBe(405);
  });
});

describe('its own system metrics', () => {
  it('stand in main and its node a moment after the start', async () => {
    const api = await startApi();
    try {
      await expectEventually(
        async () => countersOf((await ask(api.url, '/job/?job=main')).body)['proxy_cpu_total'] !== undefined,
      );
      const [main, node] = (await ask(api.url, '/job')).body;
      expect(main.counters.find((one: { name: string }) => one.name === 'proxy_cpu_total')).toMatchObject({
        doc: 'Number of tracked CPUs by individual proxies',
        ctype: { Gauge: { hits: 1 } },
      });
      expect(node.counters.map((one: { name: string }) => one.name)).toEqual(
        main.counters.map((one: { name: string }) => one.name),
      );
      const names: string[] = main.counters.map((one: { name: string }) => one.name);
      expect(names).toEqual([...names].sort());
    } finally {
      await api.close();
    }
  });
});

describe('what programs push', () => {
  let api: TestApi;
  let node: FakeNode;
  beforeAll(async () => {
    api = await startApi({ env: { METRIC_PROXY_SYSTEM: 'off' } });
    node = await FakeNode.register(api.url, 'n1');
  });
  afterAll(() => api.close());
  const entry = async (id: string): Promise<Record<string, unknown>> =>
    countersOf((await ask(api.url, `/job/?job=${encodeURIComponent(id)}`)).body);

  it('stands in the job, in main and in the node; system metrics also in the job', async () => {
    await node.system({ sys_g: 3, 'net_total{interface="lo"}': 1000 });
    await node.job(
      'a/b ..',
      { it: 15, never: null, res_g: 8 },
      { desc: jobDesc('a/b ..', { command: './command_b ', size: 2 }) },
    );
    expect(await entry('a/b ..')).toEqual({
      it: 15,
      never: 0,
      res_g: level(8),
      sys_g: level(3),
      'net_total{interface="lo"}': 1000,
    });
    expect(await entry('main')).toEqual({
      it: 15,
      never: 0,
      res_g: level(8),
      sys_g: level(3),
      'net_total{interface="lo"}': 1000,
    });
    expect(await entry('Node: n1')).toEqual(await entry('main'));
    expect((await ask(api.url, '/job/list')).body.map((desc: { jobid: string }) => desc.jobid)).toEqual([
      'main',
      ...[`Node: ${HOST}`, 'Node: n1'].sort(),
      'a/b ..',
    ]);
    expect((await ask(api.url, '/job/?job=a%2Fb%20..')).body.desc).toEqual(
      jobDesc('a/b ..', { command: './command_b ', size: 2 }),
    );
  });

  it('without a job stands in main and the node only', async () => {
    await node.job('', { free: 2 });
    expect(await entry('main')).toMatchObject({ free: 2, it: 15 });
    expect(await entry('a/b ..')).not.toHaveProperty('free');
    expect((await ask(api.url, '/job/list')).body).toHaveLength(4);
  });

  it('is counted once, however often the same request comes, and survives a restart of the worker', async () => {
    const source = {
      kind: 'job' as const,
      job: 'j2',
      live: true,
      description: jobDesc('j2'),
      table: '[["it","c","d"]]',
      values: [10],
    };
    await node.send({ ...source, table: 't' }, 1_000).catch(() => undefined);
    await node.job('j2', { it: 10 }, { desc: jobDesc('j2') });
    await node.job('j2', { it: 10 });
    expect((await entry('j2'))['it']).toBe(10);
    node.restart();
    await node.job('j2', { it: 12 });
    expect((await entry('j2'))['it']).toBe(22);
    expect((await entry('main'))['it']).toBe(37);
  });

  it('of a series that is known with the other type is refused alone, and said', async () => {
    const answer = await node.job('j2', { it: 13, more: 1 });
    expect(answer.refused).toEqual([]);
    const wrong = await node
      .send({ kind: 'job', job: 'j2', live: true, table: 'w', values: [5, 2] }, 5_000)
      .catch((error: unknown) => String(error));
    expect(wrong).toMatchObject({ unknown_tables: ['w'] });
    expect((await entry('j2'))['it']).toBe(23);
  });
});

describe('counters over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ env: { METRIC_PROXY_SYSTEM: 'off' } });
  });
  afterAll(() => api.close());
  const main = async (): Promise<Record<string, unknown>> => countersOf((await ask(api.url, '/job/?job=main')).body);

  it('are declared, added to and set', async () => {
    expect((await ask(api.url, '/push?key=web_total&doc=pushed+by+hand')).text).toBe(
      '{"operation":"push","success":true}',
    );
    expect((await ask(api.url, '/push?key=web_total&doc=other')).status).toBe(200);
    expect((await ask(api.url, '/accumulate?key=web_total&value=5')).text).toBe('{"operation":"inc","success":true}');
    await ask(api.url, '/accumulate/?key=web_total&value=2.5');
    expect(await main()).toEqual({ web_total: 7.5 });
    expect((await ask(api.url, '/set?key=web_total&value=100')).text).toBe('{"operation":"set","success":true}');
    await post(api.url, '/push', { key: 'post_total', value: '0', doc: 'd' });
    await post(api.url, '/accumulate', { key: 'post_total', value: '3' });
    await post(api.url, '/accumulate', { key: 'post_total', value: 4 });
    expect(await main()).toEqual({ post_total: 7, web_total: 100 });
    expect((await ask(api.url, '/job/?job=main')).body.counters[1]).toEqual({
      name: 'web_total',
      doc: 'pushed by hand',
      ctype: { Counter: { value: 100 } },
    });
  });

  it.each([
    '/push',
    '/push?key=',
    '/push?key=bad{a',
    '/accumulate',
    '/accumulate?key=web_total',
    '/accumulate?key=unknown_k&value=1',
    '/accumulate?key=web_total&value=abc',
    '/set?key=web_total&value=NaN',
    '/set?key=web_total&value=inf',
    '/set?key=web_total&value=',
    '/set?key=unknown_k&value=1',
    '/push/x?key=a',
  ])('refuse %s', async (path) => {
    const answer = await ask(api.url, path);
    expect([answer.status, answer.body.success, typeof answer.body.operation]).toEqual([400, false, 'string']);
  });

  it('refuse bodies that are none, and other methods', async () => {
    for (const body of ['', '[]', '{bad', '{"key":"a","key":"b","doc":"","value":"0"}', '{"key":"post_total2"}'])
      expect((await post(api.url, '/push', body)).status).toBe(400);
    expect(
      (await post(api.url, '/set', { key: 'web_total', value: '9' }, { 'content-type': 'text/plain' })).status,
    ).toBe(400);
    for (const method of ['PUT', 'DELETE'])
      expect((await ask(api.url, '/set?key=web_total&value=9', { method })).status).toBe(400);
  });

  it('refuse what is no number as fast as what is one, and docs nobody reads', async () => {
    const began = performance.now();
    expect((await post(api.url, '/set', { key: 'web_total', value: `${'1'.repeat(60_000)}x` })).status).toBe(400);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect((await post(api.url, '/push', { key: 'long_total', value: '0', doc: 'd'.repeat(10_001) })).status).toBe(400);
    expect((await post(api.url, '/accumulate', { key: 'web_total', value: ' 0. ' })).status).toBe(200);
  });

  it('lose nothing when they are added to from everywhere at once', async () => {
    await ask(api.url, '/push?key=many_total');
    await Promise.all(Array.from({ length: 40 }, () => ask(api.url, '/accumulate?key=many_total&value=1')));
    expect((await main())['many_total']).toBe(40);
  });

  it('set what main shows, also when programs push the same counter, and leave gauges alone', async () => {
    const node = await FakeNode.register(api.url, 'n2');
    await node.job('', { web_total: 11, temp_g: 3 });
    expect((await main())['web_total']).toBe(111);
    await ask(api.url, '/set?key=web_total&value=50');
    expect((await main())['web_total']).toBe(50);
    await node.job('', { web_total: 13, temp_g: 3 });
    expect((await main())['web_total']).toBe(52);
    for (const route of ['set', 'accumulate'])
      expect((await ask(api.url, `/${route}?key=temp_g&value=1`)).status).toBe(400);
    expect((await main())['temp_g']).toEqual(level(3));
  });
});
