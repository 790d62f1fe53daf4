import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker } from '../lib/broker.js';
import type { Row } from '../lib/numbers.js';
import { cpuSeconds, memoryMb } from '../lib/program.js';

const WATCH_S = 20;

/** Memory and CPU of each process of a stack that has nothing to do. Run first, before anything has grown. */
export async function idle(broker: Broker): Promise<Row[]> {
  await sleep(5_000);
  const pids = broker.pids();
  const sum = (of: number[], figure: (pid: number) => number): number =>
    of.reduce((total, pid) => {
      try {
        return total + figure(pid);
      } catch {
        return total;
      }
    }, 0);
  const before = new Map([...pids].map(([name, list]) => [name, sum(list, cpuSeconds)]));
  await sleep(WATCH_S * 1000);
  const rows: Row[] = [];
  let total = 0;
  for (const [name, list] of pids) {
    const pss = sum(list, (pid) => memoryMb(pid).pss);
    total += pss;
    rows.push({ name: `idle ${name}: memory (PSS; ${broker.backend})`, value: pss, unit: 'MB' });
    rows.push({
      name: `idle ${name}: CPU (${broker.backend})`,
      value: ((sum(list, cpuSeconds) - (before.get(name) ?? 0)) / WATCH_S) * 100,
      unit: '% of a core',
    });
  }
  rows.push({ name: `idle stack: memory (PSS; ${broker.backend})`, value: total, unit: 'MB', aim: '<= 250' });
  return rows;
}
