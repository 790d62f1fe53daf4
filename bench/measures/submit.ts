import autocannon from 'autocannon';
import { bareInsertRate } from '../floors/insert.js';
import { withServer } from '../floors/program.js';
import type { Broker } from '../lib/broker.js';
import { seconds, type Row } from '../lib/numbers.js';
import type { Measure, Terms } from './measure.js';

const JOB = { queue: 'bench-idle', command: ['/bin/true'], tags: ['bench'] };
const CONNECTIONS = 32;
const BATCH = 5_000;
const SINGLE = { name: `single submits, ${CONNECTIONS} connections`, unit: '/s' };
const BATCHES = { name: `batch submits of ${BATCH}`, unit: '/s' };

/** Requests a second, after a second that is not counted: a server that has run for days has compiled its code. */
async function posts(url: string, { quick }: Terms): Promise<number> {
  const load = {
    url,
    method: 'POST' as const,
    connections: CONNECTIONS,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(JOB),
  };
  if (!quick) await autocannon({ ...load, duration: 1 });
  const result = await autocannon({ ...load, duration: quick ? 1 : 6 });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} refusals and ${result.errors} errors from ${url}`);
  return result.requests.average;
}

const echo =
  (file: string) =>
  async (broker: Broker, terms: Terms): Promise<Row[]> => {
    const value = await withServer(broker, file, (url) => posts(`${url}/echo`, terms));
    return [{ ...SINGLE, value }];
  };

async function submits(broker: Broker, terms: Terms): Promise<Row[]> {
  const single = await posts(`${broker.url}/api/v1/jobs`, terms);
  const batches = terms.quick ? 1 : 4;
  const body = { jobs: Array.from({ length: BATCH }, () => JOB) };
  const start = performance.now();
  for (let i = 0; i < batches; i += 1) await broker.json('POST', '/api/v1/jobs/batch', body);
  return [
    { ...SINGLE, value: single, aim: '75 % of Nest (Postgres 65 %)' },
    { ...BATCHES, value: (batches * BATCH) / seconds(start), aim: '>= 15,000/s' },
  ];
}

/** Single and batch submits over HTTP into a queue nobody serves. */
export const submit: Measure = {
  about: 'single and batch submits over HTTP',
  ours: submits,
  floors: {
    'bare Nest echo': echo('nest-echo.js'),
    'bare node:http echo': echo('bare-echo.js'),
    'bare multi-row insert': async (broker, { quick }) => [
      { ...BATCHES, value: await bareInsertRate(broker.databaseUrl, quick ? 2_000 : 20_000, 500, JOB) },
    ],
  },
};
