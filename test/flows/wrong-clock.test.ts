import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { executions, job, jobIs, submit } from '../support/flow.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { Stack } from '../support/stack.js';

const HOUR_MS = 3_600_000;
const CLOCKS: [how: string, ms: number, queue: string][] = [
  ['an hour behind', -HOUR_MS, 'behind'],
  ['an hour ahead', HOUR_MS, 'ahead'],
];
/** As the broker may measure an hour on a busy machine. */
const ABOUT_AN_HOUR = '(3599|360[012]) s';
const withClock = (ms: number): Record<string, string> => ({
  NODE_OPTIONS: `--import=${join(PROJECT, 'test/support/wrong-clock.mjs')}`,
  DROVER_TEST_CLOCK_MS: String(ms),
});

describe.each(['postgres', 'redis'])('a worker whose clock is wrong, alone on its queue, tickets in %s', (backend) => {
  let stack: Stack;
  let redis: TestRedis | undefined;
  beforeAll(async () => {
    redis = backend === 'redis' ? await startRedis() : undefined;
    stack = await Stack.start({
      ...(redis ? { redisUrl: redis.url } : {}),
      workers: CLOCKS.map(([, ms, queue]) => ({ name: queue, queues: queue, slots: 2, env: withClock(ms) })),
    });
  });
  afterAll(async () => {
    await stack?.stop();
    await redis?.stop();
  });

  it.concurrent.each(CLOCKS)('%s: starts delayed jobs and retries in their time', async (how, ms, queue) => {
    const startAt = new Date(Date.now() + 3_000);
    const delayed = await submit(stack, { queue, command: 'true', start_at: startAt.toISOString() });
    const retried = await submit(stack, {
      queue,
      command: '[ "$DROVER_ATTEMPT" = 2 ]',
      retry: { max: 1, backoff_s: 1 },
    });
    const view = await jobIs(stack, delayed, 'succeeded', 30_000);
    expect(Date.parse(view.started_at as string)).toBeGreaterThanOrEqual(startAt.getTime() - 50);
    expect(await jobIs(stack, retried, 'succeeded', 30_000)).toMatchObject({ attempt: 2 });
    expect((await executions(stack, delayed)).length).toBe(1);
    // Its clock is measured, shown, and explained.
    const { url } = stack;
    await expectEventually(async () => {
      const agent = (await (await fetch(`${url}/api/v1/agents/${queue}`)).json()) as { clock_skew_ms: number };
      expect(Math.abs(agent.clock_skew_ms - ms)).toBeLessThan(2_000);
    });
    const waits = await submit(stack, {
      queue,
      command: 'true',
      start_at: new Date(Date.now() + HOUR_MS).toISOString(),
    });
    const why = (await stack.request('GET', `/api/v1/jobs/${waits}/explain`)).body as {
      reasons: { code: string; message: string }[];
    };
    expect(why.reasons.find((reason) => reason.code === 'clock_skew')?.message).toMatch(
      new RegExp(`${queue} by ${ABOUT_AN_HOUR} \\(${queue}\\)`),
    );
    expect((await job(stack, waits)).state).toBe('scheduled');
    const drover = (...args: string[]) =>
      promisify(execFile)(process.execPath, [join(PROJECT, 'bin/drover.mjs'), ...args], {
        env: {
          PATH: process.env['PATH'],
          DROVER_API_URL: url,
          DROVER_DATABASE_URL: stack.databaseUrl,
          DROVER_DATA_DIR: stack.dataDir,
        },
      });
    const line = (await drover('agents')).stdout.split('\n').find((text) => text.startsWith(queue));
    expect(line).toMatch(new RegExp(`\\${ms > 0 ? '+' : '-'}${ABOUT_AN_HOUR}`));
    const { stdout } = await drover('doctor').catch((error: { stdout: string }) => error);
    expect(stdout).toMatch(new RegExp(`The clock of (a node|2 nodes) is off: .*${queue} by ${ABOUT_AN_HOUR}`));
  });
});
