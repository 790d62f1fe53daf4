import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { ask, FakeNode, jobDesc, post } from '../../../../test/support/fake-node.js';
import { countersOf, level } from './client.js';

const ENV = { METRIC_PROXY_SYSTEM: 'off', DROVER_SCRAPE_TIMEOUT: '1' };
const servers: Server[] = [];

/** An HTTP server whose answers a test may change; `null`: it never answers. */
async function serve(
  paths: Record<string, string | null>,
  port = 0,
): Promise<{ address: string; server: Server; hits: () => number }> {
  let hits = 0;
  const server = createServer((request, response) => {
    hits += 1;
    const body = paths[request.url ?? ''];
    if (body === null) return;
    response.writeHead(body === undefined ? 404 : 200).end(body ?? '');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, server, hits: () => hits };
}
const stop = (server: Server): Promise<void> => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
};
const entry = async (api: TestApi, id: string): Promise<Record<string, unknown>> =>
  countersOf((await ask(api.url, `/job/?job=${encodeURIComponent(id)}`)).body);
const hostPort = (api: TestApi): string => api.url.slice('http://'.length);
const joined = async (
  api: TestApi,
): Promise<{ target_url: string; ttype: string; period: number; last_scrape: number }[]> =>
  (await ask(api.url, '/join/list')).body;

afterAll(() => Promise.all(servers.filter((server) => server.listening).map(stop)));

describe('a joined exporter', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ env: { ...ENV, METRIC_PROXY_NODE: 'n1' } });
  });
  afterAll(() => api.close());
  const pages: Record<string, string | null> = {};
  let target: Awaited<ReturnType<typeof serve>>;

  it('stands in main and the node, not in jobs; standing still changes nothing', async () => {
    pages['/metrics'] =
      '# TYPE d_total counter\nd_total{code="500",method="get"} 100\n# TYPE t gauge\nt 2.5\n# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\nplain 7\n# TYPE n gauge\nn NaN\n';
    target = await serve(pages);
    const node = await FakeNode.register(api.url, 'n1');
    await node.job('j', { it: 1 }, { desc: jobDesc('j') });
    expect((await ask(api.url, `/join?to=${target.address}&period=100`)).text).toBe(
      JSON.stringify({ operation: `Added ${target.address} for scraping`, success: true }),
    );
    const expected = { 'd_total{code="500",method="get"}': 100, it: 1, t: level(2.5) };
    await expectEventually(async () => expect(await entry(api, 'main')).toEqual(expected));
    const seen = target.hits();
    await expectEventually(() => target.hits() >= seen + 4);
    expect(await entry(api, 'main')).toEqual(expected);
    expect(await entry(api, 'Node: n1')).toEqual(expected);
    expect(await entry(api, 'j')).toEqual({ it: 1 });
    expect(await joined(api)).toEqual([
      {
        target_url: `http://${target.address}/metrics`,
        ttype: 'Prometheus',
        period: 0.1,
        last_scrape: expect.any(Number) as number,
      },
      { target_url: '/system', ttype: 'System', period: 5, last_scrape: 0 },
    ]);
    expect((await joined(api))[0]?.last_scrape).toBeGreaterThan(1_700_000_000);
  });

  it('that starts anew counts on from zero', async () => {
    pages['/metrics'] = '# TYPE d_total counter\nd_total{code="500",method="get"} 5\n';
    await expectEventually(async () =>
      expect(await entry(api, 'main')).toMatchObject({ 'd_total{code="500",method="get"}': 105, t: level(2.5) }),
    );
  });

  it('joined again is one entry with the new period, and nothing is counted twice', async () => {
    expect((await ask(api.url, `/join?to=${target.address}&period=abc`)).status).toBe(200);
    await expectEventually(async () => expect((await joined(api)).map((one) => one.period)).toEqual([5, 5]));
    await ask(api.url, `/join?to=${target.address}&period=100`);
    const seen = target.hits();
    await expectEventually(() => target.hits() >= seen + 3);
    expect(await entry(api, 'main')).toMatchObject({ 'd_total{code="500",method="get"}': 105 });
  });

  it('that stops is dropped after three failures; its values stay', async () => {
    await stop(target.server);
    await expectEventually(async () => expect((await joined(api)).map((one) => one.ttype)).toEqual(['System']));
    expect(await entry(api, 'main')).toMatchObject({ 'd_total{code="500",method="get"}': 105, t: level(2.5) });
  });

  it('that hangs delays nothing, and shows its health', async () => {
    const hanging = await serve({ '/metrics': '# TYPE x gauge\nx 1\n' });
    const made = await post(api.url, '/api/v1/scrape-targets', { address: hanging.address, period_s: 0.1, keep: true });
    expect([made.status, made.body.kind, made.body.health]).toEqual([201, 'prometheus', 'unknown']);
    const view = async (): Promise<{ health: string; failures: number; last_error: string | null }> =>
      (await ask(api.url, `/api/v1/scrape-targets/${made.body.id}`)).body;
    await expectEventually(async () => expect((await view()).health).toBe('up'));
    hanging.server.removeAllListeners('request');
    hanging.server.on('request', () => undefined);
    const other = await serve({ '/metrics': '# TYPE y_total counter\ny_total 1\n' });
    await ask(api.url, `/join?to=${other.address}&period=100`);
    const seen = other.hits();
    for (const path of ['/join/list', '/job/list', '/metrics', '/alarms/list']) {
      const began = Date.now();
      expect((await ask(api.url, path)).status).toBe(200);
      expect(Date.now() - began).toBeLessThan(900);
    }
    await expectEventually(() => other.hits() >= seen + 3);
    await expectEventually(
      async () =>
        expect(await view()).toMatchObject({
          health: 'down',
          last_error: expect.stringContaining('did not answer') as string,
        }),
      { withinMs: 20_000 },
    );
    expect((await ask(api.url, `/api/v1/scrape-targets/${made.body.id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it.each([
    ['', 'No to parameter passed'],
    ['?to=', null],
    ['?to=http://localhost:1', 'To should not be an URL (with http://) but host:port'],
    ['?to=127.0.0.1:1', null],
    ['?to=localhost:1/metrics', null],
    ['?to=no.such.host.invalid:9100', null],
    ['?to=169.254.169.254', null],
  ])('is refused for /join%s', async (query, operation) => {
    const answer = await ask(api.url, `/join${query}`);
    expect([answer.status, answer.body.success]).toEqual([400, false]);
    if (operation) expect(answer.body.operation).toBe(operation);
  });

  it('is refused when it only points elsewhere, and when its answer has no end', async () => {
    const elsewhere = createServer((request, response) =>
      response.writeHead(302, { location: `${api.url}${request.url ?? ''}` }).end(),
    );
    const endless = createServer((request, response) => {
      if (request.url !== '/metrics') return void response.writeHead(404).end();
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write('# more\n'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    for (const server of [elsewhere, endless]) {
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      expect((await ask(api.url, `/join?to=127.0.0.1:${(server.address() as AddressInfo).port}`)).status).toBe(400);
    }
  });

  it('is asked beside the others of one request, and those before the first that cannot be joined are', async () => {
    // Each answers only when all three are being asked.
    let asked = 0;
    const waiting: (() => void)[] = [];
    const addresses: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      const server = createServer((request, response) => {
        if (request.url !== '/metrics') return void response.writeHead(404).end();
        waiting.push(() => response.end('# TYPE slow_total counter\nslow_total 1\n'));
        asked += 1;
        if (asked >= 3) for (const go of waiting.splice(0)) go();
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      addresses.push(`127.0.0.1:${(server.address() as AddressInfo).port}`);
    }
    const answer = await ask(api.url, `/join/multiple?to=${[...addresses, '169.254.169.254:9100'].join('%26')}`);
    expect([answer.status, answer.body.success]).toEqual([400, false]);
    expect(answer.body.operation).toContain('Failed to add 169.254.169.254:9100 for scraping');
    const urls = (await joined(api)).map((target) => target.target_url);
    expect(urls.filter((url) => addresses.some((address) => url.includes(address)))).toEqual(
      addresses.map((address) => `http://${address}/metrics`),
    );
    const { body } = await ask(api.url, '/api/v1/scrape-targets');
    for (const { id, address } of body.targets)
      if (addresses.includes(address)) await ask(api.url, `/api/v1/scrape-targets/${id}`, { method: 'DELETE' });
  });

  it('that says something twice, or what cannot be kept, gives the rest and stands still', async () => {
    const desc = jobDesc('twice-job');
    const counter = (name: string, value: number): object => ({ name, doc: '', ctype: { Counter: { value } } });
    const proxy = await serve({
      '/job/list': JSON.stringify([jobDesc('main')]),
      '/job': JSON.stringify([
        { desc: jobDesc('main'), counters: [counter('twice_total', 10), counter('twice_total', 5)] },
        { desc, counters: [counter('in_job', 1)] },
        { desc, counters: [counter('in_job', 2)] },
      ]),
    });
    const exporter = await serve({
      '/metrics': '# HELP nul_total a\u0000b\n# TYPE nul_total counter\nnul_total{a="\u0000"} 1\nnul_total 4\n',
    });
    for (const { address } of [proxy, exporter])
      expect((await ask(api.url, `/join?to=${address}&period=200`)).status).toBe(200);
    await expectEventually(() => proxy.hits() >= 6 && exporter.hits() >= 6);
    expect(await entry(api, 'main')).toMatchObject({ twice_total: 10, nul_total: 4 });
    expect(await entry(api, 'twice-job')).toEqual({ in_job: 1 });
    for (const { address } of [proxy, exporter])
      expect((await ask(api.url, `/disconnect?target=${address}`)).status).toBe(200);
  });

  it('may not be the server itself; the own system is always there', async () => {
    expect((await ask(api.url, `/join?to=${hostPort(api)}`)).status).toBe(400);
    expect((await ask(api.url, '/join?to=%2Fsystem')).body).toEqual({
      operation: 'Added /system for scraping',
      success: true,
    });
    expect((await joined(api)).filter((one) => one.ttype === 'System')).toHaveLength(1);
    expect((await ask(api.url, '/join/nope')).body).toEqual({ operation: '/join/nope', success: false });
  });
});

describe('two joined servers', () => {
  let parent: TestApi;
  const children: TestApi[] = [];
  const nodes: FakeNode[] = [];
  beforeAll(async () => {
    parent = await startApi({ env: { ...ENV, METRIC_PROXY_NODE: 'p' } });
    for (const name of ['c1', 'c2']) {
      const child = await startApi({ env: { ...ENV, METRIC_PROXY_NODE: name } });
      children.push(child);
      nodes.push(await FakeNode.register(child.url, name));
    }
  });
  afterAll(() => Promise.all([parent, ...children].map((api) => api.close())));

  it('give the numbers of the worked example, in the job and in main', async () => {
    const [n1, n2] = nodes as [FakeNode, FakeNode];
    await n1.job('J1', { app_it: 10, app_res_g: 1 }, { desc: jobDesc('J1') });
    await n2.job('J1', { app_it: 20, app_res_g: 3 }, { desc: jobDesc('J1', { start_time: 1_600_000_000 }) });
    await ask(parent.url, `/join/multiple?to=${children.map(hostPort).join('%26')}&period=100%26100`);
    for (const id of ['J1', 'main'])
      await expectEventually(async () =>
        expect(await entry(parent, id)).toEqual({ app_it: 30, app_res_g: { min: 1, max: 3, hits: 2, total: 4 } }),
      );
    await n1.job('J1', { app_it: 15, app_res_g: 9 });
    for (const id of ['J1', 'main'])
      await expectEventually(async () =>
        expect(await entry(parent, id)).toEqual({ app_it: 35, app_res_g: { min: 1, max: 9, hits: 2, total: 12 } }),
      );
    expect((await ask(parent.url, '/job/?job=J1')).body.desc.start_time).toBe(1_600_000_000);
    expect((await ask(parent.url, '/job/list')).body.map((desc: { jobid: string }) => desc.jobid)).toEqual([
      'main',
      'Node: c1',
      'Node: c2',
      'Node: p',
      'J1',
    ]);
    expect(await entry(parent, 'Node: c1')).toEqual({ app_it: 15, app_res_g: level(9) });
    expect((await ask(parent.url, '/topo')).body).toEqual(
      children.map((child) => [expect.stringMatching(/^p:/), hostPort(child)]),
    );
  });

  it('keep what a child gave when its programs start anew', async () => {
    const [n1] = nodes as [FakeNode];
    const stand = await entry(parent, 'main');
    await n1.job('J2', { other: 100 }, { desc: jobDesc('J2') });
    await expectEventually(async () => expect(await entry(parent, 'main')).toEqual({ ...stand, other: 100 }));
    n1.restart();
    await n1.job('J2', { other: 5 });
    await expectEventually(async () => expect(await entry(parent, 'J2')).toEqual({ other: 105 }));
  });

  it('end a job at the parent when the last child stops listing it', async () => {
    const [n1, n2] = nodes as [FakeNode, FakeNode];
    // Its worker has started anew: it has counted nothing since.
    await n1.job('J1', { app_it: 0, app_res_g: 9 }, { live: false });
    await expectEventually(async () => (await ask((children[0] as TestApi).url, '/job/?job=J1')).status === 400);
    expect(await entry(parent, 'J1')).toMatchObject({ app_it: 35 });
    await n2.job('J1', { app_it: 20, app_res_g: 3 }, { live: false });
    await expectEventually(async () => expect((await ask(parent.url, '/job/?job=J1')).status).toBe(400));
    const profile = (await ask(parent.url, '/get?jobid=J1')).body;
    expect(profile.desc.end_time).toBeGreaterThan(1_700_000_000);
    expect(countersOf(profile)).toMatchObject({ app_it: 35 });
    expect(await entry(parent, 'main')).toMatchObject({ app_it: 35 });
  });

  it('never sum each other up', async () => {
    expect((await ask((children[0] as TestApi).url, `/join?to=${hostPort(parent)}`)).status).toBe(400);
  });
});

describe('proxies of both dialects', () => {
  it('are read as parents read them, and with head on we write as the newest one reads', async () => {
    const api = await startApi({ env: { ...ENV, METRIC_PROXY_NODE: 'n1', METRIC_PROXY_DIALECT: 'head' } });
    try {
      const desc = (jobid: string, start: number): object => ({ ...jobDesc(jobid), start_time: start });
      const seed = [{ desc: desc('main', 0), counters: [{ name: 'a', doc: '', ctype: { Counter: { value: 2 } } }] }];
      const head = [
        { desc: desc('main', 0), counters: [{ name: 'a', doc: '', ctype: { Counter: { ts: 1, value: 3 } } }] },
        { desc: desc('K', 1_700_000_000_000), counters: [] },
      ];
      for (const jobs of [seed, head]) {
        const { address } = await serve({
          '/job/list': JSON.stringify(jobs.map((one) => one.desc)),
          '/job': JSON.stringify(jobs),
        });
        expect((await ask(api.url, `/join?to=${address}&period=100`)).status).toBe(200);
      }
      await expectEventually(async () => expect(await entry(api, 'main')).toEqual({ a: 5 }));
      await expectEventually(async () =>
        expect((await ask(api.url, '/job/?job=K')).body.desc.start_time).toBe(1_700_000_000_000),
      );
      const counter = (await ask(api.url, '/job/?job=main')).body.counters[0].ctype.Counter;
      expect(Object.keys(counter)).toEqual(['ts', 'value']);
      expect(Number.isSafeInteger(counter.ts)).toBe(true);
    } finally {
      await api.close();
    }
  });
});

describe('the tree', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ env: { ...ENV, METRIC_PROXY_NODE: 'vm', DROVER_PORT: '1337' }, passive: true });
  });
  afterAll(() => api.close());

  it('fills breadth-first with two children each and remembers', async () => {
    expect((await ask(api.url, '/topo/')).text).toBe('[["vm:1337","vm:1337"]]');
    const parents: string[] = [];
    for (const child of ['a', 'b', 'c', 'd', 'e'])
      parents.push((await ask(api.url, `/pivot?from=host${child}:1`)).body.operation);
    expect(parents).toEqual(['vm:1337', 'vm:1337', 'hosta:1', 'hosta:1', 'hostb:1']);
    expect((await ask(api.url, '/pivot?from=hostc:1')).body.operation).toBe('hosta:1');
    expect((await ask(api.url, '/topo')).body).toEqual([
      ['vm:1337', 'hosta:1'],
      ['vm:1337', 'hostb:1'],
      ['hosta:1', 'hostc:1'],
      ['hosta:1', 'hostd:1'],
      ['hostb:1', 'hoste:1'],
    ]);
  });

  it.each([
    ['/pivot', 400, 'No from parameter passed'],
    ['/pivot?from=http://x:1', 400, 'From should not be an URL (with http://) but host:port'],
    ['/period', 200, '5000'],
    ['/disconnect', 400, 'No target parameter passed'],
    [
      '/disconnect?target=localhost:1',
      400,
      'Failed to remove http://localhost:1/job: No such scrape http://localhost:1/job to remove',
    ],
    ['/remove', 400, 'No from parameter passed'],
    ['/remove?from=a', 400, 'No target parameter passed'],
    ['/remove?from=a&target=b', 400, 'No such from client a'],
    ['/leave', 400, 'No from parameter passed'],
    ['/leave?from=unknown:1', 200, 'Node unknown:1 not tracked in TBON'],
    ['/remove?from=hosta:1&target=hostc:1', 200, 'Unresponsive node removed!'],
    ['/topo/x', 400, '/topo/x'],
  ])('answers %s with %d', async (path, status, operation) => {
    expect(await ask(api.url, path)).toMatchObject({ status, body: { operation, success: status === 200 } });
  });
});
