import { mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { TestNode } from './support/node.js';

let node: TestNode | undefined;
afterEach(async () => {
  await node?.close();
  node = undefined;
});

/** Greatest number of executions that ran at one time, by the jobs' own clock. */
function overlap(api: TestNode['api'], ids: string[]): number {
  const marks = ids.flatMap((id) => {
    const [from, to] = api.of(id)!.stdout.text.trim().split('\n').map(Number);
    return [
      { at: from!, step: 1 },
      { at: to!, step: -1 },
    ];
  });
  let now = 0;
  let most = 0;
  for (const { step } of marks.toSorted((a, b) => a.at - b.at || a.step - b.step)) most = Math.max(most, (now += step));
  return most;
}

const TIMED = 'date +%s%N; sleep 0.3; date +%s%N';

it('never runs more jobs than it has slots, nor more of a queue than that queue may have', async () => {
  node = await TestNode.start({ slots: 3, queues: 'default,narrow=1' });
  const { api } = node;
  const wide = await api.submitAll(Array.from({ length: 8 }, () => ({ command: TIMED })));
  const narrow = await api.submitAll(
    Array.from({ length: 4 }, () => ({ command: TIMED })),
    { queue: 'narrow' },
  );
  for (const id of [...wide, ...narrow]) await node.ended(id);
  expect(overlap(api, [...wide, ...narrow])).toBeLessThanOrEqual(3);
  expect(overlap(api, [...wide, ...narrow])).toBeGreaterThan(1);
  expect(overlap(api, narrow)).toBe(1);
});

it('a burst of short jobs needs far fewer requests than jobs, and every one is reported in order', async () => {
  node = await TestNode.start({ slots: 16 });
  const ids = await node.api.submitAll(Array.from({ length: 200 }, () => ({ command: ['true'] })));
  for (const id of ids) expect((await node.ended(id, 60_000)).kinds).toEqual(['started', 'ended']);
  expect(node.api.claimSizes.length).toBeLessThan(150);
  expect(node.api.reportSizes.length).toBeLessThan(200);
}, 90_000);

it('tells what the node is made of', async () => {
  node = await TestNode.start({ env: { DROVER_LABELS: 'zone=a,disk=fast' } });
  const [{ facts, slots, queues }] = node.api.registrations as [(typeof node.api.registrations)[number]];
  expect(facts.cpus).toBeGreaterThan(0);
  expect(facts.memory_mb).toBeGreaterThan(100);
  expect(facts.labels).toEqual({ zone: 'a', disk: 'fast' });
  expect(facts.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(facts.executors).toContain('process');
  expect({ slots, queues }).toEqual({ slots: 4, queues: ['default'] });
});

it('SIGTERM lets running jobs finish, takes no others, signs off and leaves no process', async () => {
  node = await TestNode.start({ slots: 1 });
  const running = await node.api.submit({ command: 'echo ready; sleep 2; echo done' });
  await node.says(running, 'ready');
  const waiting = await node.api.submit({ command: 'echo never' });
  node.worker.signal('SIGTERM');
  expect(await node.worker.exit()).toEqual({ code: 0, signal: null });
  expect(node.api.of(running)?.stdout.text).toBe('ready\ndone\n');
  expect(node.api.of(running)?.ended?.ok).toBe(true);
  expect(node.api.of(waiting)).toBeUndefined();
  expect(node.api.heartbeats.some((beat) => beat.draining)).toBe(true);
  expect(node.api.deregistered).toBe(1);
  await node.until(() => node!.processes().length === 0, 'everything to go', 3_000);
  expect((await node.api.queue.counts(['default'])).get('default')).toMatchObject({ waiting: 1, active: 0 });
});

it('a job that outlasts the drain is ended and reported as lost to the node, so that it runs elsewhere', async () => {
  node = await TestNode.start({ env: { DROVER_DRAIN_TIMEOUT: '1' } });
  const id = await node.api.submit({ command: 'echo ready; sleep 60' });
  await node.says(id, 'ready');
  node.worker.signal('SIGTERM');
  expect(await node.worker.exit()).toEqual({ code: 0, signal: null });
  expect(node.api.of(id)?.ended).toMatchObject({ ok: false, cause: 'agent_lost' });
  await node.until(() => node!.processes().length === 0, 'everything to go', 3_000);
});

it('a second signal cuts the drain short', async () => {
  node = await TestNode.start({ env: { DROVER_DRAIN_TIMEOUT: '60' } });
  const id = await node.api.submit({ command: 'trap "" TERM; echo ready; while :; do sleep 0.1; done' });
  await node.says(id, 'ready');
  node.worker.signal('SIGTERM');
  await node.until(() => node!.worker.log().includes('draining'), 'the drain');
  const asked = Date.now();
  node.worker.signal('SIGTERM');
  expect(await node.worker.exit()).toEqual({ code: 130, signal: null });
  expect(Date.now() - asked).toBeLessThan(6_000);
  await node.until(() => node!.processes().length === 0, 'everything to go', 5_000);
});

it('artifacts are found by their globs, and none from outside of the working directory', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'drover-outside-'));
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  try {
    node = await TestNode.start();
    const command = [
      'mkdir -p out/deep',
      'echo one > out/a.txt; echo two > out/deep/b.txt; echo no > out/c.log; head -c 3000000 /dev/zero > out/big.txt',
      `ln -s ${outside}/secret.txt out/link.txt; ln -s ${outside} out/folder; ln -s /etc etc`,
    ].join('\n');
    const id = await node.api.submit({
      command,
      artifacts: ['out/**/*.txt', '../../**', '/etc/passwd', `${outside}/*`, 'etc/passwd', 'out/folder/secret.txt'],
    });
    const { artifacts, ended } = await node.ended(id);
    expect(ended.ok).toBe(true);
    expect([...artifacts.keys()].toSorted()).toEqual(['out/a.txt', 'out/big.txt', 'out/deep/b.txt']);
    expect(artifacts.get('out/deep/b.txt')?.toString()).toBe('two\n');
    expect(artifacts.get('out/big.txt')?.length).toBe(3_000_000);
  } finally {
    rmSync(outside, { recursive: true });
  }
});

it('a pattern that would keep a matcher busy for hours costs a job its artifacts, and nobody else anything', async () => {
  node = await TestNode.start({ env: { DROVER_ARTIFACT_SEARCH: '2' } });
  const long = 'a'.repeat(200);
  const hard = { command: `touch ${long}`, artifacts: [`${'*a'.repeat(12)}*b`] };
  const [id, more, last] = [await node.api.submit(hard), await node.api.submit(hard), await node.api.submit(hard)];
  const other = await node.api.submit({ command: 'echo well > fine.txt', artifacts: ['*.txt'] });
  const fine = await node.ended(other);
  expect([...fine.artifacts.keys()]).toEqual(['fine.txt']);
  for (const one of [id, more, last]) {
    const { artifacts, ended } = await node.ended(one);
    expect(ended.ok).toBe(true);
    expect(artifacts.size).toBe(0);
  }
});

it('an idle node is small', async () => {
  node = await TestNode.start();
  const id = await node.api.submit({ command: ['true'] });
  await node.ended(id);
  const rss = node
    .processes()
    .map(({ pid }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
  expect(rss.length).toBe(2);
  expect(Math.max(...rss)).toBeLessThan(130);
});

it('sends an artifact whole after the API was away, and gives up one that is not there any more', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'drover-outside-'));
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  try {
    node = await TestNode.start();
    const tries = new Map<string, number>();
    node.api.refuseArtifact = (path, { claimed }) => {
      const tried = (tries.get(path) ?? 0) + 1;
      tries.set(path, tried);
      if (tried > 1) return undefined;
      const file = join(node!.spool, 'executions', claimed.execution_id, 'work', path);
      if (path === 'replaced.txt') {
        rmSync(file);
        symlinkSync(join(outside, 'secret.txt'), file);
      }
      if (path === 'shrunk.txt') truncateSync(file, 3);
      return 503;
    };
    const id = await node.api.submit({
      command: 'seq 1 400000 > big.txt; : > empty.txt; echo one > replaced.txt; echo shrinks > shrunk.txt',
      artifacts: ['*.txt'],
    });
    const { artifacts, ended } = await node.ended(id);
    expect(ended.ok).toBe(true);
    expect([...artifacts.keys()].toSorted()).toEqual(['big.txt', 'empty.txt', 'replaced.txt']);
    const numbers = Array.from({ length: 400_000 }, (_, at) => `${at + 1}\n`).join('');
    expect(artifacts.get('big.txt')?.toString() === numbers).toBe(true);
    expect(artifacts.get('empty.txt')?.length).toBe(0);
    expect(artifacts.get('replaced.txt')?.toString()).toBe('one\n');
    expect(node.worker.log()).toContain('shrunk.txt has 3 bytes; it had 8 when its upload began.');
    expect(tries).toEqual(
      new Map([
        ['big.txt', 2],
        ['empty.txt', 2],
        ['replaced.txt', 2],
        ['shrunk.txt', 1],
      ]),
    );
  } finally {
    rmSync(outside, { recursive: true });
  }
});

it('ends a job without an artifact at which the API fails again and again, says so, and takes work meanwhile', async () => {
  node = await TestNode.start({ env: { DROVER_ARTIFACT_UPLOAD: '2' } });
  node.api.refuseArtifact = (path) => (path === 'bad.bin' ? 500 : undefined);
  const id = await node.api.submit({ command: 'echo x > bad.bin; echo y > good.txt', artifacts: ['*.bin', '*.txt'] });
  await node.until(
    () => (node!.api.came.get(`executions/${node!.api.of(id)?.claimed.execution_id}/artifacts`) ?? 0) > 1,
    'a try',
  );
  const other = await node.api.submit({ command: 'true' });
  await node.ended(other);
  expect(node.api.of(id)?.ended).toBeUndefined();
  const { artifacts, ended } = await node.ended(id);
  expect([...artifacts.keys()]).toEqual(['good.txt']);
  expect(ended).toMatchObject({
    ok: true,
    cause: null,
    cause_detail:
      '1 of 2 artifacts could not be kept: bad.bin (The API answered 500: not now, tried for 2 s (DROVER_ARTIFACT_UPLOAD)).',
  });
  expect(node.worker.log()).not.toContain('the API is away');
});
