import type { ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { run, stop } from '../lib/program.js';
import { startRedis } from '../lib/redis.js';
import { execute, sinceSubmit, type Peer } from './peer.js';

const PROGRAMS = join(import.meta.dirname, 'programs');
/** Debian's: a Python of the user's own has not its packages. */
const PYTHON = '/usr/bin/python3';
const PACKAGES = '/usr/lib/python3/dist-packages';
const CLIENT_LIMIT_MS = 300_000;

interface Kind extends Omit<Peer, 'start'> {
  /** Programs that run jobs in so many slots. */
  workers: (slots: number, redisUrl: string) => string[][];
  /** Submits jobs and waits for them: see the file. */
  client: string[];
}

/** A broker whose record is a Redis. */
const onRedis = ({ workers, client, ...about }: Kind): Peer => ({
  ...about,
  start: async ({ folder, slots, fsync }) => {
    const children: ChildProcess[] = [];
    const close = async (): Promise<void> => {
      for (const child of children.toReversed()) await stop(child);
    };
    const redis = await startRedis(folder, fsync);
    children.push(redis.child);
    const env = { BENCH_REDIS_URL: redis.url, PYTHONPATH: PROGRAMS, PYTHONDONTWRITEBYTECODE: '1', LANG: 'C.UTF-8' };
    for (const argv of workers(slots, redis.url)) children.push(run(argv, env, join(folder, 'worker.log'), folder));
    const ask = async <T>(...args: (string | number)[]): Promise<T> => {
      const [program = '', ...rest] = [...client, ...args.map(String)];
      const options = { cwd: folder, env: { PATH: process.env['PATH'] ?? '', ...env }, timeout: CLIENT_LIMIT_MS };
      return JSON.parse((await execute(program, rest, options)).stdout) as T;
    };
    try {
      // It waits for its first job, so for its workers.
      await ask('rate', slots);
    } catch (error) {
      await close();
      throw error;
    }
    return {
      rate: (jobs) => ask('rate', jobs),
      starts: async (runs, gapMs) => {
        const output = mkdtempSync(join(folder, 'starts-'));
        const submitted = await ask<string[]>('starts', runs, gapMs / 1_000, output);
        return submitted.map((at, n) => sinceSubmit(at, join(output, String(n))));
      },
      close,
    };
  },
});

export const celery = onRedis({
  name: 'Celery',
  packages: 'python3-celery python3-redis redis-server',
  files: [PYTHON, `${PACKAGES}/celery`, `${PACKAGES}/redis`],
  note: 'late acknowledgement, results kept; no output kept; a job whose worker is lost runs again after an hour',
  workers: (slots) => [
    [PYTHON, '-m', 'celery', '-A', 'celery_tasks', 'worker', '-c', String(slots), '-l', 'WARNING'].concat(
      '--without-gossip',
      '--without-mingle',
    ),
  ],
  client: [PYTHON, join(PROGRAMS, 'celery_client.py')],
});

export const sidekiq = onRedis({
  name: 'Sidekiq',
  packages: 'ruby-sidekiq redis-server',
  files: ['/usr/bin/sidekiq', '/usr/bin/ruby'],
  note: 'no results, no output kept; jobs that run when its process is killed are lost',
  workers: (slots) => [
    ['/usr/bin/ruby', '/usr/bin/sidekiq', '-r', join(PROGRAMS, 'sidekiq_tasks.rb'), '-c', String(slots)],
  ],
  client: ['/usr/bin/ruby', join(PROGRAMS, 'sidekiq_client.rb')],
});

export const rq = onRedis({
  name: 'RQ',
  packages: 'python3-rq redis-server',
  files: [PYTHON, '/usr/bin/rq'],
  note: 'a worker process for each slot, results kept for 500 s; no output kept; a job whose worker dies is not run again',
  workers: (slots, url) =>
    Array.from({ length: slots }, () => [PYTHON, '/usr/bin/rq', 'worker', '-q', '--url', url, 'default']),
  client: [PYTHON, join(PROGRAMS, 'rq_client.py')],
});
