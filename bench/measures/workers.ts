import { setTimeout as sleep } from 'node:timers/promises';
import { percentile, type Row } from '../lib/numbers.js';
import { cpuSeconds } from '../lib/processes.js';
import { SimulatedWorkers } from '../lib/simulated-workers.js';
import type { Measure } from './measure.js';

const WORKERS = 2_000;
/** Each worker gets a job so often. */
const JOB_EVERY_MS = 60_000;
const WATCH_S = 600;

/** Many workers on one API: what their heartbeats, channels and a job a minute of each cost it. */
export const workers: Measure = {
  about: `${WORKERS} simulated workers on one API for ${WATCH_S / 60} minutes`,
  whenAsked: true,
  once: true,
  ours: async (broker, { quick }) => {
    const [count, watchS] = quick ? [100, 5] : [WORKERS, WATCH_S];
    const simulated = await SimulatedWorkers.start(broker, count);
    try {
      // All have told their slots, and nothing of the registrations is left to do.
      await sleep(quick ? 2_500 : 10_000);
      const api = (): number => cpuSeconds([broker.apiPid]);
      const [began, before] = [performance.now(), api()];
      const submits: number[] = [];
      for (let n = 0; performance.now() - began < watchS * 1_000; n += 1) {
        const at = performance.now();
        await broker.json('POST', '/api/v1/jobs', { queue: `simulated-${n % count}`, command: ['true'] });
        submits.push(performance.now() - at);
        await sleep(Math.max(0, began + ((n + 1) * JOB_EVERY_MS) / count - performance.now()));
      }
      const took = (performance.now() - began) / 1_000;
      const used = api() - before;
      const { agents } = await broker.json<{ agents: { name: string; state: string }[] }>('GET', '/api/v1/agents');
      const lost = agents.filter(({ name, state }) => name.startsWith('simulated-') && state !== 'online').length;
      if (simulated.faults.length > 0) throw new Error(`Workers had trouble: ${simulated.faults.join('; ')}`);
      return [
        { name: `${count} workers: CPU of the API`, value: (used / took) * 100, unit: '% of a core', aim: '<= 50' },
        { name: `${count} workers: taken for lost`, value: lost, unit: 'workers', aim: '0' },
        { name: `${count} workers: jobs not ended`, value: submits.length - simulated.jobs, unit: 'jobs', aim: '0' },
        { name: `${count} workers: a submit, p50`, value: percentile(submits, 50), unit: 'ms' },
      ] satisfies Row[];
    } finally {
      await simulated.close();
    }
  },
};
