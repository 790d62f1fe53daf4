import { randomInt } from 'node:crypto';
import autocannon from 'autocannon';
import { JobSamplesService } from '@drover/metrics';
import { samplePartitions, Store } from '@drover/store';
import type { Broker } from '../lib/broker.js';
import { percentile, rateOf, seconds, type Row } from '../lib/numbers.js';
import { samplingAgents } from '../lib/sampling-agents.js';
import type { Measure, Terms } from './measure.js';

const DAYS = 7;
const DAY_MS = 86_400_000;
const CONNECTIONS = 256;
const AGENTS = 10;
const EXECUTIONS_EACH = 200;

interface Effort {
  jobs: number;
  samples: number;
  reads: number;
  scrapes: number;
  intakeS: number;
  /** Shorter than the lease of agents that send no heartbeats. */
  reportsS: number;
}

const FULL: Effort = { jobs: 2_000, samples: 10_000_000, reads: 300, scrapes: 20, intakeS: 10, reportsS: 8 };
const QUICK: Effort = { jobs: 100, samples: 105_000, reads: 3, scrapes: 2, intakeS: 1, reportsS: 1 };

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * Partitions of the last days, and samples in them: each day in the order in which it would have been
 * written, all jobs at each tick.
 */
async function fill(store: Store, now: number, { jobs, samples }: Effort): Promise<number> {
  await store.tx(async (sql) => {
    for (let day = DAYS; day >= 0; day -= 1) await samplePartitions.ensure(sql, now - day * DAY_MS);
  });
  const perDay = samples / jobs / DAYS;
  const start = performance.now();
  for (let day = DAYS; day >= 1; day -= 1) {
    // One statement a quarter of a day: none runs into the time-out of a statement.
    for (let quarter = 0; quarter < 4; quarter += 1) {
      const from = Math.floor((perDay * quarter) / 4);
      const to = Math.floor((perDay * (quarter + 1)) / 4);
      await store.sql.run(
        `INSERT INTO sample (job_id, at, cpu_percent, memory_bytes, processes, cpu_seconds)
         SELECT j.id, $1::timestamptz + (n * interval '1 day' / $2), 50 + n % 50, 1048576 * (n % 4096), 3, n
         FROM generate_series($3::int, $4::int - 1) n CROSS JOIN (SELECT id FROM job WHERE dispatch = 'observed' ORDER BY seq LIMIT ${jobs}) j`,
        [new Date(now - day * DAY_MS), perDay, from, to],
      );
    }
  }
  const took = seconds(start);
  // Each sample's transaction would have left these rows.
  await store.sql.run(
    'INSERT INTO job_usage (job_id, sample_count, last_sample_at) SELECT job_id, count(*), max(at) FROM sample GROUP BY job_id',
  );
  // As autovacuum leaves the days that are over.
  for (const name of await samplePartitions.list(store.sql)) await store.sql.run(`VACUUM (ANALYZE) ${name}`);
  return took;
}

/** Samples one by one over HTTP, spread over the jobs. */
async function intake(broker: Broker, ids: string[], { intakeS }: Effort): Promise<number> {
  const body = JSON.stringify({ cpu_usage: 75.5, memory_usage_mb: 4096, gpu_usage: 50 });
  const result = await autocannon({
    url: broker.url,
    connections: CONNECTIONS,
    duration: intakeS,
    requests: Array.from({ length: 500 }, () => ({
      method: 'POST' as const,
      path: `/v1/jobs/${ids[randomInt(ids.length)]}/metrics`,
      headers: { 'content-type': 'application/json' },
      body,
    })),
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals and ${result.errors} errors`);
  return result.requests.average;
}

/** Samples as daemons report them: each agent one of every running job in a request, as fast as it is answered. */
async function reported(broker: Broker, store: Store, { reportsS }: Effort): Promise<number> {
  const agents = await samplingAgents(broker, store.sql, AGENTS, EXECUTIONS_EACH);
  const start = performance.now();
  let taken = 0;
  await Promise.all(
    agents.map(async ({ token, executions }) => {
      for (let tick = 1; seconds(start) < reportsS; tick += 1) {
        const at = new Date().toISOString();
        const sample = {
          at,
          cpu_percent: 50 + (tick % 50),
          memory_bytes: 1_048_576 * tick,
          read_bytes: tick,
          write_bytes: tick,
          cpu_seconds: tick,
          processes: 3,
          gpu_percent: null,
          gpu_memory_bytes: null,
        };
        const items = executions.map((execution_id) => ({
          execution_id,
          epoch: 1,
          kind: 'samples',
          samples: [sample],
        }));
        const answer = await fetch(`${broker.url}/agent/v1/reports`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({ items }),
        });
        const { results } = (await answer.json()) as { results?: { status: number }[] };
        if (!results?.every(({ status }) => status === 200))
          throw new Error(
            `reports answered ${answer.status}: ${JSON.stringify(results?.find(({ status }) => status !== 200))}`,
          );
        taken += executions.length;
      }
    }),
  );
  return taken / seconds(start);
}

/** The measures of the observability service. They store 10 million samples first. */
export const observability: Measure = {
  about: 'the observability service with a long history and many running jobs',
  ours: withHistory,
  once: true,
  whenAsked: true,
};

async function withHistory(broker: Broker, { quick }: Terms): Promise<Row[]> {
  const effort = quick ? QUICK : FULL;
  const { jobs, reads: readCount, scrapes: scrapeCount } = effort;
  const ids = Array.from({ length: jobs }, (_, n) => `bench-${n}`);
  await rateOf(jobs, 32, (n) =>
    broker.json('POST', '/v1/jobs', { id: ids[n], user: `user-${n % 50}`, nodes: [`node-${n % 100}`] }),
  );
  const store = await Store.open({ url: broker.databaseUrl, pool: 4 });
  try {
    const now = Date.now();
    const filled = await fill(store, now, effort);
    const [{ n: stored } = { n: '0' }] = await store.sql.rows<{ n: string }>('SELECT count(*) AS n FROM sample');

    const reads: number[] = [];
    for (let i = 0; i < readCount; i += 1) {
      const id = ids[randomInt(jobs)];
      let found = 0;
      reads.push(
        await timed(
          async () =>
            (found = (await broker.json<{ samples: unknown[] }>('GET', `/v1/jobs/${id}/metrics?limit=1000`)).samples
              .length),
        ),
      );
      if (found !== 1_000) throw new Error(`${found} samples of ${id}`);
    }

    const single = await intake(broker, ids, effort);

    // Series for every job, as a scrape finds them.
    await rateOf(jobs, 64, (n) =>
      broker.json('POST', `/v1/jobs/${ids[n]}/metrics`, { cpu_usage: 10, memory_usage_mb: 100 }),
    );
    const scrapes: number[] = [];
    for (let i = 0; i < scrapeCount; i += 1) {
      let text = '';
      scrapes.push(await timed(async () => (text = await (await fetch(`${broker.url}/metrics`)).text())));
      const series = text.split('\n').filter((line) => /^hpc_job_runtime_seconds\{.*"bench-/.test(line)).length;
      if (series !== jobs) throw new Error(`${series} running jobs in a scrape`);
    }

    const batched = await reported(broker, store, effort);

    const dropped: string[] = [];
    const dropMs = await timed(async () =>
      dropped.push(...(await new JobSamplesService(store).maintain(DAYS - 3, now)).dropped),
    );
    const [{ n: left } = { n: '0' }] = await store.sql.rows<{ n: string }>('SELECT count(*) AS n FROM sample');
    if (Number(left) >= Number(stored)) throw new Error('retention dropped no sample');
    return [
      {
        name: `samples stored: ${Number(stored).toLocaleString('en')} of ${jobs} jobs, by insert-select`,
        value: Number(stored) / filled,
        unit: '/s',
      },
      { name: "a job's 1,000 newest over HTTP, p50", value: percentile(reads, 50), unit: 'ms', aim: '< 20' },
      { name: "a job's 1,000 newest over HTTP, p99", value: percentile(reads, 99), unit: 'ms' },
      {
        name: `samples taken in one by one over HTTP, ${CONNECTIONS} connections`,
        value: single,
        unit: '/s',
        aim: '>= 5,000',
      },
      {
        name: `samples taken in as daemons report them, ${AGENTS} nodes of ${EXECUTIONS_EACH} jobs`,
        value: batched,
        unit: '/s',
        aim: '>= 5,000',
      },
      { name: `/metrics with ${jobs} running jobs, p50`, value: percentile(scrapes, 50), unit: 'ms', aim: '< 250' },
      {
        name: `/metrics with ${jobs} running jobs, slowest of ${scrapeCount}`,
        value: Math.max(...scrapes),
        unit: 'ms',
      },
      {
        name: `retention: ${dropped.length} days of samples dropped`,
        value: dropMs,
        unit: 'ms',
      },
    ];
  } finally {
    await store.close();
  }
}
