/*
 * How fast the supervisor runs short processes, beside its floor measured in the same run: a bare `spawn` loop with the same
 * output files at the same concurrency. `node dist/bench/spawn.js [jobs] [concurrency] [rounds]`, one JSON line at the end.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessExecutor } from '@drover/executor';

const [jobs = 1000, concurrency = 8, rounds = 3] = process.argv.slice(2).map(Number);
const env = { PATH: process.env['PATH'] ?? '' };

/** Keeps `concurrency` runs under way. Returns runs per second. */
async function rate(run: (n: number) => Promise<void>): Promise<number> {
  let next = 0;
  const start = performance.now();
  const lane = async (): Promise<void> => {
    while (next < jobs) await run(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return jobs / ((performance.now() - start) / 1000);
}

async function bare(root: string): Promise<number> {
  const folder = join(root, 'bare');
  mkdirSync(folder);
  const speed = await rate(
    (n) =>
      new Promise((resolve) => {
        const stdout = openSync(join(folder, `${n}.out`), 'a');
        const stderr = openSync(join(folder, `${n}.err`), 'a');
        spawn('/bin/true', [], { stdio: ['ignore', stdout, stderr], detached: true, env }).once('exit', () =>
          resolve(),
        );
        closeSync(stdout);
        closeSync(stderr);
      }),
  );
  rmSync(folder, { recursive: true });
  return speed;
}

async function supervised(root: string): Promise<number> {
  const spool = join(root, 'spool');
  mkdirSync(spool);
  const executor = new ProcessExecutor({ root: spool, leaseS: 10, baseEnv: env });
  const open = new Map<string, () => void>();
  await executor.open({
    started: () => {},
    exited: (record) => {
      if (!record.ok) throw new Error(record.cause_detail ?? 'failed');
      executor.forget([record.execution_id]);
      open.get(record.execution_id)?.();
      open.delete(record.execution_id);
    },
  });
  const speed = await rate(
    (n) =>
      new Promise((resolve) => {
        const id = `e${n}`;
        const folder = join(spool, id);
        mkdirSync(folder);
        open.set(id, resolve);
        executor.launch({
          execution_id: id,
          folder,
          command: ['/bin/true'],
          cwd: folder,
          env: {},
          tasks: 1,
          first_rank: 0,
          stdin: false,
          limits: { grace_s: 1 },
          note: {},
        });
      }),
  );
  await executor.close(1);
  rmSync(spool, { recursive: true });
  return speed;
}

const root = mkdtempSync(join(tmpdir(), 'drover-bench-'));
const results: { bare: number; supervised: number }[] = [];
for (let round = 0; round < rounds; round++) {
  const result = { bare: await bare(root), supervised: await supervised(root) };
  results.push(result);
  console.log(
    `bare ${result.bare.toFixed(0)}/s  supervisor ${result.supervised.toFixed(0)}/s  ratio ${(result.supervised / result.bare).toFixed(2)}`,
  );
}
rmSync(root, { recursive: true });
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
console.log(
  JSON.stringify({
    bench: 'spawn',
    jobs,
    concurrency,
    bare_per_s: median(results.map((r) => r.bare)),
    supervisor_per_s: median(results.map((r) => r.supervised)),
  }),
);
