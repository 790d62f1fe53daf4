import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { executions, jobIs, submit } from '../support/flow.js';
import { Stack } from '../support/stack.js';

let stack: Stack | undefined;
afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});

const GIB = 1024 ** 3;

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

it('1 GiB of output leaves worker and API under 200 MB, reaches a follower within 2 s of its end, and agrees with its digest', async () => {
  stack = await Stack.start({ workers: [{ slots: 1 }], env: { DROVER_LOG_LEVEL: 'warn' } });
  const pids = { api: stack.api.pid, worker: stack.worker.pid };
  const peak = { api: 0, worker: 0 };
  const watch = setInterval(() => {
    for (const name of ['api', 'worker'] as const) peak[name] = Math.max(peak[name], residentMb(pids[name]));
  }, 200);
  try {
    const id = await submit(stack, {
      command: `yes 'a line of text that is long enough to be like a real one, more or less' | head -c ${GIB}`,
    });
    await jobIs(stack, id, ['running', 'succeeded']);
    const hash = createHash('sha256');
    let bytes = 0;
    // The raw text follow: plain bytes as they come.
    const answer = await fetch(`${stack.url}/api/v1/jobs/${id}/logs?stream=stdout&follow=true`, {
      headers: { accept: 'text/plain' },
      signal: AbortSignal.timeout(350_000),
    });
    expect(answer.status).toBe(200);
    for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
      hash.update(part);
      bytes += part.length;
    }
    const seenEnd = Date.now();
    const view = await jobIs(stack, id, 'succeeded');
    const [execution] = await executions(stack, id);
    expect(bytes).toBe(GIB);
    expect(hash.digest('hex')).toBe(execution?.stdout_sha256);
    expect(execution?.log_complete).toBe(true);
    expect(seenEnd - new Date(view.finished_at as string).getTime()).toBeLessThan(2_000);
    expect(peak.worker).toBeLessThan(200);
    expect(peak.api).toBeLessThan(200);
  } finally {
    clearInterval(watch);
  }
}, 400_000);
