import { writeFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { TestNode } from './support/node.js';

let node: TestNode | undefined;
afterEach(async () => {
  await node?.close();
  node = undefined;
});

/** Registers anew, as after a restart of the API that knows nothing of it. */
async function again(node: TestNode): Promise<void> {
  const { api } = node;
  const before = api.registrations.length;
  api.unknown = true;
  await node.until(() => api.registrations.length > before, 'another registration');
}

it('says its version of the protocol, and works for an API that says none', async () => {
  node = await TestNode.start();
  expect(node.api.registrations[0]?.protocol).toBe(2);
  await node.ended(await node.api.submit({ command: 'true' }));
});

it('takes no more jobs once the API says that it is too old, finishes what it runs, and says why', async () => {
  node = await TestNode.start();
  const { api, worker } = node;
  const running = await api.submit({ command: 'echo begun; while [ ! -e end ]; do sleep 0.05; done; echo done' });
  const seen = await node.says(running, 'begun');
  api.versions = { protocol: 9, oldest_protocol: 8, version: '9.0.0', too_old: 'Install Drover 9.0.0 on the node.' };
  await again(node);
  await node.until(() => worker.log().includes('Install Drover 9.0.0 on the node.'), 'the sentence in the log');
  const late = await api.submit({ command: 'true' });
  await api.submit({ command: 'true' });
  // Two beats later a ticket would have been fetched.
  const beats = api.heartbeats.length;
  await node.until(() => api.heartbeats.length >= beats + 2, 'two heartbeats');
  expect(api.of(late)).toBeUndefined();
  writeFileSync(`${node.spool}/executions/${seen.claimed.execution_id}/work/end`, '');
  expect((await node.ended(running)).stdout.text).toBe('begun\ndone\n');

  api.versions = { protocol: 2, oldest_protocol: 1, version: '0.2.0' };
  await again(node);
  await node.ended(late);
});

it('takes no jobs from an API that is too old for it, says so, and works once the API is newer', async () => {
  node = await TestNode.start();
  const { api, worker } = node;
  api.versions = { protocol: 0, version: '0.0.9' };
  await again(node);
  await node.until(
    () => /\(Drover 0\.0\.9\) speaks version 0 of the agent protocol.*Upgrade the API before/.test(worker.log()),
    'the sentence in the log',
  );
  const id = await api.submit({ command: 'true' });
  const beats = api.heartbeats.length;
  await node.until(() => api.heartbeats.length >= beats + 2, 'two heartbeats');
  expect(api.of(id)).toBeUndefined();
  api.versions = { protocol: 1 };
  await again(node);
  await node.ended(id);
});
