/*
 * `npm run bench [-- redis|postgres|idle|submit|latency|true-jobs|logs|metrics|lab|observability …]`: one table and one JSON line. Each figure stands beside its floor, the bare
 * thing measured in the same run: on a noisy machine only the ratio counts.
 */
import { cpus } from 'node:os';
import { Broker, type Backend } from './lib/broker.js';
import type { Row } from './lib/numbers.js';
import { idle } from './measures/idle.js';
import { lab } from './measures/lab.js';
import { latency } from './measures/latency.js';
import { logs } from './measures/logs.js';
import { metrics } from './measures/metrics.js';
import { observability } from './measures/observability.js';
import { submit } from './measures/submit.js';
import { SLOTS, trueJobs } from './measures/true-jobs.js';

const MEASURES: Record<string, (broker: Broker) => Promise<Row[]>> = {
  idle,
  latency,
  'true-jobs': trueJobs,
  submit,
  logs,
  metrics,
  lab,
  observability,
};
/** Stores 10 million samples first: minutes. */
const ONLY_WHEN_ASKED = 'observability';

const asked = process.argv.slice(2);
const backends = (['redis', 'postgres'] as Backend[]).filter(
  (name) => asked.includes(name) || !asked.some((word) => word === 'redis' || word === 'postgres'),
);
const measures = Object.keys(MEASURES).filter(
  (name) => asked.includes(name) || (name !== ONLY_WHEN_ASKED && !asked.some((word) => word in MEASURES)),
);

const format = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2));
const rows: Row[] = [];
for (const backend of backends) {
  const broker = await Broker.start(backend, SLOTS);
  try {
    for (const name of measures) {
      process.stderr.write(`measuring ${name} on ${backend} ...\n`);
      rows.push(...(await (MEASURES[name] as (b: Broker) => Promise<Row[]>)(broker)));
    }
  } finally {
    await broker.close();
  }
}

const table = rows.map((row) => [
  row.name,
  `${format(row.value)} ${row.unit}`,
  row.floor === undefined ? '' : `${format(row.floor)} ${row.unit} (${row.floorName})`,
  row.floor === undefined ? '' : `${Math.round((row.value / row.floor) * 100)} %`,
  row.aim ?? '',
]);
const head = ['figure', 'measured', 'floor', 'of floor', 'aim'];
const widths = head.map((title, i) => Math.max(title.length, ...table.map((line) => (line[i] ?? '').length)));
for (const line of [head, ...table])
  console.log(
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
console.log(JSON.stringify({ node: process.version, cores: cpus().length, rows }));
