import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { allEnded, executions, jobIs, log, submitBatch, verifyLog } from '../support/flow.js';
import { Stack } from '../support/stack.js';

let stack: Stack | undefined;
afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});

const AWAY_MS = 60_000;

it('with the API away for 60 s no job is slowed and no byte of its log is lost', async () => {
  stack = await Stack.start({ workers: [{ slots: 4 }] });
  // Each writes 500 lines over about 25 s and prints how long that took.
  const command =
    's=$(date +%s%N); i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo line $i of many, with some text to it; sleep 0.05; done; e=$(date +%s%N); echo took $(( (e - s) / 1000000 ))';
  const ids = await submitBatch(
    stack,
    Array.from({ length: 4 }, () => ({ command })),
  );
  for (const id of ids) await jobIs(stack, id, 'running');
  await stack.api.kill();
  await sleep(AWAY_MS);
  stack.api.start();
  await stack.apiReady(stack.api);
  const ended = await allEnded(stack, ids);
  for (const id of ids) {
    expect(ended.get(id)).toMatchObject({ state: 'succeeded', attempt: 1 });
    expect(await executions(stack, id)).toHaveLength(1);
    const lines = (await log(stack, id)).toString().trimEnd().split('\n');
    expect(lines.slice(0, 500)).toEqual(
      Array.from({ length: 500 }, (_, i) => `line ${i + 1} of many, with some text to it`),
    );
    // 25 s of sleeps plus 500 forks; a job blocked on its output for even a part of the outage would show 60 s.
    expect(Number(/^took (\d+)$/.exec(lines[500] ?? '')?.[1])).toBeLessThan(45_000);
    await verifyLog(stack, id);
  }
}, 300_000);
