import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobCountersService } from '@drover/metrics';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { program } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { FakeNode, post } from '../support/fake-node.js';

let api: TestApi;
let exporter: Server;
let address: string;
let folder: string;
/** The exporter answers with this status. */
let status = 200;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-cli-metrics-'));
  exporter = createServer((request, response) => {
    response
      .writeHead(request.url === '/metrics' ? status : 404)
      .end('# TYPE x_total counter\nx_total 7\n# TYPE lvl gauge\nlvl 2\n');
  });
  await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(exporter.address() as AddressInfo).port}`;
  api = await startApi({ env: { METRIC_PROXY_SYSTEM: 'off', METRIC_PROXY_NODE: 'n1', DROVER_SCRAPE_TIMEOUT: '1' } });
});
afterAll(async () => {
  await api?.close();
  exporter.closeAllConnections();
  await new Promise((resolve) => exporter.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const cli = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], HOME: folder, DROVER_API_URL: api.url };
    execFile(process.execPath, [program('cli'), ...args], { env, timeout: 50_000 }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });

describe('drover targets', () => {
  it('adds a target, lists it with its health and its last error, and removes it by its address', async () => {
    const added = await cli('targets', 'add', address, '--every', '0.2', '--keep', '-o', 'quiet');
    expect(added).toMatchObject({ code: 0, stderr: '' });
    const id = added.stdout.trim();
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await expectEventually(
      async () => {
        const [head = '', row = ''] = (await cli('targets')).stdout.split('\n');
        expect(head).toMatch(/^TARGET +ADDRESS +HEALTH +KIND +EVERY +LAST SCRAPE +TOOK +SERIES/);
        expect(row).toMatch(new RegExp(`^${id} +${address} +up +prometheus +0.2 s +20\\d\\d-.+ \\d+ ms +2`));
      },
      { withinMs: 30_000 },
    );
    status = 500;
    await expectEventually(
      async () =>
        expect((await cli('targets', 'list')).stdout).toMatch(
          / down +prometheus .+ [1-9]\d* +.*metrics answered 500\./,
        ),
      { withinMs: 30_000 },
    );
    const [target] = JSON.parse((await cli('targets', '-o', 'json')).stdout) as {
      health: string;
      last_error: string;
    }[];
    expect(target).toMatchObject({ id, health: 'down', last_error: expect.stringContaining('500') });
    expect(await cli('targets', 'remove', address)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await cli('targets', '-o', 'quiet')).stdout).toBe('');
    status = 200;
  });

  it('says in the words of the API what is refused, and 123 of a target that is not there', async () => {
    const silent = await cli('targets', 'add', '127.0.0.1:1');
    expect(silent.code).toBe(125);
    expect(silent.stderr).toMatch(/^drover: The API refused it:\n {2}address: must answer now/);
    const wrong = await cli('targets', 'add', `http://${address}`);
    expect(wrong.stderr).toContain('address: must be host:port without http://');
    expect((await cli('targets', 'add', address, '--every', '0')).stderr).toContain('a number of seconds above 0');
    expect(await cli('targets', 'remove', '127.0.0.1:1')).toEqual({
      code: 123,
      stdout: '',
      stderr: 'drover: There is no scrape target 127.0.0.1:1. `drover targets` lists them.\n',
    });
    expect((await cli('targets', 'remove', '00000000-0000-7000-8000-000000000000')).code).toBe(123);
  });
});

describe('drover counters', () => {
  it('shows what a job pushed, each series with its growth, or one of them over time', async () => {
    const node = await FakeNode.register(api.url, 'n1');
    const agent = await scriptedAgent(api.core, 'n1', ['lab']);
    const { id } = (await post(api.url, '/api/v1/jobs', { queue: 'lab', command: './count' })).body as { id: string };
    const execution = await (await agent.claim(id)).started();
    const none = await cli('counters', id);
    expect(none).toMatchObject({ code: 0, stderr: 'The job has pushed no counter and no gauge.\n' });
    const counters = api.app.get(JobCountersService);
    // In the past, so that readings of the API itself come behind them.
    const began = Date.now() - 60_000;
    for (const [step, total] of [10, 30, 60].entries()) {
      await node.job(id, { 'it_total{op="a b"}': total, depth_g: 3 - step });
      await counters.keep(new Date(began + step * 5_000));
    }
    await execution.ended();
    const shown = await cli('counters', id);
    expect(shown.stdout).toMatch(/^SERIES +TYPE +LAST +A SECOND +READ\ndepth_g +gauge +1 +20/);
    expect(shown.stdout).toMatch(/\nit_total\{op="a b"\} +counter +60 +[\d.]+ +20/);
    const list = JSON.parse((await cli('counters', id, '-o', 'json')).stdout) as { readings: { values: number[] }[] };
    expect(list.readings.slice(0, 3).map(({ values }) => values)).toEqual([
      [3, 10],
      [2, 30],
      [1, 60],
    ]);
    const values = (await cli('counters', id, '--series', 'it_total{op="a b"}', '-o', 'quiet')).stdout.split('\n');
    expect(values.slice(0, 3)).toEqual(['10', '30', '60']);
    const unknown = await cli('counters', id, '--series', 'nothing');
    expect([unknown.code, unknown.stderr]).toEqual([
      123,
      `drover: Job ${id} has no series nothing. It has depth_g, it_total{op="a b"}.\n`,
    ]);
    expect((await cli('counters', '00000000-0000-7000-8000-000000000000')).code).toBe(123);
  });
});
