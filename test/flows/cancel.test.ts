import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectEventually } from '../support/expect-eventually.js';
import { executions, jobIs, log, processesOf, submit, submitBatch } from '../support/flow.js';
import { Stack } from '../support/stack.js';
import { WAYS } from '../support/ways.js';

let stack: Stack;
const cancel = async (id: string) => (await stack.request('POST', `/api/v1/jobs/${id}/cancel`, {})).status;
const gone = (id: string, withinMs = 5_000) =>
  expectEventually(() => processesOf(id).length === 0, { withinMs, what: 'An empty process tree' });

describe.each(WAYS)('a cancelled job, %s,', (_, env) => {
  beforeAll(async () => {
    stack = await Stack.start({ apis: 2, workers: [{ name: 'only', slots: 2 }], env });
  });
  afterAll(() => stack.stop());

  it('never starts when it was queued', async () => {
    await stack.request('POST', '/api/v1/queues/held/pause', {});
    const id = await submit(stack, { queue: 'held', command: 'true' });
    expect(await cancel(id)).toBe(200);
    expect(await jobIs(stack, id, 'cancelled')).toMatchObject({ cause: 'cancelled', started_at: null });
    expect(await executions(stack, id)).toEqual([]);
    expect(await cancel(id)).toBe(409);
  });

  it('is dead within a second of the cancel, with a grandchild that traps TERM and one that left its session', async () => {
    const id = await submit(stack, {
      command: `trap "" TERM; (trap "" TERM; while :; do sleep 0.1; done) & setsid sh -c 'trap "" TERM; while :; do sleep 0.1; done' & echo up; wait`,
      limits: { grace_s: 0.3 },
    });
    await expectEventually(async () => (await log(stack, id)).toString() === 'up\n', { what: 'Its first line' });
    const asked = Date.now();
    expect(await cancel(id)).toBe(200);
    await gone(id, 3_000);
    expect(Date.now() - asked).toBeLessThan(3_000);
    expect(await jobIs(stack, id, 'cancelled')).toMatchObject({ cause: 'cancelled' });
  });

  it('reaches a running process within a second', async () => {
    const id = await submit(stack, { command: 'exec sleep 60' });
    await jobIs(stack, id, 'running');
    const asked = Date.now();
    expect(await cancel(id)).toBe(200);
    await gone(id);
    expect(Date.now() - asked).toBeLessThan(1_500);
    expect(await jobIs(stack, id, 'cancelled')).toMatchObject({ signal: 'SIGTERM' });
  });

  it('has one terminal state whenever the cancel comes: while it is claimed, starting, running, finishing', async () => {
    const ids = await submitBatch(
      stack,
      Array.from({ length: 60 }, (_, i) => ({ command: `sleep 0.0${i % 10}` })),
    );
    const asked = ids.map(async (id, i) => {
      await new Promise((resolve) => setTimeout(resolve, (i * 37) % 900));
      return cancel(id);
    });
    const answers = await Promise.all(asked);
    for (const [i, id] of ids.entries()) {
      const view = await jobIs(stack, id, ['cancelled', 'succeeded']);
      if (answers[i] === 409) expect(view.state).toBe('succeeded');
      expect(processesOf(id)).toEqual([]);
      expect((await executions(stack, id)).filter((e) => e.state !== 'ended')).toEqual([]);
    }
  });

  it('ends also when its worker was offline at the time', async () => {
    const id = await submit(stack, { command: 'exec sleep 60' });
    await jobIs(stack, id, 'running');
    await stack.worker.kill();
    expect(await cancel(id)).toBe(200);
    stack.worker.start();
    await gone(id);
    expect(await jobIs(stack, id, 'cancelled')).toMatchObject({ cause: 'cancelled' });
    expect(await executions(stack, id)).toHaveLength(1);
  });
});
