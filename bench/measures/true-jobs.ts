import { setTimeout as sleep } from 'node:timers/promises';
import { floor } from '../floors/program.js';
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
  ...(slots === SLOTS ? { aim: '95 % of Node spawn (Postgres 80 %)' } : {}),
});

const countOf = ({ quick }: Terms): number => (quick ? 40 : 1_500);

/** From the first start to the last result: the jobs are submitted before the clock starts. */
export async function throughput(broker: Broker, queue: string, jobs: number): Promise<number> {
  await broker.json('POST', `/api/v1/queues/${queue}/pause`);
  const { ids } = await broker.json<{ ids: string[] }>('POST', '/api/v1/jobs/batch', {
    jobs: Array.from({ length: jobs }, () => ({ queue, command: ['/bin/true'] })),
  });
  await sleep(500);
  const start = performance.now();
  await broker.json('POST', `/api/v1/queues/${queue}/resume`);
  const open = async (): Promise<number> => {
    const { counts } = await broker.json<{ counts: Record<string, number> }>('GET', `/api/v1/queues/${queue}`);
    return ['scheduled', 'queued', 'claimed', 'running', 'cancelling'].reduce(
      (sum, state) => sum + (counts[state] ?? 0),
      0,
    );
  };
  while ((await open()) > 0) await sleep(50);
  const rate = jobs / seconds(start);
  const { state } = await broker.json<{ state: string }>('GET', `/api/v1/jobs/${ids.at(-1)}`);
  if (state !== 'succeeded') throw new Error(`the last job ended as ${state}`);
  return rate;
}

const bare =
  (file: string) =>
  async (_: Broker, terms: Terms): Promise<Row[]> => {
    const rows: Row[] = [];
    for (const slots of [SLOTS, WIDE])
      rows.push(row(slots, await floor<number>(file, ['rate', countOf(terms), slots])));
    return rows;
  };

export const trueJobs: Measure = {
  about: '`true` jobs a second, with 8 and with 64 slots',
  ours: async (broker, terms) => {
    const warm = terms.quick ? 0 : 100;
    if (warm > 0) await throughput(broker, 'default', warm);
    const narrow = await throughput(broker, 'default', countOf(terms));
    const wide = await broker.withWorker({ name: 'wide', queue: 'wide', slots: WIDE }, async () => {
      // A fresh worker, its supervisor and the record's plans warm up first.
      if (warm > 0) await throughput(broker, 'wide', warm);
      return throughput(broker, 'wide', countOf(terms));
    });
    return [row(SLOTS, narrow), row(WIDE, wide)];
  },
  floors: {
    'Node spawn, own process': bare('node-spawn.js'),
  },
};
