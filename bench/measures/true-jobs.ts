import { setTimeout as sleep } from 'node:timers/promises';
import { spawnFloors } from '../floors/spawn-floors.js';
import type { Broker } from '../lib/broker.js';
import { seconds, type Row } from '../lib/numbers.js';
import type { Measure, Terms } from './measure.js';

/** Slots of the worker that every broker of the bench has. */
export const SLOTS = 8;
const WIDE = 64;

const row = (slots: number, value: number): Row => ({
  name: `true jobs end to end, ${slots} slots`,
  value,
  unit: '/s',
  aim: '95 % of Node spawn (Postgres 80 %)',
});

const countOf = ({ quick }: Terms): number => (quick ? 40 : 1_500);

/** Jobs of a queue that have not ended. */
export async function openJobs(broker: Broker, queue: string): Promise<number> {
  const { counts } = await broker.json<{ counts: Record<string, number> }>('GET', `/api/v1/queues/${queue}`);
  return ['scheduled', 'queued', 'claimed', 'running', 'cancelling'].reduce(
    (sum, state) => sum + (counts[state] ?? 0),
    0,
  );
}

/** From the first start to the last result: the jobs are submitted before the clock starts. */
export async function throughput(broker: Broker, queue: string, jobs: number): Promise<number> {
  await broker.json('POST', `/api/v1/queues/${queue}/pause`);
  const { ids } = await broker.json<{ ids: string[] }>('POST', '/api/v1/jobs/batch', {
    jobs: Array.from({ length: jobs }, () => ({ queue, command: ['/bin/true'] })),
  });
  await sleep(500);
  const start = performance.now();
  await broker.json('POST', `/api/v1/queues/${queue}/resume`);
  while ((await openJobs(broker, queue)) > 0) await sleep(50);
  const rate = jobs / seconds(start);
  const { state } = await broker.json<{ state: string }>('GET', `/api/v1/jobs/${ids.at(-1)}`);
  if (state !== 'succeeded') throw new Error(`the last job ended as ${state}`);
  return rate;
}

/** The warm-up lets a fresh worker compile, and the record make its plans. */
const ours =
  (slots: number, queue: string) =>
  async (broker: Broker, terms: Terms): Promise<Row[]> => {
    if (!terms.quick) await throughput(broker, queue, 100);
    return [row(slots, await throughput(broker, queue, countOf(terms)))];
  };

const floors = (slots: number): Measure['floors'] =>
  spawnFloors(async (ask, terms) => [row(slots, await ask<number>(['rate', countOf(terms), slots]))]);

export const trueJobs: Measure = {
  about: `\`true\` jobs a second with ${SLOTS} slots`,
  ours: ours(SLOTS, 'default'),
  floors: floors(SLOTS),
};

export const trueJobsWide: Measure = {
  about: `the same with ${WIDE} slots on one node`,
  open: async (brokers) => {
    const workers = await Promise.all(
      brokers.map((broker) => broker.addWorker({ name: 'wide', queue: 'wide', slots: WIDE })),
    );
    return { close: async () => void (await Promise.all(workers.map((worker) => worker.stop()))) };
  },
  ours: ours(WIDE, 'wide'),
  floors: floors(WIDE),
};
