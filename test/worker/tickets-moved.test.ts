import { afterEach, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis.js';
import { TestNode } from './support/node.js';

let node: TestNode | undefined;
let elsewhere: TestRedis | undefined;
afterEach(async () => {
  await node?.close();
  await elsewhere?.stop();
});

it('a worker follows a ticket store that has moved to another address, without a restart, and its running jobs go on', async () => {
  node = await TestNode.start();
  elsewhere = await startRedis();
  const before = await node.api.submit({
    command: 'echo began; until test -e "$DROVER_TEST_GO"; do sleep 0.05; done; echo went on',
    env: { DROVER_TEST_GO: `${node.folder}/go` },
  });
  await node.says(before, 'began');
  const { pid } = node.worker;
  await node.redis.kill();
  await node.api.moveTickets(elsewhere.url);
  const after = await node.api.submit({ command: `touch ${node.folder}/go; echo fetched` });
  expect((await node.ended(after, 30_000)).stdout.text).toBe('fetched\n');
  expect((await node.ended(before)).stdout.text).toBe('began\nwent on\n');
  expect(node.worker.pid).toBe(pid);
  // Once for the start, once for the move.
  expect(node.api.registrations.length).toBe(2);
});
