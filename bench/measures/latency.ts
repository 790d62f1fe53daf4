import { setTimeout as sleep } from 'node:timers/promises';
import { bareSpawnTimes } from '../floors/spawn.js';
import type { Broker } from '../lib/broker.js';
import { percentile, type Row } from '../lib/numbers.js';

const RUNS = 200;
/** Nobody asks while the job starts: what is measured is an idle broker, not one that answers questions. */
const QUIET_MS = 60;

/** An idle broker: from just before the POST to the spawn of the process, both by this machine's clock. */
export async function latency(broker: Broker): Promise<Row[]> {
  const floor = await bareSpawnTimes(RUNS);
  const starts: number[] = [];
  for (let i = 0; i < RUNS + 20; i += 1) {
    const before = Date.now() + (performance.now() % 1);
    const { id } = await broker.json<{ id: string }>('POST', '/api/v1/jobs', {
      queue: 'default',
      command: ['/bin/date', '+%s%N'],
    });
    await sleep(QUIET_MS);
    for (;;) {
      const { state } = await broker.json<{ state: string }>('GET', `/api/v1/jobs/${id}`);
      if (state === 'succeeded') break;
      if (state === 'failed') throw new Error('date failed');
      await sleep(2);
    }
    const text = await (await fetch(`${broker.url}/api/v1/jobs/${id}/logs?stream=stdout`)).text();
    // What date prints is after its own exec: the process had started by then.
    if (i >= 20) starts.push(Number(text.trim()) / 1e6 - before);
  }
  return [
    {
      name: `idle submit to running process, p50 (${broker.backend})`,
      value: percentile(starts, 50),
      unit: 'ms',
      floor: percentile(floor, 50),
      floorName: 'bare spawn',
      aim: '<= 5 on Redis',
    },
    {
      name: `idle submit to running process, p99 (${broker.backend})`,
      value: percentile(starts, 99),
      unit: 'ms',
      floor: percentile(floor, 99),
      floorName: 'bare spawn',
      aim: '<= 25 on Redis',
    },
  ];
}
