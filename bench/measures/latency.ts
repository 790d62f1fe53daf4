import { setTimeout as sleep } from 'node:timers/promises';
import { POSIX_SPAWN, spawnFloors } from '../floors/spawn-floors.js';
import type { Broker } from '../lib/broker.js';
import { percentile, type Row } from '../lib/numbers.js';
import { wallClock } from '../lib/wall-clock.js';
import type { Measure, Terms } from './measure.js';

interface Pace {
  gapMs: number;
  runs: number;
}

/** Close together, nothing has cooled down; two seconds apart, timers, caches and connections are idle ones. */
const paces = ({ quick }: Terms): Pace[] =>
  quick
    ? [{ gapMs: 60, runs: 10 }]
    : [
        { gapMs: 60, runs: 334 },
        { gapMs: 2_000, runs: 30 },
      ];

const WARM_UP = 20;

function rows({ gapMs }: Pace, times: number[]): Row[] {
  const name = `submit to running process, every ${gapMs} ms`;
  return [
    { name: `${name}: p50`, value: percentile(times, 50), unit: 'ms' },
    { name: `${name}: p99`, value: percentile(times, 99), unit: 'ms', aim: '<= 3 x p50' },
    { name: `${name}: max`, value: Math.max(...times), unit: 'ms', aim: '<= 100' },
  ];
}

/**
 * From just before the POST to the running process, both by this machine's clock. Nobody asks anything until all have
 * run: a broker is measured that starts jobs, not one that answers questions.
 */
export async function starts(broker: Broker, { gapMs, runs }: Pace): Promise<number[]> {
  const submitted: { id: string; before: number }[] = [];
  for (let i = 0; i < runs; i += 1) {
    const now = wallClock();
    const before = now();
    const { id } = await broker.json<{ id: string }>('POST', '/api/v1/jobs', {
      queue: 'default',
      command: ['/bin/date', '+%s%N'],
    });
    submitted.push({ id, before });
    await sleep(gapMs);
  }
  const times: number[] = [];
  for (const { id, before } of submitted) {
    const text = await printed(broker, id);
    // The time that date prints is after its own exec: the process had started by then.
    times.push(Number(text.trim()) / 1e6 - before);
  }
  return times;
}

async function printed(broker: Broker, id: string): Promise<string> {
  for (;;) {
    const { state } = await broker.json<{ state: string }>('GET', `/api/v1/jobs/${id}`);
    if (state === 'succeeded') break;
    if (state === 'failed') throw new Error('date failed');
    await sleep(5);
  }
  return (await fetch(`${broker.url}/api/v1/jobs/${id}/logs?stream=stdout`)).text();
}

/** An idle broker, and what the same start takes by itself. */
export const latency: Measure = {
  about: 'idle submit to running process, with gaps of 60 ms and of 2 s',
  ours: async (broker, terms) => {
    const found: Row[] = [];
    for (const pace of paces(terms)) {
      await starts(broker, { gapMs: 60, runs: terms.quick ? 2 : WARM_UP });
      found.push(...rows(pace, await starts(broker, pace)));
    }
    return found;
  },
  floors: spawnFloors(async (ask, terms) => {
    const found: Row[] = [];
    for (const pace of paces(terms)) found.push(...rows(pace, await ask<number[]>(['starts', pace.runs, pace.gapMs])));
    return found;
  }),
  beyond: POSIX_SPAWN,
};
