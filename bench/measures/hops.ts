import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker } from '../lib/broker.js';
import { percentile, type Row } from '../lib/numbers.js';
import { wallClock } from '../lib/wall-clock.js';
import type { Measure } from './measure.js';

const GAP_MS = 60;
const [RUNS, QUICK_RUNS] = [200, 10];

interface Times {
  before: number;
  answered: number;
  claimed: number;
  spawned: number;
  ran: number;
  exited: number;
  ended: number;
}

/** The hops of a start and of an end, by what the record keeps of them. Its times are whole milliseconds. */
const HOPS: [name: string, of: (times: Times) => number][] = [
  ['POST to answer', (t) => t.answered - t.before],
  ['POST to claim', (t) => t.claimed - t.before],
  ['claim to the call that starts the process', (t) => t.spawned - t.claimed],
  ['that call to the running program', (t) => t.ran - t.spawned],
  ['end of the process to its result in the record', (t) => t.ended - t.exited],
];

interface Execution {
  state: string;
  claimed_at: string;
  spawned_at: string;
  exited_at: string;
  finished_at: string;
}

async function one(broker: Broker): Promise<{ id: string; before: number; answered: number }> {
  const now = wallClock();
  const before = now();
  const { id } = await broker.json<{ id: string }>('POST', '/api/v1/jobs', {
    queue: 'default',
    command: ['/bin/date', '+%s%N'],
  });
  return { id, before, answered: now() };
}

async function ended(broker: Broker, id: string): Promise<Execution> {
  for (;;) {
    const { executions } = await broker.json<{ executions: Execution[] }>('GET', `/api/v1/jobs/${id}/executions`);
    const last = executions.at(-1);
    if (last?.state === 'ended') return last;
    await sleep(5);
  }
}

/** Where the time of a start on an idle broker goes. */
export const hops: Measure = {
  about: 'the hops of a start and of an end on an idle broker',
  ours: async (broker, { quick }) => {
    const submitted: Awaited<ReturnType<typeof one>>[] = [];
    for (let n = 0; n < (quick ? QUICK_RUNS : RUNS); n += 1) {
      submitted.push(await one(broker));
      await sleep(GAP_MS);
    }
    const all: Times[] = [];
    for (const { id, before, answered } of submitted) {
      const execution = await ended(broker, id);
      const printed = await (await fetch(`${broker.url}/api/v1/jobs/${id}/logs?stream=stdout`)).text();
      const at = (iso: string): number => Date.parse(iso);
      all.push({
        before,
        answered,
        claimed: at(execution.claimed_at),
        spawned: at(execution.spawned_at),
        ran: Number(printed.trim()) / 1e6,
        exited: at(execution.exited_at),
        ended: at(execution.finished_at),
      });
    }
    return HOPS.map(([name, of]): Row => ({
      name: `hop: ${name}, p50`,
      value: percentile(all.map(of), 50),
      unit: 'ms',
    }));
  },
};
