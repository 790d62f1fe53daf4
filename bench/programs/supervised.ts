/*
 * `node supervised.js CHECKOUT JOBS AT_ONCE` prints how many `true` the supervisor of a built checkout starts and ends
 * a second, without API, database and worker daemon.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Executor from '@drover/executor';
import { rateOf } from '../lib/numbers.js';

const WARM_UP = 20;

const [checkout = '', jobs, atOnce] = process.argv.slice(2);
const library = pathToFileURL(join(checkout, 'dist/libs/executor/src/index.js')).href;
const { ProcessExecutor } = (await import(library)) as typeof Executor;

const root = mkdtempSync(join(tmpdir(), 'drover-supervised-'));
try {
  const executor = new ProcessExecutor({ root, leaseS: 10, baseEnv: { PATH: process.env['PATH'] ?? '' } });
  const open = new Map<string, { ended(): void; failed(error: Error): void }>();
  await executor.open({
    started: () => {},
    exited: (record) => {
      const waiting = open.get(record.execution_id);
      open.delete(record.execution_id);
      executor.forget([record.execution_id]);
      if (record.ok) waiting?.ended();
      else waiting?.failed(new Error(record.cause_detail ?? 'a job failed'));
    },
  });
  const run = (id: string): Promise<void> =>
    new Promise((ended, failed) => {
      const folder = join(root, id);
      mkdirSync(folder);
      open.set(id, { ended, failed });
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
    });
  for (let n = 0; n < WARM_UP; n += 1) await run(`warm-${n}`);
  console.log(JSON.stringify(await rateOf(Number(jobs), Number(atOnce), (n) => run(`e${n}`))));
  await executor.close(1);
} finally {
  rmSync(root, { recursive: true, force: true });
}
