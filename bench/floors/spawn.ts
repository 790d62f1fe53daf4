import { spawn } from 'node:child_process';
import { rateOf } from '../lib/numbers.js';

/** Bare `spawn('/bin/true')` with pipes, a second, at this concurrency. */
export const bareSpawnRate = (total: number, concurrency: number): Promise<number> =>
  rateOf(total, concurrency, () => new Promise<void>((resolve) => spawn('/bin/true').once('close', () => resolve())));
