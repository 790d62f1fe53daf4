import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scriptedAgent } from '../../../../test/support/agent.js';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { HookServer } from '../../../../test/support/hook-server.js';
import { freePort } from '../../../../test/support/ports.js';
import { Client, TASK } from './client.js';

const DOWN_MS = 60_000;

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ env: { DROVER_FASTLANE_EXECUTOR: 'process', DROVER_WEBHOOK_NETWORKS: 'loopback' } });
});
afterAll(() => api?.close());

it('a webhook reaches a target that was down for a minute, with the waits of the document: 5, 10, 20, 40 s', async () => {
  const client = new Client(api.url);
  const agent = await scriptedAgent(api.core);
  const port = await freePort();
  const { path, executionId } = await client.enqueue('outage', {
    ...TASK,
    webhooks: { succeeds: [{ url: `http://127.0.0.1:${port}/late`, retries: 5 }] },
  });
  const execution = await expectEventually(() => agent.claim(executionId ?? ''));
  await execution.started();
  await execution.ended();
  const due = Date.now();
  await sleep(DOWN_MS);
  const target = await HookServer.start(port);
  try {
    await expectEventually(() => expect(target.at('/late')).toHaveLength(1), { withinMs: 40_000, everyMs: 200 });
    // The fifth try: 75 s after the first.
    expect(target.received[0]?.at).toBeGreaterThan(due + 74_000);
    expect(target.received[0]?.json).toMatchObject({ executionId, status: 'done' });
    await expectEventually(async () => {
      const tries = (await client.job(path)).executions[0]?.metadata['webhookDispatch'] as {
        statusCode: number;
        error?: string;
      }[];
      expect(tries.at(-1)).toMatchObject({ statusCode: 200 });
      expect(tries.at(-2)?.error).toMatch(/ECONNREFUSED|refused/);
    });
    expect(target.received).toHaveLength(1);
  } finally {
    await target.stop();
  }
}, 180_000);
