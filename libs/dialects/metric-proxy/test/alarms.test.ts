import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { ask, FakeNode, jobDesc, post, type Answer } from '../../../../test/support/fake-node.js';

interface Exchange {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
  status: number;
  answer?: Record<string, unknown>;
}
const recorded = (
  JSON.parse(readFileSync(new URL('./fixtures/alarms.json', import.meta.url), 'utf8')) as {
    exchanges: Exchange[];
  }
).exchanges;
const LOAD = 79.725830078125;

let api: TestApi;
let node: FakeNode;
beforeAll(async () => {
  api = await startApi({ env: { METRIC_PROXY_SYSTEM: 'off', METRIC_PROXY_NODE: 'vm' }, passive: true });
  node = await FakeNode.register(api.url, 'vm');
  await node.system({
    proxy_cpu_load_average_percent: LOAD,
    proxy_cpu_total: 2,
    'proxy_network_receive_bytes_total{interface="lo"}': 500,
  });
});
afterAll(() => api.close());

const add = (alarm: object): Promise<Answer> =>
  post(api.url, '/alarms/add', { target: 'main', metric: 'proxy_cpu_total', operation: '>', value: 0, ...alarm });

describe('the recorded conversation about alarms', () => {
  it('is answered as the original answered it', async () => {
    for (const exchange of recorded) {
      const body =
        exchange.body === null
          ? undefined
          : typeof exchange.body === 'string'
            ? exchange.body
            : JSON.stringify(exchange.body);
      const given = await fetch(`${api.url}${exchange.path}`, {
        method: exchange.method,
        headers: exchange.headers,
        ...(body === undefined ? {} : { body: Buffer.from(body) }),
      });
      const answer = (await given.json()) as Record<string, unknown>;
      const said = `${exchange.method} ${exchange.path} ${body ?? ''}`;
      expect(given.status, said).toBe(exchange.status);
      if (!exchange.answer) continue;
      if ('operation' in exchange.answer) {
        expect(Object.keys(answer), said).toEqual(['operation', 'success']);
        expect(answer['success'], said).toBe(exchange.answer['success']);
        // The words of a metric that is not there are the original's own; all else is the same to the letter.
        if (!String(exchange.answer['operation']).includes('metric group'))
          expect(answer, said).toEqual(exchange.answer);
      } else {
        const comparable = Object.fromEntries(
          Object.entries(answer).map(([entry, alarms]) => [
            entry,
            (alarms as { name: string; metric: string; operator: object; active: boolean }[])
              .map(({ name, metric, operator, active }) => ({ name, metric, operator, active }))
              .sort((a, b) => (a.name < b.name ? -1 : 1)),
          ]),
        );
        expect(comparable, said).toEqual(exchange.answer);
      }
    }
    for (const { name } of (await ask(api.url, '/alarms/list')).body.main as { name: string }[])
      await post(api.url, '/alarms/del', { target: 'main', name });
    expect((await ask(api.url, '/alarms/list')).text).toBe('{"main":[],"Node: vm":[]}');
  });
});

describe('an alarm', () => {
  it('is shown with its keys in their order and its pretty text to the character', async () => {
    await node.job(
      'j1',
      { app_iterations: 15, res_g: 3, never_g: null, 'io_g{op="read"}': 0.25 },
      { desc: jobDesc('j1') },
    );
    const cases: [object, string][] = [
      [
        { name: 'gauge', metric: 'proxy_cpu_load_average_percent', value: 33 },
        `gauge : proxy_cpu_load_average_percent (doc of proxy_cpu_load_average_percent) = ${LOAD} (Min: ${LOAD}, Max : ${LOAD}, Hits: 1, Total : ${LOAD}) GAUGE > 33`,
      ],
      [
        { name: 'counter', metric: 'proxy_network_receive_bytes_total{interface="lo"}', value: -1 },
        'counter : proxy_network_receive_bytes_total{interface="lo"} (doc of proxy_network_receive_bytes_total{interface="lo"}) = 500 COUNTER > -1',
      ],
      [
        { name: 'half', value: 0.5 },
        'half : proxy_cpu_total (doc of proxy_cpu_total) = 2 (Min: 2, Max : 2, Hits: 1, Total : 2) GAUGE > 0.5',
      ],
      [
        { name: 'huge', operation: '<', value: 1e300 },
        `huge : proxy_cpu_total (doc of proxy_cpu_total) = 2 (Min: 2, Max : 2, Hits: 1, Total : 2) GAUGE < 1${'0'.repeat(300)}`,
      ],
      [
        { name: 'iters', target: 'j1', metric: 'app_iterations', value: 3 },
        'iters : app_iterations (doc of app_iterations) = 15 COUNTER > 3',
      ],
      [
        { name: 'labelled', target: 'j1', metric: 'io_g{op="read"}', operation: '=', value: 0.25 },
        'labelled : io_g{op="read"} (doc of io_g{op="read"}) = 0.25 (Min: 0.25, Max : 0.25, Hits: 1, Total : 0.25) GAUGE = 0.25',
      ],
      [
        { name: 'never', target: 'j1', metric: 'never_g', value: 3 },
        'never : never_g (doc of never_g) = NaN (Min: 0, Max : 0, Hits: 0, Total : 0) GAUGE > 3',
      ],
    ];
    for (const [alarm] of cases)
      expect(await add(alarm)).toMatchObject({ status: 200, text: '{"operation":"alarm registered","success":true}' });
    const all = (await ask(api.url, '/alarms/list')).body;
    expect(Object.keys(all)).toEqual(['main', 'Node: vm', 'j1']);
    expect([...all.main, ...all.j1].map((alarm: { pretty: string }) => alarm.pretty)).toEqual(
      cases.map(([, text]) => text),
    );
    expect(Object.keys(all.main[0])).toEqual(['name', 'metric', 'operator', 'current', 'active', 'pretty']);
    expect(all.main[0]).toMatchObject({ operator: { More: 33 }, current: LOAD, active: true });
    expect(all.j1[2]).toMatchObject({ current: null, active: false });
    expect((await ask(api.url, '/alarms')).body.j1.map((alarm: { name: string }) => alarm.name)).toEqual([
      'iters',
      'labelled',
    ]);
  });

  it('may have the name of one on another target, a node for its target, and no name', async () => {
    for (const target of ['main', 'Node: vm']) expect((await add({ name: 'd', target })).status).toBe(200);
    expect((await add({ name: '', target: 'Node: vm' })).status).toBe(200);
    expect((await ask(api.url, '/alarms/del?targetjob=Node:+vm&name=d')).text).toBe(
      '{"operation":"Deleted d from Node: vm","success":true}',
    );
    expect((await ask(api.url, '/alarms/del?targetjob=Node:+vm&name=')).status).toBe(200);
  });

  it.each([
    [{ name: 'x', target: 'nope', metric: 'nope', operation: '!' }, 'Failed to locate job nope'],
    [{ name: 'x', metric: 'nope', operation: '!' }, 'No such key nope cannot get it'],
    [{ name: 'd', operation: '>=' }, 'No operator for >= only has = < and >'],
    [{ name: 'd' }, 'Alarm d is already defined'],
  ])('is refused for its target, metric, operation, name, in this order: %j', async (alarm, operation) => {
    expect((await add(alarm)).body).toEqual({ operation, success: false });
  });

  it.each([
    '{"name":"n","target":"main","metric":"proxy_cpu_total","operation":">","value":1e400}',
    '{"name":1,"target":"main","metric":"proxy_cpu_total","operation":">","value":1}',
    'null',
    '"x"',
    '{"name":"a\\u0000","target":"main","metric":"proxy_cpu_total","operation":">","value":1}',
  ])('is refused for the body %s', async (body) => expect((await post(api.url, '/alarms/add', body)).status).toBe(400));

  it('is gone with its job, and not back when the job runs again', async () => {
    await node.job('j1', { app_iterations: 15 }, { live: false });
    expect(Object.keys((await ask(api.url, '/alarms/list')).body)).toEqual(['main', 'Node: vm']);
    await node.job('j1', { app_iterations: 16 }, { desc: jobDesc('j1') });
    expect((await ask(api.url, '/alarms/list')).body.j1).toEqual([]);
    expect((await add({ name: 'iters', target: 'j1', metric: 'app_iterations' })).status).toBe(200);
  });
});
