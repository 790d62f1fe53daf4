import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { ask } from '../../../../test/support/fake-node.js';
import { Stack } from '../../../../test/support/stack.js';
import { countersOf, level } from './client.js';

const recorded = (
  JSON.parse(
    readFileSync(new URL('../../../../test/fixtures/metric-proxy-unix-client.json', import.meta.url), 'utf8'),
  ) as {
    messages: object[];
  }
).messages;
const folder = mkdtempSync(join(tmpdir(), 'drover-proxy-'));
const socketPath = join(folder, 'p.sock');
let stack: Stack;
const url = (): string => stack.url;
const entry = async (id: string): Promise<Record<string, unknown>> =>
  countersOf((await ask(url(), `/job/?job=${encodeURIComponent(id)}`)).body);

/** Runs a job that pushes, then waits for a file to appear. */
const PROGRAM = `
const { createConnection } = require('node:net');
const { existsSync } = require('node:fs');
const socket = createConnection(process.env.PROXY_PATH);
const send = (message) => socket.write(JSON.stringify(message) + '\\0');
send({ JobDesc: { jobid: process.env.PROXY_JOB_ID, command: 'x', size: 1, nodelist: '', partition: '', cluster: '', run_dir: '', start_time: 1, end_time: 0 } });
send({ Desc: { name: 'by_socket', doc: 's', ctype: { Counter: { value: 0 } } } });
send({ Value: { name: 'by_socket', value: { Counter: { value: 3 } } } });
(async () => {
  await fetch(process.env.DROVER_METRICS_URL, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ metrics: [{ name: 'by_http', add: 5 }, { name: 'level', value: 1.5 }] }) });
  while (!existsSync(process.argv[1])) await new Promise((resolve) => setTimeout(resolve, 50));
  await fetch(process.env.DROVER_METRICS_URL, { method: 'POST', body: '# TYPE last_total counter\\nlast_total 7\\n' });
  socket.end();
})();`;

beforeAll(async () => {
  stack = await Stack.start({
    workers: [{ name: 'n1', env: { METRIC_PROXY_SOCKET: socketPath } }],
    env: { METRIC_PROXY_NODE: 'n1' },
  });
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a job on a real worker', () => {
  it("is listed with its counters and its node's metrics while it runs, and leaves them as a profile", async () => {
    const go = join(folder, 'go');
    const { id } = (await stack.request('POST', '/api/v1/jobs', { command: ['node', '-e', PROGRAM, go] })).body as {
      id: string;
    };
    await expectEventually(
      async () =>
        expect(await entry(id)).toMatchObject({
          by_socket: 3,
          by_http: 5,
          level: level(1.5),
          proxy_cpu_total: expect.any(Object) as object,
        }),
      { withinMs: 20_000 },
    );
    expect(await entry('main')).toMatchObject({ by_socket: 3, by_http: 5 });
    expect(await entry('Node: n1')).toMatchObject({ by_socket: 3, by_http: 5 });
    expect((await ask(url(), '/job/list')).body.map((desc: { jobid: string }) => desc.jobid)).toEqual([
      'main',
      'Node: n1',
      id,
    ]);
    // A value that it counts in its last moment is in its profile.
    await stack.request('POST', '/api/v1/jobs', { command: ['touch', go] });
    await expectEventually(async () => (await ask(url(), `/api/v1/profiles/${id}`)).status === 200, {
      withinMs: 20_000,
    });
    // A report may come after the end of its job: the profile is set right with it.
    const profile = await expectEventually(
      async () => {
        const { body } = await ask(url(), `/get?jobid=${id}`);
        expect(countersOf(body)).toMatchObject({
          by_socket: 3,
          by_http: 5,
          last_total: 7,
          proxy_cpu_total: expect.any(Object) as object,
        });
        return body;
      },
      { withinMs: 20_000 },
    );
    expect(profile.desc).toMatchObject({ jobid: id, nodelist: 'n1', partition: 'default' });
    expect((await ask(url(), `/job/?job=${id}`)).status).toBe(400);
    expect(await entry('main')).toMatchObject({ by_socket: 3, last_total: 7 });
  });
});

describe('a program outside Drover', () => {
  it('that is the real client library is listed while it is connected, then a profile', async () => {
    const socket: Socket = createConnection(socketPath);
    for (const message of recorded) socket.write(`${JSON.stringify(message)}\0`);
    await expectEventually(
      async () => expect(await entry('cjob')).toMatchObject({ demo_steps: 10, demo_level: level(7.5) }),
      { withinMs: 20_000 },
    );
    socket.end();
    await expectEventually(async () => (await ask(url(), '/get?jobid=cjob')).status === 200, { withinMs: 20_000 });
    expect((await ask(url(), '/percmd')).body['/home/user/app/t_client argA ']).toHaveLength(1);
    expect((await ask(url(), '/job/?job=cjob')).status).toBe(400);
  });

  it('that breaks the protocol releases its job', async () => {
    const socket = createConnection(socketPath);
    socket.on('error', () => undefined);
    socket.write(
      `${JSON.stringify({ JobDesc: { jobid: 'bad', command: 'c', size: 1, nodelist: '', partition: '', cluster: '', run_dir: '', start_time: 1, end_time: 0 } })}\0`,
    );
    await expectEventually(async () => (await ask(url(), '/job/?job=bad')).status === 200, { withinMs: 20_000 });
    socket.write('{"Value":{"name":"x","value":{"Counter":{"value":1}}}}\0');
    await expectEventually(async () => (await ask(url(), '/get?jobid=bad')).status === 200, { withinMs: 20_000 });
  });
});

describe('kill -9 of the API', () => {
  it('loses no counter', async () => {
    const before = await entry('main');
    await stack.api.kill();
    stack.api.start();
    await stack.apiReady(stack.api);
    const after = await entry('main');
    for (const name of ['by_socket', 'by_http', 'last_total', 'demo_steps']) expect(after[name]).toBe(before[name]);
  });
});
