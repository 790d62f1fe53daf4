import { setTimeout as sleep } from 'node:timers/promises';
import { bareSpawnRate } from '../floors/spawn.js';
import type { Broker } from '../lib/broker.js';
import { seconds, type Row } from '../lib/numbers.js';

export const SLOTS = 8;
const JOBS = 4_000;

/** `true` jobs from the first start to the last result, submitted before the clock starts. */
export async function trueJobs(broker: Broker): Promise<Row[]> {
  const floor = await bareSpawnRate(2_000, SLOTS);
  await broker.json('POST', '/api/v1/queues/default/pause');
  const { ids } = await broker.json<{ ids: string[] }>('POST', '/api/v1/jobs/batch', {
    jobs: Array.from({ length: JOBS }, () => ({ queue: 'default', command: ['/bin/true'] })),
  });
  await sleep(500);
  const last = ids.at(-1);
  const start = performance.now();
  await broker.json('POST', '/api/v1/queues/default/resume');
  const open = async (): Promise<number> => {
    const { counts } = await broker.json<{ counts: Record<string, number> }>('GET', '/api/v1/queues/default');
    return ['scheduled', 'queued', 'claimed', 'running', 'cancelling'].reduce(
      (sum, state) => sum + (counts[state] ?? 0),
      0,
    );
  };
  while ((await open()) > 0) await sleep(50);
  const rate = JOBS / seconds(start);
  const { state } = await broker.json<{ state: string }>('GET', `/api/v1/jobs/${last}`);
  if (state !== 'succeeded') throw new Error(`the last job ended as ${state}`);
  return [
    {
      name: `true jobs, end to end, ${SLOTS} slots (${broker.backend})`,
      value: rate,
      unit: '/s',
      floor,
      floorName: 'bare spawn loop',
      aim: '>= 70 %',
    },
  ];
}
