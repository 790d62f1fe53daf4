import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { RetentionService } from '@drover/jobs';
import { Store } from '@drover/store';
import { Broker } from '../lib/broker.js';
import { HISTORY_DAYS, makeHistory } from '../lib/history.js';
import { percentile, type Row } from '../lib/numbers.js';
import { reads, type Read } from '../lib/reads.js';
import { recordUse } from '../lib/record-use.js';
import { starts } from './latency.js';
import type { Measure, Opened, Terms } from './measure.js';
import { SLOTS, throughput } from './true-jobs.js';

const FLAT = '>= 95 % of an empty database';
const SUBMIT_CONNECTIONS = 32;

interface Effort {
  jobs: number;
  trueJobs: number;
  starts: number;
  submitS: number;
  /** Requests of each read. */
  reads: number;
}

const effortOf = ({ quick, jobs }: Terms): Effort =>
  quick
    ? { jobs: jobs ?? 2_000, trueJobs: 40, starts: 10, submitS: 1, reads: 5 }
    : { jobs: jobs ?? 1_000_000, trueJobs: 800, starts: 60, submitS: 4, reads: 40 };

async function withStore<T>(broker: Broker, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await Store.open({ url: broker.databaseUrl, pool: 2 });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function submitRate(broker: Broker, seconds: number): Promise<number> {
  const { requests, non2xx, errors } = await autocannon({
    url: `${broker.url}/api/v1/jobs`,
    method: 'POST',
    connections: SUBMIT_CONNECTIONS,
    duration: seconds,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ queue: 'bench-idle', command: ['/bin/true'] }),
  });
  if (non2xx > 0 || errors > 0) throw new Error(`${non2xx} refusals and ${errors} errors of submits`);
  return requests.average;
}

/** Measures work that is to be as fast with a long history as without one, and the cost of a job for the record. */
async function work(broker: Broker, terms: Terms): Promise<Row[]> {
  const effort = effortOf(terms);
  // A fresh worker compiles, and the record makes its plans.
  await throughput(broker, 'default', Math.min(100, effort.trueJobs));
  return withStore(broker, async (store) => {
    let rate = 0;
    const use = await recordUse(store.sql, async () => {
      progress('true jobs');
      rate = await throughput(broker, 'default', effort.trueJobs);
    });
    progress('starts');
    const times = await starts(broker, { gapMs: 60, runs: effort.starts });
    progress('submits');
    const submitted = await submitRate(broker, effort.submitS);
    return [
      { name: `true jobs end to end, ${SLOTS} slots`, value: rate, unit: '/s', aim: FLAT },
      { name: 'submit to running process: p50', value: percentile(times, 50), unit: 'ms', aim: FLAT },
      { name: `single submits, ${SUBMIT_CONNECTIONS} connections`, value: submitted, unit: '/s', aim: FLAT },
      ...use.map(({ name, unit, value }) => ({ name, unit, value: unit === '%' ? value : value / effort.trueJobs })),
    ];
  });
}

async function timed(read: Read, times: number, refused: Set<string>): Promise<number[]> {
  const found: number[] = [];
  // The first one makes plans and fills caches.
  for (let n = -1; n < times; n += 1) {
    const start = performance.now();
    // A read that is refused has taken its time as well, and the note says so.
    await read.ask(n).catch((error: unknown) => refused.add(`${read.name}: ${String(error).slice(0, 200)}`));
    if (n >= 0) found.push(performance.now() - start);
  }
  return found;
}

/** Says what is measured now: the whole takes some ten minutes. */
function progress(what: string): void {
  process.stderr.write(`  ${new Date().toISOString().slice(11, 19)} ${what}\n`);
}

/** Every list, search and event read of every API, one after the other. */
async function readTimes(broker: Broker, terms: Terms): Promise<Row[]> {
  return withStore(broker, async (store) => {
    const rows: Row[] = [];
    const refused = new Set<string>();
    for (const read of await reads(broker, store)) {
      progress(read.name);
      const times = await timed(read, effortOf(terms).reads, refused);
      rows.push(
        { name: `${read.name}: p50`, value: percentile(times, 50), unit: 'ms', aim: '<= 30' },
        { name: `${read.name}: p99`, value: percentile(times, 99), unit: 'ms', aim: '<= 150' },
      );
      // The collector of the API follows its allocations; the next read is not to pay for this one.
      await sleep(20);
    }
    for (const one of refused) process.stderr.write(`  refused: ${one}\n`);
    return rows;
  });
}

/** Seconds for which retention runs while others work. */
const AGING_S = 30;

/** The older half of the history ages out while jobs run, and its space is used again. */
async function aging(broker: Broker, terms: Terms): Promise<Row[]> {
  const half = { seconds: (HISTORY_DAYS / 2) * 86_400, queues: {} };
  const forEver = { seconds: 0, queues: {} };
  return withStore(broker, async (store) => {
    const retention = new RetentionService(
      store,
      { delete: () => Promise.resolve() },
      { jobs: half, executions: forEver, logs: half, artifacts: half, events: half, profiles: half, auditS: 0 },
      { info: () => undefined, warn: () => undefined },
      { runMs: terms.quick ? 500 : AGING_S * 1_000 },
    );
    const dead = async (): Promise<number> => {
      const [row] = await store.sql.rows<{ n: number }>(
        `SELECT sum(pg_table_size(oid))::float8 AS n FROM pg_class WHERE relname IN ('job', 'execution', 'event')`,
      );
      return row?.n ?? Number.NaN;
    };
    const before = await dead();
    const start = performance.now();
    progress('ageing out');
    const sweeping = retention.run();
    const rate = await throughput(broker, 'default', effortOf(terms).trueJobs);
    const swept = await sweeping;
    const took = (performance.now() - start) / 1_000;
    return [
      { name: 'true jobs end to end while others age out', value: rate, unit: '/s' },
      { name: 'jobs that aged out meanwhile', value: swept.jobs / took, unit: '/s' },
      { name: 'tables of jobs afterwards, to before', value: ((await dead()) * 100) / before, unit: '%' },
    ];
  });
}

/** A second broker beside the one that is filled, so that both are measured in the same minutes. */
async function open(brokers: readonly Broker[], terms: Terms): Promise<Opened> {
  const [head] = brokers as [Broker];
  const empty = await Broker.start(head.checkout, head.backend, SLOTS);
  try {
    for (const broker of brokers)
      await withStore(broker, (store) =>
        makeHistory(store, effortOf(terms).jobs, (done) => process.stderr.write(`\r  ${done} jobs made `)),
      );
    process.stderr.write('\n');
  } catch (error) {
    await empty.close();
    throw error;
  }
  return {
    floors: { 'an empty database': () => work(empty, terms) },
    notes: [`The history has ${effortOf(terms).jobs.toLocaleString('en')} finished jobs.`],
    close: () => empty.close(),
  };
}

/** How flat everything stays with a long history. */
export const history: Measure = {
  about: 'work and reads with a million finished jobs (--jobs N), beside an empty database',
  whenAsked: true,
  open,
  ours: async (broker, terms) => [
    // Before the submits of `work`, which leave thousands of jobs that wait.
    ...(await readTimes(broker, terms)),
    ...(await work(broker, terms)),
    ...(await aging(broker, terms)),
  ],
};
