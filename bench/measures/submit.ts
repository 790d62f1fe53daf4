import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { bareInsertRate } from '../floors/insert.js';
import type { Broker } from '../lib/broker.js';
import { seconds, type Row } from '../lib/numbers.js';
import { answers, freePort, run, stop } from '../lib/program.js';

const JOB = { queue: 'bench-idle', command: ['/bin/true'], tags: ['bench'] };
const SECONDS = 8;

async function posts(url: string): Promise<number> {
  const result = await autocannon({
    url,
    method: 'POST',
    connections: 32,
    duration: SECONDS,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(JOB),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} refusals and ${result.errors} errors from ${url}`);
  return result.requests.average;
}

/** Single and batch submits over HTTP into a queue nobody serves. */
export async function submit(broker: Broker): Promise<Row[]> {
  const port = await freePort();
  const echo = run(
    [process.execPath, join(dirname(fileURLToPath(import.meta.url)), '..', 'floors', 'echo.js')],
    { DROVER_PORT: String(port) },
    join(broker.folder, 'echo.log'),
  );
  await answers(`http://127.0.0.1:${port}/readyz`);
  const floor = await posts(`http://127.0.0.1:${port}/echo`);
  await stop(echo);
  const single = await posts(`${broker.url}/api/v1/jobs`);

  const batches = 6;
  const size = 5_000;
  const body = { jobs: Array.from({ length: size }, () => JOB) };
  await broker.json('POST', '/api/v1/jobs/batch', body);
  const start = performance.now();
  for (let i = 0; i < batches; i += 1) await broker.json('POST', '/api/v1/jobs/batch', body);
  const batch = (batches * size) / seconds(start);
  const insertFloor = await bareInsertRate(broker.databaseUrl, 20_000, 500, JOB);
  return [
    {
      name: `single submits, 32 connections (${broker.backend})`,
      value: single,
      unit: '/s',
      floor,
      floorName: 'bare Nest echo',
      aim: '>= 60 % and >= 1,500/s',
    },
    {
      name: `batch submits of ${size} (${broker.backend})`,
      value: batch,
      unit: '/s',
      floor: insertFloor,
      floorName: 'bare multi-row insert',
      aim: '>= 15,000/s',
    },
  ];
}
