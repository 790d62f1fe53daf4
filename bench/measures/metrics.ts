import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Broker } from '../lib/broker.js';
import { percentile, type Row } from '../lib/numbers.js';
import { cpuSeconds } from '../lib/processes.js';
import { answers, freePort, run, stop } from '../lib/program.js';
import type { Measure, Terms } from './measure.js';

const execute = promisify(execFile);
const JOBS = 200;
const COUNTERS = 50;

interface Effort {
  alarms: number;
  looks: number;
  warmLooks: number;
  watchS: number;
}

const FULL: Effort = { alarms: 1_000, looks: 100, warmLooks: 300, watchS: 20 };
const QUICK: Effort = { alarms: 50, looks: 3, warmLooks: 3, watchS: 1 };

const metric = (i: number): string => `bench_calls_total{function="f${String(i).padStart(2, '0')}"}`;
/** Made once: what is measured is who reads it. */
const INCREMENTS = Buffer.from(
  Array.from(
    { length: COUNTERS },
    (_, i) => `${JSON.stringify({ Value: { name: metric(i), value: { Counter: { value: i + 1 } } } })}\0`,
  ).join(''),
);

/** One program of a job, as the client library of the metric proxy talks: all its counters once a second. */
class Client {
  private readonly socket: Socket;
  private readonly timer: NodeJS.Timeout;

  constructor(
    path: string,
    readonly job: string,
    delayMs: number,
  ) {
    this.socket = createConnection(path);
    this.say({
      JobDesc: {
        jobid: job,
        command: './bench ',
        size: 1,
        nodelist: '',
        partition: '',
        cluster: '',
        run_dir: '/',
        start_time: 1_700_000_000,
        end_time: 0,
      },
    });
    for (let i = 0; i < COUNTERS; i += 1)
      this.say({ Desc: { name: metric(i), doc: `Calls of function ${i}`, ctype: { Counter: { value: 0 } } } });
    this.timer = setTimeout(() => {
      this.push();
      setInterval(() => this.push(), 1_000).unref();
    }, delayMs);
  }

  private push(): void {
    if (!this.socket.destroyed) this.socket.write(INCREMENTS);
  }

  private say(message: object): void {
    this.socket.write(`${JSON.stringify(message)}\0`);
  }

  close(): void {
    clearTimeout(this.timer);
    this.socket.destroy();
  }
}

/** Jobs of instrumented programs on one node, each changing all its counters once a second. */
export const metrics: Measure = {
  about: 'what reading the metrics of instrumented jobs costs, and what alarms on them do',
  ours: readings,
  once: true,
};

async function readings(broker: Broker, { quick }: Terms): Promise<Row[]> {
  const effort = quick ? QUICK : FULL;
  const { alarms } = effort;
  const clients = Array.from(
    { length: JOBS },
    (_, i) => new Client(broker.metricsSocket, `bench-${i}`, (i * 1_000) / JOBS),
  );
  const rows: Row[] = [];
  try {
    await listed(broker, JOBS);
    await sleep(3_000);
    const of = `${JOBS} jobs of ${COUNTERS} counters a second`;
    for (const [path, aim] of [
      ['/job', '< 25'],
      ['/metrics', '< 5'],
      ['/metrics/?job=main', '< 5'],
      ['/job/?job=bench-7', ''],
      ['/alarms/list', ''],
    ] as const)
      rows.push(...(await timed(broker, path, of, aim, effort)));
    const before = await cpuRates(broker, effort);
    for (let i = 0; i < alarms; i += 1)
      await broker.json('POST', '/alarms/add', {
        name: `a${i}`,
        target: `bench-${i % JOBS}`,
        metric: metric(i % COUNTERS),
        operation: '>',
        value: 1e15,
      });
    await sleep(2_000);
    const after = await cpuRates(broker, effort);
    for (const part of ['api', 'postgres', 'worker']) {
      rows.push({ name: `${part}: CPU with ${of}`, value: before.get(part) ?? 0, unit: '% of a core' });
      rows.push({
        name: `${part}: the same with ${alarms} alarms a second`,
        value: after.get(part) ?? 0,
        unit: '% of a core',
      });
    }
    rows.push({
      name: `${alarms} alarms evaluated each second: CPU of the API`,
      value: (after.get('api') ?? 0) - (before.get('api') ?? 0),
      unit: '% of a core',
      aim: '<= 5',
    });
  } finally {
    for (const client of clients) client.close();
  }
  return rows;
}

async function listed(broker: Broker, count: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const jobs = await broker.json<{ jobid: string }[]>('GET', '/job/list');
    if (jobs.filter(({ jobid }) => jobid.startsWith('bench-')).length === count) return;
    await sleep(100);
  }
  throw new Error(`not all of the ${count} jobs are listed`);
}

/** Asked at moments that have nothing to do with the pushes; the floor is a bare server with the same bytes. */
async function timed(broker: Broker, path: string, of: string, aim: string, effort: Effort): Promise<Row[]> {
  const body = Buffer.from(await (await fetch(`${broker.url}${path}`)).arrayBuffer());
  const bare = await bareLooks(broker, body, effort);
  const ours = await looks(`${broker.url}${path}`, effort);
  const more = aim === '' ? {} : { aim };
  return [
    {
      name: `${path}, p50, ${of}`,
      value: percentile(ours, 50),
      unit: 'ms',
      floor: percentile(bare, 50),
      floorName: 'bare HTTP',
      ...more,
    },
    {
      name: `${path}, p95, ${of}`,
      value: percentile(ours, 95),
      unit: 'ms',
      floor: percentile(bare, 95),
      floorName: 'bare HTTP',
    },
  ];
}

/** A process of its own, as the API is one. */
async function bareLooks(broker: Broker, body: Buffer, effort: Effort): Promise<number[]> {
  const file = join(broker.folder, 'body');
  writeFileSync(file, body);
  const port = await freePort();
  const program = `const body = require('node:fs').readFileSync(${JSON.stringify(file)});require('node:http').createServer((_, r) => { r.setHeader('Content-Length', body.length); r.end(body); }).listen(${port}, '127.0.0.1')`;
  const server = run([process.execPath, '-e', program], {}, join(broker.folder, 'bare.log'));
  try {
    await answers(`http://127.0.0.1:${port}/`);
    return await looks(`http://127.0.0.1:${port}/`, effort);
  } finally {
    await stop(server);
  }
}

/** By curl: reading three megabytes in this process would cost more than serving them. */
async function looks(url: string, effort: Effort): Promise<number[]> {
  const times: number[] = [];
  // A server that is scraped for days, not one that was just started: its first looks are not counted.
  for (let i = 0; i < effort.warmLooks; i += 1) await (await fetch(url)).arrayBuffer();
  for (let i = 0; i < effort.looks; i += 1) {
    const { stdout } = await execute('curl', ['-sS', '-o', '/dev/null', '-w', '%{time_total}', url], {
      timeout: 20_000,
    });
    times.push(Number(stdout) * 1_000);
    await sleep(37);
  }
  return times;
}

async function cpuRates(broker: Broker, { watchS }: Effort): Promise<Map<string, number>> {
  const pids = [...broker.pids()];
  const before = pids.map(([, list]) => cpuSeconds(list));
  await sleep(watchS * 1_000);
  return new Map(pids.map(([name, list], n) => [name, ((cpuSeconds(list) - (before[n] ?? 0)) / watchS) * 100]));
}
