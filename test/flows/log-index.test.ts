import { afterEach, expect, it } from 'vitest';
import { expectEventually } from '../support/expect-eventually.js';
import { executions, jobIs, log, submit, verifyLog } from '../support/flow.js';
import { Stack } from '../support/stack.js';

let stack: Stack | undefined;
afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});

interface Line {
  number: number;
  stream: 'stdout' | 'stderr';
  stream_offset: number;
  bytes: number;
  text: string;
}

const LINES = 150_000;
const KILLS = 4;
/** Both streams by turns, with lines of many lengths and some that end later. */
const COMMAND = `awk 'BEGIN { for (n = 1; n <= ${LINES}; n++) {
  to = n % 7 == 0 ? "/dev/stderr" : "/dev/stdout";
  printf "%d ", n > to; if (n % 1000 == 0) { fflush(); system("sleep 0.02") }
  printf "%s\\n", substr("abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789", 1, n % 70) > to } }'`;

it('the index agrees with the log after an API was killed in the middle of appends, again and again, and with the other replica', async () => {
  stack = await Stack.start({ apis: 2, workers: [{ slots: 1 }] });
  const running = stack;
  const id = await submit(running, { command: COMMAND });
  await jobIs(running, id, ['running', 'succeeded']);
  let stored = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const victim = running.apis[kill % 2] ?? running.api;
    // Some more has come: an append is under way, or the next one soon is.
    await expectEventually(async () => {
      const [execution] = await executions(running, id);
      const bytes = (execution?.stdout_bytes ?? 0) + (execution?.stderr_bytes ?? 0);
      expect(bytes > stored || execution?.state === 'ended').toBe(true);
      stored = bytes;
    });
    await victim.kill();
    victim.start();
    await running.apiReady(victim);
  }
  await jobIs(running, id, 'succeeded', 120_000);
  await verifyLog(running, id);
  const texts = {
    stdout: (await log(running, id, 'stdout')).toString(),
    stderr: (await log(running, id, 'stderr')).toString(),
  };
  for (const { url } of running.apis) {
    for (const stream of ['stdout', 'stderr'] as const) {
      const lines = await all(url, id, `&stream=${stream}`);
      expect(lines.map(({ text }) => text).join('\n')).toBe(texts[stream].trimEnd());
      expect(lines.at(-1)?.number).toBe(lines.length);
    }
    // In the view of both each byte of a stream comes once, in its order, and numbers have no gap.
    const next = { stdout: 0, stderr: 0 };
    for (const [index, line] of (await all(url, id, '')).entries()) {
      expect([line.number, line.stream_offset]).toEqual([index + 1, next[line.stream]]);
      next[line.stream] += line.bytes;
    }
    expect(next).toEqual({ stdout: texts.stdout.length, stderr: texts.stderr.length });
  }
}, 300_000);

async function all(url: string, id: string, query: string): Promise<Line[]> {
  const lines: Line[] = [];
  for (let from: number | null = 1; from !== null;) {
    const answer = await fetch(`${url}/api/v1/jobs/${id}/logs/lines?from=${from}&count=5000${query}`);
    expect(answer.status).toBe(200);
    const page = (await answer.json()) as { lines: Line[]; next: number | null };
    lines.push(...page.lines);
    from = page.next;
  }
  return lines;
}
