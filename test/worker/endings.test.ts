import { afterAll, beforeAll, expect, it } from 'vitest';
import { processesWith } from '../support/processes.js';
import { TestNode } from './support/node.js';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start({ slots: 8 });
});
afterAll(async () => {
  await node?.close();
});

/** Processes of one job: they carry its execution in their environment. */
const treeOf = (executionId: string): string[] =>
  processesWith(executionId)
    .map(({ command }) => command)
    .filter((command) => !command.includes('main.js'));

it('a cancel reaches a running job within a second', async () => {
  const id = await node.api.submit({ command: 'echo ready; exec sleep 60' });
  await node.says(id, 'ready');
  const asked = Date.now();
  node.api.cancel(id, 'no longer needed');
  const { ended } = await node.ended(id);
  expect(Date.parse(ended.exited_at) - asked).toBeLessThan(1_000);
  expect(ended).toMatchObject({ ok: false, cause: 'cancelled', cause_detail: 'no longer needed', signal: 'SIGTERM' });
});

it('a cancelled job leaves no process behind: not a grandchild that traps TERM, not one in a session of its own, not one without its environment', async () => {
  const id = await node.api.submit({
    command: `
      sh -c 'trap "" TERM; echo trap; while :; do sleep 0.2; done' &
      setsid sh -c 'trap "" TERM; echo session; while :; do sleep 0.2; done' &
      setsid env -i PATH="$PATH" sh -c 'echo bare; while :; do sleep 0.2; done' &
      echo leader
      wait`,
    limits: { grace_s: 1 },
  });
  for (const word of ['trap', 'session', 'bare', 'leader']) await node.says(id, word);
  const seen = node.api.of(id);
  const executionId = seen?.claimed.execution_id ?? '';
  const pids = processesWith(executionId).map(({ pid }) => pid);
  expect(treeOf(executionId).length).toBeGreaterThan(3);
  node.api.cancel(id);
  await node.ended(id, 8_000);
  expect(treeOf(executionId)).toEqual([]);
  expect(pids.length).toBeGreaterThan(3);
});

it('a job that handles TERM has its grace to leave in order', async () => {
  const id = await node.api.submit({
    command: 'trap "sleep 0.5; echo tidy; exit 9" TERM; echo ready; while :; do sleep 0.05; done',
    limits: { grace_s: 10 },
  });
  await node.says(id, 'ready');
  node.api.cancel(id);
  const { ended, stdout } = await node.ended(id);
  expect(stdout.text).toBe('ready\ntidy\n');
  expect(ended).toMatchObject({ cause: 'cancelled', exit_code: 9 });
});

it('what a job leaves behind in its group ends with it, and what it wrote until then is in the log', async () => {
  const id = await node.api.submit({
    command: 'sh -c "while :; do echo more; sleep 0.05; done" & sleep 0.3; echo end',
  });
  const seen = await node.ended(id);
  expect(seen.ended).toMatchObject({ ok: true, exit_code: 0 });
  expect(treeOf(seen.claimed.execution_id)).toEqual([]);
  expect(seen.stdout.text).toContain('end\n');
  expect(seen.ended.stdout).toEqual({ bytes: seen.stdout.length, sha256: seen.stdout.sha256 });
});

it('a daemon that a finished job started in a session of its own does not outlive it for long', async () => {
  const id = await node.api.submit({ command: 'setsid sleep 300 > /dev/null 2>&1 & sleep 0.2' });
  const { claimed } = await node.ended(id);
  await node.until(() => treeOf(claimed.execution_id).length === 0, 'the stray to go', 5_000);
});

it.each([
  ['its run time', { runtime_s: 0.5 }, 'sleep 60', 'timeout', /limit of 0.5 s/],
  [
    'silence',
    { silence_s: 0.6 },
    'for i in 1 2 3 4; do echo $i; sleep 0.3; done; sleep 60',
    'silence',
    /No output for 0.6 s/,
  ],
  ['the size of its output', { output_bytes: 100_000 }, 'yes', 'output_limit', /more than the limit of 97.66 KiB/],
] as const)(
  'a job past the limit of %s is ended, and the cause says so',
  async (_name, limits, command, cause, sentence) => {
    const id = await node.api.submit({ command, limits: { ...limits, grace_s: 1 } });
    const { ended, stdout } = await node.ended(id);
    expect(ended).toMatchObject({ ok: false, cause });
    expect(ended.cause_detail).toMatch(sentence);
    expect(ended.stdout).toEqual({ bytes: stdout.length, sha256: stdout.sha256 });
    if (cause === 'silence') expect(stdout.text).toBe('1\n2\n3\n4\n');
  },
);

it('a job that has written too much by the time it ends well has still broken its limit', async () => {
  const id = await node.api.submit({ command: 'head -c 2000 /dev/zero', limits: { output_bytes: 1000 } });
  expect((await node.ended(id)).ended).toMatchObject({ ok: false, cause: 'output_limit', exit_code: 0 });
});

it('a job whose processes together use more memory than allowed is ended as oom', async () => {
  const hog = `python3 -c "x = bytearray(60 * 1024 * 1024)\nimport time\nfor i in range(0, len(x), 4096): x[i] = 1\nprint('big', flush=True)\ntime.sleep(60)"`;
  const id = await node.api.submit({
    command: `${hog} & ${hog} & wait`,
    resources: { memory_mb: 100 },
    limits: { grace_s: 1 },
  });
  const { ended } = await node.ended(id);
  expect(ended).toMatchObject({ ok: false, cause: 'oom' });
  expect(ended.cause_detail).toMatch(/more than the limit of 100 MiB/);
});

it('a job under a memory limit that is not there still gets the sentence about it', async () => {
  const id = await node.api.submit({ command: ['no-such-command-here'], resources: { memory_mb: 100 } });
  expect((await node.ended(id)).ended).toMatchObject({
    cause: 'spawn_error',
    cause_detail: expect.stringMatching(/Command not found/) as unknown,
  });
});

it('an execution that the record gave up is ended within five seconds, and nothing more is sent of it', async () => {
  const id = await node.api.submit({ command: 'trap "" TERM; while :; do echo tick; sleep 0.05; done' });
  const seen = await node.says(id, 'tick');
  node.api.fence(id);
  const fencedAt = seen.stdout.length;
  await node.until(() => treeOf(seen.claimed.execution_id).length === 0, 'the tree to go', 5_000);
  expect(seen.stdout.length).toBe(fencedAt);
  expect(seen.ended).toBeUndefined();
  const next = await node.api.submit({ command: 'echo still here' });
  expect((await node.ended(next)).stdout.text).toBe('still here\n');
});
