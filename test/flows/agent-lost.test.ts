import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { expectEventually } from '../support/expect-eventually.js';
import { executions, job, jobIs, log, processesOf, submit, verifyLog } from '../support/flow.js';
import { Stack } from '../support/stack.js';

let stack: Stack | undefined;
afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});

/** Counts lines until a file appears; what it printed tells whether a byte is missing. */
const countUntil = (file: string) =>
  `i=0; while [ ! -e ${file} ]; do i=$((i+1)); echo $i; sleep 0.02; done; echo end $i`;

function expectCounted(text: string): void {
  const lines = text.trimEnd().split('\n');
  const last = Number(/^end (\d+)$/.exec(lines.at(-1) ?? '')?.[1]);
  expect(lines).toEqual([...Array.from({ length: last }, (_, i) => String(i + 1)), `end ${last}`]);
}

describe('a worker killed with -9 in the middle of a job', () => {
  it('loses it to another worker within 15 s, without spending a retry', async () => {
    stack = await Stack.start({ workers: [{ name: 'doomed', slots: 1 }] });
    const id = await submit(stack, {
      command: 'echo $DROVER_NODE; [ "$DROVER_NODE" = doomed ] && exec sleep 100; exit 0',
      retry: { max: 0 },
    });
    await jobIs(stack, id, 'running');
    await stack.addWorker({ name: 'other', slots: 1 });
    const killedAt = Date.now();
    await stack.worker.kill();
    await expectEventually(async () => (await executions(stack as Stack, id)).length === 2, {
      withinMs: 15_000,
      what: 'A second execution',
    });
    expect(Date.now() - killedAt).toBeLessThan(15_000);
    const view = await jobIs(stack, id, 'succeeded');
    expect(view).toMatchObject({ attempt: 1, node: 'other' });
    expect((await executions(stack, id)).map((e) => [e.epoch, e.state, e.cause, e.node])).toEqual([
      [1, 'ended', 'agent_lost', 'doomed'],
      [2, 'ended', null, 'other'],
    ]);
    // The node's own supervisor ends what nobody watches any more.
    await expectEventually(() => processesOf(id).length === 0, {
      withinMs: 25_000,
      what: 'The end of the orphaned processes',
    });
  });

  it('and started again within the lease goes on with it: same execution, no gap in the log', async () => {
    stack = await Stack.start();
    const flag = join(stack.dataDir, 'flag');
    const id = await submit(stack, { command: countUntil(flag) });
    await jobIs(stack, id, 'running');
    await expectEventually(async () => (await log(stack as Stack, id)).length > 20, { what: 'First output' });
    await stack.worker.kill();
    expect(processesOf(id).length).toBeGreaterThan(0);
    stack.worker.start();
    await stack.workerReady(stack.worker);
    await submit(stack, { command: `touch ${flag}` });
    await jobIs(stack, id, 'succeeded');
    expect(existsSync(flag)).toBe(true);
    expect(await executions(stack, id)).toHaveLength(1);
    expectCounted((await log(stack, id)).toString());
    await verifyLog(stack, id);
  });

  it('and started again after the job has ended by itself still reports its exit code', async () => {
    stack = await Stack.start();
    const id = await submit(stack, { command: 'echo a; sleep 1; echo b; exit 7' });
    await jobIs(stack, id, 'running');
    await stack.worker.kill();
    await expectEventually(() => processesOf(id).every((p) => !p.command.includes('sleep 1')), {
      what: 'The end of the job',
    });
    stack.worker.start();
    const view = await jobIs(stack, id, 'failed');
    expect(view).toMatchObject({ cause: 'exit_code', exit_code: 7, attempt: 1 });
    expect((await log(stack, id)).toString()).toBe('a\nb\n');
    await verifyLog(stack, id);
  });
});

describe('a worker stopped past its lease and continued', () => {
  it('is refused in everything it sends for the old execution, and its process tree is gone within 5 s', async () => {
    stack = await Stack.start({ workers: [{ name: 'sleepy', slots: 1 }] });
    const id = await submit(stack, {
      command: '[ "$DROVER_NODE" = sleepy ] || exit 0; trap "" TERM; while true; do echo tick; sleep 0.1; done',
      limits: { grace_s: 1 },
    });
    await jobIs(stack, id, 'running');
    stack.worker.signal('SIGSTOP');
    await stack.addWorker({ name: 'awake', slots: 1 });
    await jobIs(stack, id, 'succeeded', 30_000);
    const before = { view: await job(stack, id), executions: await executions(stack, id) };
    stack.worker.signal('SIGCONT');
    await expectEventually(() => processesOf(id).length === 0, {
      withinMs: 5_000,
      what: 'The end of the old process tree',
    });
    // It lives, and is of use again.
    await stack.workers[1]?.stop();
    const next = await submit(stack, { command: 'true' });
    expect((await jobIs(stack, next, 'succeeded')).node).toBe('sleepy');
    expect({ view: await job(stack, id), executions: await executions(stack, id) }).toEqual(before);
    expect(before.executions.map((e) => e.cause)).toEqual(['agent_lost', null]);
  });
});
