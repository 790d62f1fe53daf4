import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rateOf } from '../lib/numbers.js';
import { wallClock } from '../lib/wall-clock.js';

interface OutputPaths {
  folder: string;
  stdout: string;
  stderr: string;
}

/** Starts a program with its output in two files, and waits for its end. */
export type Start = (program: string, args: string[], files: OutputPaths) => Promise<void>;

/** Starts that are not counted: a supervisor has started programs before. */
const WARM_UP = 20;

/** Does what the arguments of this process say, and prints one JSON text. */
export async function runFloor(start: Start): Promise<void> {
  const [what, count, more] = process.argv.slice(2);
  const folder = mkdtempSync(join(tmpdir(), 'drover-floor-'));
  const filesOf = (n: number): OutputPaths => ({
    folder,
    stdout: join(folder, `${n}.stdout`),
    stderr: join(folder, `${n}.stderr`),
  });
  try {
    for (let n = 0; n < WARM_UP; n += 1) await start('/bin/true', [], filesOf(-1 - n));
    if (what === 'rate')
      console.log(JSON.stringify(await rateOf(Number(count), Number(more), (n) => start('/bin/true', [], filesOf(n)))));
    else if (what === 'each') console.log(JSON.stringify(await eachTime(Number(count), start, filesOf)));
    else console.log(JSON.stringify(await startTimes(Number(count), Number(more), start, filesOf)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From the call to the end, one after the other; ms. */
async function eachTime(runs: number, start: Start, filesOf: (n: number) => OutputPaths): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < runs; n += 1) {
    const before = performance.now();
    await start('/bin/true', [], filesOf(n));
    times.push(performance.now() - before);
  }
  return times;
}

/** From the call to the running `date`, by its own clock; ms. Waits before each. */
async function startTimes(
  runs: number,
  gapMs: number,
  start: Start,
  filesOf: (n: number) => OutputPaths,
): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < runs; n += 1) {
    await sleep(gapMs);
    const now = wallClock();
    const before = now();
    await start('/bin/date', ['+%s%N'], filesOf(n));
    times.push(Number(readFileSync(filesOf(n).stdout, 'utf8').trim()) / 1e6 - before);
  }
  return times;
}
