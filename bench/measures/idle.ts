import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker } from '../lib/broker.js';
import type { Row } from '../lib/numbers.js';
import { cpuSeconds, pssMb } from '../lib/processes.js';
import type { Measure, Terms } from './measure.js';
import { throughput } from './true-jobs.js';

const JOBS = 2_000;

/** Memory of each part of the stack, and of all. */
function memory(broker: Broker, when: string, aim: string): Row[] {
  const parts = [...broker.pids()].map(([part, pids]) => ({ part, pss: pssMb(pids) }));
  const total = parts.reduce((sum, { pss }) => sum + pss, 0);
  return [
    { name: `memory ${when}: all`, value: total, unit: 'MB', aim },
    ...parts.map(({ part, pss }) => ({ name: `memory ${when}: ${part}`, value: pss, unit: 'MB' })),
  ];
}

/** CPU of a stack that has nothing to do, with its processes that live for a moment. */
async function cpu(broker: Broker, watchS: number): Promise<Row[]> {
  const look = (): Map<string, number> => new Map([...broker.pids()].map(([part, pids]) => [part, cpuSeconds(pids)]));
  const start = performance.now();
  const before = look();
  await sleep(watchS * 1_000);
  const took = (performance.now() - start) / 1_000;
  const parts = [...look()].map(([part, used]) => ({
    part,
    percent: ((used - (before.get(part) ?? used)) / took) * 100,
  }));
  const total = parts.reduce((sum, { percent }) => sum + percent, 0);
  return [
    { name: 'idle CPU: all', value: total, unit: '% of a core', aim: '<= 2' },
    ...parts.map(({ part, percent }) => ({ name: `idle CPU: ${part}`, value: percent, unit: '% of a core' })),
  ];
}

const settle = ({ quick }: Terms): Promise<void> => sleep(quick ? 500 : 5_000);
/** A program compiles what it repeats for some 20 s after its start; nobody calls that idle. */
const idleFor = ({ quick }: Terms): Promise<void> => sleep(quick ? 500 : 30_000);

/** Run first, before anything has grown. */
export const idle: Measure = {
  about: 'memory and CPU of a stack that has nothing to do',
  ours: async (broker, terms) => {
    await settle(terms);
    const fresh = memory(broker, 'fresh', '<= 200');
    await idleFor(terms);
    return [...fresh, ...(await cpu(broker, terms.quick ? 2 : 30))];
  },
};

export const memoryAfterJobs: Measure = {
  about: `memory after ${JOBS} jobs`,
  ours: async (broker, terms) => {
    await throughput(broker, 'default', terms.quick ? 20 : JOBS);
    await settle(terms);
    return memory(broker, `after ${JOBS.toLocaleString('en')} jobs`, '<= 240');
  },
  once: true,
};
