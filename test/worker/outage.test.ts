import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectEventually } from '../support/expect-eventually.js';
import { TestNode } from './support/node.js';

let node: TestNode;
beforeEach(async () => {
  node = await TestNode.start();
});
afterEach(async () => {
  await node?.close();
});

it('while the API is away no job is slowed and no byte is lost', async () => {
  // Writes 20 MB and says how long it took.
  const command =
    's=$(date +%s%N); head -c 20000000 /dev/urandom | base64 -w 76 | tee copy; e=$(date +%s%N); sha256sum copy | cut -c1-64 >&2; echo $(( (e - s) / 1000000 )) >&2';
  const quick = await node.api.submit({ command });
  const [, alone] = (await node.ended(quick, 60_000)).stderr.text.split('\n');

  const id = await node.api.submit({ command: `echo ready; sleep 1; ${command}; sleep 2; echo bye` });
  await node.says(id, 'ready');
  await node.api.down();
  await wait(6_000);
  expect(node.api.of(id)?.ended).toBeUndefined();
  await node.api.up();
  const { ended, stdout, stderr } = await node.ended(id, 60_000);
  const [digest, took] = stderr.text.split('\n');
  expect(ended.ok).toBe(true);
  expect(ended.stdout).toEqual({ bytes: stdout.length, sha256: stdout.sha256 });
  expect(stdout.length).toBeGreaterThan(26_000_000);
  expect(digest).toHaveLength(64);
  expect(Number(took)).toBeLessThan(Number(alone) * 3 + 1_000);
  // It ended while nobody listened.
  expect(Date.parse(ended.exited_at)).toBeLessThan(Date.now());
}, 120_000);

it('takes no tickets while the API is away, and takes them again when it is back', async () => {
  await node.api.down();
  const waiting = node.api.submit({ command: 'echo hello' });
  const id = await waiting;
  await node.until(() => node.worker.log().includes('the API is away'), 'the worker to notice');
  // Whether the ticket was taken before that and goes back, or was never taken: it waits, and stays where it is.
  const waits = async (): Promise<void> =>
    expect((await node.api.queue.counts(['default'])).get('default')).toMatchObject({ active: 0, waiting: 1 });
  await expectEventually(waits, { withinMs: 20_000 });
  await wait(1_000);
  await waits();
  await node.api.up();
  expect((await node.ended(id)).stdout.text).toBe('hello\n');
}, 60_000);

it('a job that ends while the API does not let its node in is told of whole when it does again', async () => {
  const [go, gone] = ['go', 'gone'].map((name) => join(node.folder, name)) as [string, string];
  const id = await node.api.submit({
    command: `echo before; until [ -e ${go} ]; do sleep 0.05; done; echo after; touch ${gone}; exit 3`,
  });
  await node.says(id, 'before');
  node.api.unwanted = true;
  const registrations = (): number => node.api.came.get('register') ?? 0;
  const before = registrations();
  writeFileSync(go, '');
  await node.until(() => existsSync(gone) && registrations() > before + 3, 'the end of the job and refusals', 9_000);
  node.api.unwanted = false;
  const { stdout, ended } = await node.ended(id);
  expect(stdout.text).toBe('before\nafter\n');
  expect(ended.exit_code).toBe(3);
});

it('a chunk that the server answers with a gap is sent again from where the server is', async () => {
  let gaps = 0;
  node.api.intercept = (item) =>
    item.kind === 'chunk' && item.offset > 0 && gaps++ === 0 ? { status: 416, stored: 0 } : undefined;
  const id = await node.api.submit({ command: 'for i in 1 2 3 4 5; do echo line $i; sleep 0.1; done' });
  const { ended, stdout } = await node.ended(id);
  expect(gaps).toBeGreaterThan(0);
  expect(stdout.text).toBe('line 1\nline 2\nline 3\nline 4\nline 5\n');
  expect(ended.stdout).toEqual({ bytes: stdout.length, sha256: stdout.sha256 });
});

it('a report that the server does not understand does not hold up the others', async () => {
  const unloved = await node.api.submit({ command: 'echo unloved; sleep 0.2' });
  const ids = await node.api.submitAll(Array.from({ length: 20 }, (_, i) => ({ command: `echo ${i}` })));
  node.api.refuseRequestsWith = (item) =>
    item.kind === 'ended' && item.execution_id === node.api.of(unloved)?.claimed.execution_id;
  for (const [i, id] of ids.entries()) expect((await node.ended(id)).stdout.text).toBe(`${i}\n`);
});

it('200 MB of output pass in constant memory, with the right digest', async () => {
  const size = 200 * 1024 * 1024;
  const peak = watchRss(node.worker.pid);
  // Text that compresses like text: numbers.
  const id = await node.api.submit({
    command: `seq 1 1000000000 | head -c ${size} | tee copy | cat; sha256sum copy | cut -c1-64 >&2`,
  });
  const { ended, stdout, stderr } = await node.ended(id, 180_000);
  expect(stdout.length).toBe(size);
  expect(ended.stdout).toEqual({ bytes: size, sha256: stderr.text.trim() });
  expect(stdout.sha256).toBe(stderr.text.trim());
  expect(peak()).toBeLessThan(200 * 1024 * 1024);
}, 240_000);

it('what a job writes after it truncated its own output goes on in the log', async () => {
  const id = await node.api.submit({
    command: 'echo one; sleep 0.5; echo two > /dev/stdout; echo three; sleep 0.5; echo four',
  });
  const { ended, stdout } = await node.ended(id);
  expect(stdout.text).toBe('one\ntwo\nthree\nfour\n');
  expect(ended.stdout).toEqual({
    bytes: stdout.length,
    sha256: createHash('sha256').update(stdout.text).digest('hex'),
  });
});

/** The largest resident set seen until asked, bytes. */
function watchRss(pid: number): () => number {
  let most = 0;
  const timer = setInterval(() => {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    most = Math.max(most, Number(kib) * 1024);
  }, 50);
  return () => {
    clearInterval(timer);
    return most;
  };
}
