import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { Stack } from '../../../../test/support/stack.js';
import { Client } from './client.js';

describe('a broker that is killed', () => {
  let stack: Stack;
  let client: Client;
  beforeAll(async () => {
    stack = await Stack.start({ workers: [{ slots: 1 }], env: { DROVER_FASTLANE_EXECUTOR: 'process' } });
    client = new Client(stack.url);
  });
  afterAll(() => stack?.stop());

  it('finishes what ran, waited or was to come, and makes up for missed ticks of a cron once', async () => {
    const run = (task: string, command: string, more: object = {}) =>
      client.enqueue(task, { image: 'busybox', command, ...more });
    const running = await run('running', `sh -c 'sleep 5; echo ran'`);
    await client.lastIs(running.path, 'running');
    const queued = await run('queued', 'echo waited');
    const timed = await run('timed', 'echo came', { startIn: '4s' });
    const now = Date.now();
    const ticks = [3, 5].map((inS) => now + inS * 1_000);
    // Two ticks in this minute, then none for a while. The sixth field is the second.
    const cron = await run('cron', 'echo ticked', {
      cron: `* * * * * ${ticks
        .map((at) => new Date(at).getUTCSeconds())
        .toSorted((a, b) => a - b)
        .join(',')}`,
    });
    await stack.api.kill();
    await expectEventually(() => Date.now() > (ticks[1] as number) + 1_500);
    expect(stack.api.running).toBe(false);
    stack.api.start();
    await stack.apiReady(stack.api);
    expect(await client.lastIs(running.path, 'done')).toMatchObject({ log: 'ran\n' });
    expect(await client.lastIs(queued.path, 'done')).toMatchObject({ log: 'waited\n' });
    expect(await client.lastIs(timed.path, 'done')).toMatchObject({ log: 'came\n' });
    expect(await client.lastIs(cron.path, 'done', 40_000)).toMatchObject({ log: 'ticked\n' });
    for (const { path } of [running, queued, timed, cron])
      expect([path, (await client.job(path)).executionCount]).toEqual([path, 1]);
    expect((await client.job(cron.path)).scheduled).toBe(true);
    expect((await client.ask('POST', `${cron.path}/stop`)).status).toBe(200);
  });
});
