import { afterEach, expect, it } from 'vitest';
import { TestNode } from './support/node.js';

let node: TestNode | undefined;
afterEach(async () => {
  await node?.close();
  node = undefined;
});

/** A worker whose API starts jobs without tickets, and whose channel is open. */
async function start(options: Parameters<typeof TestNode.start>[0] = {}): Promise<TestNode> {
  const made = await TestNode.start({ ...options, starts: true });
  await made.until(() => made.api.heartbeats.some((beat) => beat.free !== undefined), 'a beat that tells free slots');
  return made;
}

it('tells its free slots, and starts what is pushed to it once, however often it is pushed', async () => {
  node = await start({ slots: 2 });
  expect(node.api.heartbeats.at(-1)?.free).toEqual({ slots: 2 });
  const seen = node.api.start({ command: 'echo once' }, 'default', 3);
  await node.until(() => seen.ended, 'the end of the pushed job');
  expect(seen.stdout.text).toBe('once\n');
  expect(seen.kinds.filter((kind) => kind === 'started' || kind === 'ended')).toEqual(['started', 'ended']);
});

it('declines what is pushed to it while all its slots are taken, and runs it not', async () => {
  node = await start({ slots: 1 });
  const long = node.api.start({ command: 'sleep 30' });
  await node.until(() => long.started, 'the start of the first job');
  const late = node.api.start({ command: 'true' });
  await node.until(() => late.declined, 'the word that the second is declined');
  expect(late.kinds).toEqual(['declined']);
  node.api.cancel(long.claimed.job_id);
  await node.until(() => long.ended, 'the end of the first job');
  expect(late.started).toBeUndefined();
});

it('declines a job of a queue whose own limit is reached, though the node has free slots', async () => {
  node = await start({ slots: 4, queues: 'default,gpu=1' });
  expect(node.api.heartbeats.at(-1)?.free).toEqual({ slots: 4, of_queues: { gpu: 1 } });
  const first = node.api.start({ command: 'sleep 30' }, 'gpu');
  await node.until(() => first.started, 'the start of the first job');
  const second = node.api.start({ command: 'true' }, 'gpu');
  const other = node.api.start({ command: 'true' }, 'default');
  await node.until(() => second.declined && other.ended, 'one declined and one run');
  node.api.cancel(first.claimed.job_id);
  await node.until(() => first.ended, 'the end of the first job');
});

it('runs the jobs that come with the answers to its reports, never more at once than it has slots', async () => {
  node = await start({ slots: 2 });
  const { api } = node;
  // Each notes how many run beside it.
  const command = 'touch "$0/$$"; ls "$0" | wc -l; sleep 0.05; rm "$0/$$"';
  const counts = `${node.folder}/running`;
  const ids = await api.wait(
    Array.from({ length: 40 }, () => ({ command: ['/bin/sh', '-c', `mkdir -p "$0"; ${command}`, counts] })),
  );
  await node.until(() => ids.every((id) => api.of(id)?.ended), 'the end of all jobs', 60_000);
  const most = Math.max(...ids.map((id) => Number(api.of(id)?.stdout.text)));
  expect(most).toBeLessThanOrEqual(2);
  expect(ids.filter((id) => api.of(id)?.claimed.pushed).length).toBeGreaterThan(10);
  expect(ids.filter((id) => api.of(id)?.declined)).toEqual([]);
});

it('goes on by tickets when the API does not start jobs without them', async () => {
  node = await TestNode.start({ slots: 1 });
  const ids = await node.api.wait([{ command: 'true' }, { command: 'true' }, { command: 'true' }]);
  const { api } = node;
  await node.until(() => ids.every((id) => api.of(id)?.ended), 'the end of all jobs');
  expect(ids.some((id) => api.of(id)?.claimed.pushed)).toBe(false);
  expect(api.toldFree).toEqual([]);
});
