import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { expectEventually } from '../support/expect-eventually.js';
import { submitBatch } from '../support/flow.js';
import { Stack } from '../support/stack.js';

let stack: Stack | undefined;
const busy: ReturnType<typeof spawn>[] = [];
afterEach(async () => {
  for (const child of busy.splice(0)) child.kill('SIGKILL');
  await stack?.stop();
  stack = undefined;
});

const LEASE_MS = 10_000;
/** The promised time, and the one that is left of it on a busy machine. */
const PROMISE_MS = 15_000;
const AGENTS = 16;
/** The last words of the agents are spread over this: over the beats of whatever ticks. */
const SPREAD_MS = 4_000;

const FACTS = {
  hostname: 'h',
  version: '0',
  os: 'linux',
  cpus: 1,
  memory_mb: 1,
  gpus: [],
  labels: {},
  executors: ['process'],
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the loss of a node', () => {
  it(`is noticed within ${PROMISE_MS / 1000} s of its last word, whenever that was, while the machine is busy and both replicas are`, async () => {
    stack = await Stack.start({ apis: 2, workers: [] });
    const running = stack;
    const post = async (path: string, body: unknown, token?: string): Promise<any> =>
      (await running.request('POST', `/agent/v1/${path}`, body, token ? { authorization: `Bearer ${token}` } : {}))
        .body;
    const ids = await submitBatch(
      running,
      Array.from({ length: AGENTS }, () => ({ command: 'true', queue: 'nobody' })),
    );
    for (let n = 0; n < 2; n += 1)
      busy.push(spawn(process.execPath, ['-e', 'for (;;) Math.random();'], { stdio: 'ignore' }));
    const saidLast = new Map<string, number>();
    await Promise.all(
      ids.map(async (id, at) => {
        const { token } = await post('register', {
          name: `node-${at}`,
          queues: ['nobody'],
          slots: 1,
          facts: FACTS,
          boot_id: 'b',
        });
        const { results } = await post('claims', { tickets: [{ ticket_id: `${id}-1`, job_id: id }] }, token);
        const { execution_id, epoch } = results[0].execution;
        await pause((SPREAD_MS / AGENTS) * at);
        await post('heartbeat', { slots_free: 0, running: [{ execution_id, epoch }] }, token);
        saidLast.set(id, performance.now());
      }),
    );
    const noticed = new Map<string, number>();
    await expectEventually(
      async () => {
        const { body } = await running.request('GET', '/api/v1/jobs?queue=nobody&limit=100');
        for (const job of (body as { jobs: { id: string; losses: number }[] }).jobs) {
          if (job.losses > 0 && !noticed.has(job.id))
            noticed.set(job.id, performance.now() - (saidLast.get(job.id) as number));
        }
        expect(noticed.size).toBe(AGENTS);
      },
      { withinMs: 40_000, everyMs: 100, what: 'The loss of every node' },
    );
    const took = [...noticed.values()].map(Math.round).sort((a, b) => a - b);
    expect(took.at(-1), `noticed after ${took.join(', ')} ms`).toBeLessThan(PROMISE_MS);
    expect(took[0], `noticed after ${took.join(', ')} ms`).toBeGreaterThan(LEASE_MS - 500);
    console.info(`noticed after ${took[0]} to ${took.at(-1)} ms`);
  });
});
