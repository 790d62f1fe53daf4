import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseExposition } from '@drover/exposition';
import { startApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { ask, post } from '../../../../test/support/fake-node.js';
import { job, submit } from '../../../../test/support/flow.js';
import { NodeExporter } from '../../../../test/support/node-exporter.js';
import { freePort } from '../../../../test/support/ports.js';
import { Program } from '../../../../test/support/program.js';
import { Stack, type ApiProcess } from '../../../../test/support/stack.js';
import { countersOf, Counting } from './client.js';

const folder = mkdtempSync(join(tmpdir(), 'drover-metrics-'));
const socketPath = join(folder, 'p.sock');
let stack: Stack;
const entry = async (id: string, url = stack.url): Promise<Record<string, unknown>> =>
  countersOf((await ask(url, `/job/?job=${encodeURIComponent(id)}`)).body);
const totals = (of: Record<string, unknown>): [string, number][] =>
  Object.entries(of).filter((one): one is [string, number] => typeof one[1] === 'number');

beforeAll(async () => {
  stack = await Stack.start({
    apis: 2,
    workers: [{ name: 'n1', env: { METRIC_PROXY_SOCKET: socketPath, DROVER_JOB_SERIES: '20' } }],
    env: { METRIC_PROXY_NODE: 'n1', METRIC_PROXY_SYSTEM: 'off' },
  });
}, 150_000);
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('kill -9 of an API replica', () => {
  it('loses no counter and counts none twice, while a program pushes on', async () => {
    const program = new Counting(socketPath, 'steady');
    try {
      await expectEventually(async () => expect((await entry('steady'))['steady_total']).toBeGreaterThan(0), {
        withinMs: 20_000,
      });
      const [api] = stack.apis as [ApiProcess];
      await api.kill();
      const toldByThen = program.told;
      // The other one goes on; connections that led to the dead one are cut first.
      await expectEventually(async () => expect((await entry('steady'))['steady_total']).toBeGreaterThan(toldByThen), {
        withinMs: 30_000,
      });
      api.start();
      await stack.apiReady(api);
      program.stop();
      for (const { url } of stack.apis) {
        await expectEventually(async () => expect((await entry('steady', url))['steady_total']).toBe(program.told), {
          withinMs: 20_000,
        });
        expect((await entry('main', url))['steady_total']).toBe(program.told);
      }
    } finally {
      program.close();
    }
    await expectEventually(
      async () =>
        expect(countersOf((await ask(stack.url, '/get?jobid=steady')).body)['steady_total']).toBe(program.told),
      { withinMs: 20_000 },
    );
  });
});

describe("Debian's node exporter", () => {
  let exporter: NodeExporter;
  const direct = async (): Promise<Map<string, number>> => {
    const text = await (
      await fetch(`http://${exporter.address}/metrics`, { signal: AbortSignal.timeout(10_000) })
    ).text();
    const counters = parseExposition(text).families.filter((family) => family.type === 'counter');
    return new Map(
      counters.flatMap((family) =>
        family.samples.map((sample): [string, number] => [keyOf(sample.name, sample.labels), sample.value]),
      ),
    );
  };
  const keyOf = (name: string, labels: [string, string][]): string =>
    labels.length === 0
      ? name
      : `${name}{${[...labels]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
          .join(',')}}`;
  const scrapes = async (): Promise<string | null> =>
    (await ask(stack.url, '/api/v1/scrape-targets')).body.targets.find(
      (one: { address: string }) => one.address === exporter.address,
    )?.last_scrape_at ?? null;

  beforeAll(async () => {
    exporter = await NodeExporter.start();
  });
  afterAll(() => exporter?.stop());

  it('joined stands in main and the node once: after many scrapes each counter is what the exporter itself says', async () => {
    const first = await direct();
    expect((await ask(stack.url, `/join?to=${exporter.address}&period=250`)).status).toBe(200);
    const seen = new Set<string>();
    await expectEventually(async () => seen.add((await scrapes()) ?? '').size > 5, { withinMs: 20_000 });
    const main = await entry('main');
    const last = await direct();
    let standing = 0;
    for (const [name, before] of first) {
      const after = last.get(name);
      if (after === undefined || !Number.isFinite(before)) continue;
      if (before === after) {
        standing += 1;
        expect(main[name], name).toBe(before);
      } else {
        expect(main[name], name).toBeGreaterThanOrEqual(before);
        expect(main[name], name).toBeLessThanOrEqual(after);
      }
    }
    expect(standing).toBeGreaterThan(50);
    const node = await entry('Node: n1');
    for (const [name] of [...first].slice(0, 50)) expect(node).toHaveProperty([name]);
  });

  it('is in what a real Prometheus scrapes from us: up, with the same values', async () => {
    const port = await freePort();
    const target = stack.url.slice('http://'.length);
    writeFileSync(
      join(folder, 'prometheus.yml'),
      JSON.stringify({
        global: { scrape_interval: '1s' },
        scrape_configs: [
          { job_name: 'drover', static_configs: [{ targets: [target] }] },
          {
            job_name: 'one',
            metrics_path: '/metrics/',
            params: { job: ['main'] },
            static_configs: [{ targets: [target] }],
          },
        ],
      }),
    );
    const prometheus = new Program({
      name: 'prometheus',
      argv: [
        'prometheus',
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      env: {},
      logPath: join(folder, 'prometheus.log'),
    });
    prometheus.start();
    try {
      const query = async (text: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> =>
        (await ask(`http://127.0.0.1:${port}`, `/api/v1/query?query=${encodeURIComponent(text)}`)).body.data.result;
      await expectEventually(
        async () =>
          expect((await query('up')).map(({ metric, value }) => [metric['job'], value[1]]).sort()).toEqual([
            ['drover', '1'],
            ['one', '1'],
          ]),
        { withinMs: 40_000, everyMs: 200 },
      );
      for (const { value } of await query('steady_total'))
        expect(Number(value[1])).toBe((await entry('main'))['steady_total']);
      const disks = await query('node_disk_reads_completed_total{job="drover"}');
      const main = await entry('main');
      for (const { metric, value } of disks)
        expect(Number(value[1])).toBeLessThanOrEqual(
          Number(main[`node_disk_reads_completed_total{device="${metric['device']}"}`]),
        );
      expect(await query('count({job="drover",__name__=~"node_.+"}) > 100')).toHaveLength(1);
    } finally {
      await prometheus.stop();
    }
  });

  it('that stops leaves its values and the list', async () => {
    await exporter.stop();
    await expectEventually(
      async () =>
        expect((await ask(stack.url, '/join/list')).body.map((one: { ttype: string }) => one.ttype)).toEqual([
          'System',
        ]),
      { withinMs: 30_000 },
    );
    const main = await entry('main');
    expect(totals(main).filter(([name]) => name.startsWith('node_')).length).toBeGreaterThan(100);
  });
});

describe('a job on a real worker', () => {
  it('has its own exporter scraped while it runs, and no longer; its profile keeps what was seen', async () => {
    const port = await freePort();
    const serve = `let hits = 0; require('node:http').createServer((q, r) => { hits += 1; if (hits > 15) process.exit(0); r.end('# TYPE own_total counter\\nown_total 42\\n'); }).listen(${port}, '127.0.0.1')`;
    const id = await submit(stack, { command: [process.execPath, '-e', serve] });
    await expectEventually(async () => (await fetch(`http://127.0.0.1:${port}/job/list`)).ok, { withinMs: 20_000 });
    const made = await post(stack.url, '/api/v1/scrape-targets', {
      address: `127.0.0.1:${port}`,
      job: id,
      period_s: 0.2,
    });
    expect([made.status, made.body.job]).toEqual([201, id]);
    await expectEventually(async () => expect((await entry(id))['own_total']).toBe(42), { withinMs: 20_000 });
    expect((await entry('main'))['own_total']).toBe(42);
    await expectEventually(async () => (await job(stack, id)).state === 'succeeded', { withinMs: 30_000 });
    await expectEventually(
      async () => (await ask(stack.url, `/api/v1/scrape-targets/${made.body.id}`)).status === 404,
      { withinMs: 20_000 },
    );
    await expectEventually(
      async () => expect(countersOf((await ask(stack.url, `/get?jobid=${id}`)).body)['own_total']).toBe(42),
      { withinMs: 20_000 },
    );
  });

  it('may have so many series and is told when it has', async () => {
    const push = `const metrics = Array.from({ length: 30 }, (_, i) => ({ name: 'm' + i, add: 1 }));
      fetch(process.env.DROVER_METRICS_URL, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ metrics }) }).then(async (r) => console.log(r.status, await r.text()))`;
    const id = await submit(stack, { command: [process.execPath, '-e', push] });
    await expectEventually(async () => (await job(stack, id)).state === 'succeeded', { withinMs: 20_000 });
    const said = (await ask(stack.url, `/api/v1/jobs/${id}/logs?stream=stdout`)).text;
    expect(said).toMatch(
      /^200 \{"accepted":20,"refused":\[\{"name":"m20","reason":"the job has 20 series already, as many as it may \(DROVER_JOB_SERIES\)"\}/,
    );
    await expectEventually(
      async () =>
        expect(
          Object.keys(countersOf((await ask(stack.url, `/get?jobid=${id}`)).body)).filter((name) =>
            /^m\d+$/.test(name),
          ),
        ).toHaveLength(20),
      { withinMs: 20_000 },
    );
  });
});

describe('two Drovers in a tree', () => {
  it('show the same sums', async () => {
    const parent = await startApi({ env: { METRIC_PROXY_NODE: 'root', METRIC_PROXY_SYSTEM: 'off' } });
    try {
      const program = new Counting(socketPath, 'below');
      await ask(parent.url, `/join?to=${stack.url.slice('http://'.length)}&period=200`);
      await expectEventually(async () => expect((await entry('below', parent.url))['below_total']).toBeGreaterThan(0), {
        withinMs: 20_000,
      });
      program.stop();
      // Its worker stands still: nothing changes any more.
      await stack.worker.stop();
      await expectEventually(
        async () => {
          const [child, root] = [await entry('main'), await entry('main', parent.url)];
          expect(child['below_total']).toBe(program.told);
          expect(root).toEqual(child);
          expect(Object.keys(child).length).toBeGreaterThan(40);
        },
        { withinMs: 30_000 },
      );
      expect(await entry('Node: n1', parent.url)).toEqual(await entry('Node: n1'));
      program.close();
    } finally {
      await parent.close();
    }
  });
});
