import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { rateOf } from '../lib/numbers.js';

/** Bare `spawn('/bin/true')` with pipes, a second, at this concurrency. */
export const bareSpawnRate = (total: number, concurrency: number): Promise<number> =>
  rateOf(total, concurrency, () => new Promise<void>((resolve) => spawn('/bin/true').once('close', () => resolve())));

/** From the call of a bare `spawn` to the running `date`, by its own clock; ms. */
export async function bareSpawnTimes(runs: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    const before = Date.now() + (performance.now() % 1);
    const text = await new Promise<string>((resolve) => {
      let said = '';
      const child = spawn('/bin/date', ['+%s%N']);
      child.stdout.on('data', (part: Buffer) => (said += part.toString()));
      child.once('close', () => resolve(said));
    });
    times.push(Number(text.trim()) / 1e6 - before);
    await sleep(20);
  }
  return times;
}
