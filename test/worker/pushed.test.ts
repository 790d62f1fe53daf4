import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis.js';
import { TestNode } from './support/node.js';

let node: TestNode | undefined;
let elsewhere: TestRedis | undefined;
afterEach(async () => {
  await node?.close();
  await elsewhere?.stop();
  node = undefined;
  elsewhere = undefined;
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

/** A job that prints until a file is there. */
const printUntil = (file: string): string => `while [ ! -e ${file} ]; do echo x; sleep 0.01; done`;

it('runs an execution once that comes ahead of a slot and by its ticket at the same time', async () => {
  node = await start({ slots: 2 });
  const { api, folder } = node;
  const busy = api.start({ command: printUntil(`${folder}/end`) });
  await node.until(() => busy.stdout.length > 0, 'output of the first job');
  const answer = api.holdBack('claims');
  const id = await api.submit({ command: `echo ran >> ${folder}/runs` });
  await node.until(() => api.came.get('claims'), 'the claim of the second job');
  // Both slots are taken, one of them by the ticket: these wait in the worker.
  const [first] = api.startAhead([{ command: 'sleep 0.1' }, id]);
  await node.until(() => !api.holdsAhead, 'the answer that brings the jobs');
  answer();
  await node.until(() => api.of(id)?.ended && first?.ended, 'the end of both');
  const last = await api.submit({ command: 'true' });
  await node.ended(last);
  expect(readFileSync(`${folder}/runs`, 'utf8')).toBe('ran\n');
  expect(api.of(id)?.kinds).toEqual(['started', 'ended']);
  writeFileSync(`${folder}/end`, '');
  await node.until(() => busy.ended, 'the end of the first job');
});

it('starts an execution that is offered again after a registration did not know it yet', async () => {
  node = await start({ slots: 1 });
  const { api, folder } = node;
  const busy = api.start({ command: printUntil(`${folder}/end`) });
  await node.until(() => busy.stdout.length > 0, 'output of the first job');
  elsewhere = await startRedis();
  await api.moveTickets(elsewhere.url);
  const registered = api.holdBack('register', 'answer');
  const reported = api.holdBack('reports');
  await node.until(() => api.registrations.length === 2, 'a second registration, since the tickets have moved');
  const [seen] = api.startAhead([{ command: 'true' }]);
  reported();
  await node.until(() => !api.holdsAhead, 'the answer that brings the job');
  registered();
  const beats = api.heartbeats.length;
  await node.until(() => api.heartbeats.length > beats, 'a beat after the registration');
  writeFileSync(`${folder}/end`, '');
  await node.until(() => busy.ended, 'the end of the first job');
  if (seen && !seen.declined && !seen.started) api.offer(seen);
  await node.until(() => seen?.ended ?? seen?.declined, 'an end of the job, or the word that it is declined');
});

it('tells the API what it declines before it leaves', async () => {
  node = await start({ slots: 1 });
  const { api, folder } = node;
  const busy = api.start({ command: `while [ ! -e ${folder}/end ]; do sleep 0.01; done` });
  await node.until(() => busy.started, 'the start of the first job');
  node.worker.signal('SIGTERM');
  await node.until(() => api.heartbeats.at(-1)?.draining, 'a beat that says that it drains');
  const [late] = api.startAhead([{ command: 'true' }]);
  writeFileSync(`${folder}/end`, '');
  await node.until(() => busy.ended && !api.holdsAhead, 'the end of the first job, whose answer brings another one');
  // A slow API: without an answer the worker would be gone in the meantime.
  setTimeout(api.holdBack('reports'), 300);
  await node.until(() => api.deregistered, 'the end of the worker');
  expect(late?.kinds).toEqual(['declined']);
});

it('does not start again what ran when it and its supervisor were killed, though the API has not heard of the start', async () => {
  node = await start({ slots: 1 });
  const { api, folder } = node;
  api.intercept = ({ kind }) => (kind === 'started' ? { status: 200 } : undefined);
  const seen = api.start({ command: `echo ran >> ${folder}/runs; exec sleep 100` });
  await node.until(() => existsSync(`${folder}/runs`), 'the job');
  await node.worker.kill();
  for (const { pid, command } of node.processes()) if (!command.includes('sleep')) process.kill(pid, 'SIGKILL');
  await node.up();
  await node.until(() => api.hasChannel, 'the channel');
  api.offer(seen);
  await node.until(() => seen.ended, 'the end of the job');
  expect(seen.ended).toMatchObject({ ok: false, cause: 'agent_lost' });
  expect(readFileSync(`${folder}/runs`, 'utf8')).toBe('ran\n');
});

it('goes on by tickets when the API does not start jobs without them', async () => {
  node = await TestNode.start({ slots: 1 });
  const ids = await node.api.wait([{ command: 'true' }, { command: 'true' }, { command: 'true' }]);
  const { api } = node;
  await node.until(() => ids.every((id) => api.of(id)?.ended), 'the end of all jobs');
  expect(ids.some((id) => api.of(id)?.claimed.pushed)).toBe(false);
  expect(api.toldFree).toEqual([]);
});
