import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectEventually } from '../support/expect-eventually.js';
import { executions, jobIs, log, submit, verifyLog } from '../support/flow.js';
import { IMAGE, Podman, podmanAvailable } from '../support/podman.js';
import { Stack } from '../support/stack.js';

describe.skipIf(!podmanAvailable())('jobs in containers on a real worker', () => {
  let podman: Podman;
  let stack: Stack;
  let engine: Record<string, string>;

  beforeAll(async () => {
    podman = await Podman.start();
    engine = { DROVER_DOCKER_SOCKET: podman.socket };
    stack = await Stack.start({ workers: [{ slots: 8, env: engine }] });
  });
  afterAll(async () => {
    await stack?.stop();
    await podman?.stop();
  });

  const noContainers = (): Promise<void> =>
    expectEventually(async () => expect(await podman.containers()).toEqual([]), {
      withinMs: 20_000,
      what: 'No container',
    });

  it('name memory as the cause of their end', async () => {
    const id = await submit(stack, {
      image: IMAGE,
      command: 'x=a; while :; do x=$x$x; done',
      resources: { memory_mb: 20 },
    });
    expect(await jobIs(stack, id, 'failed', 30_000)).toMatchObject({ cause: 'oom' });
    expect((await stack.request('GET', `/api/v1/jobs/${id}/explain`)).body).toMatchObject({
      summary: expect.stringContaining('limit of 20 MiB'),
    });
  });

  it('go on when their worker is killed and comes back, and start elsewhere when it does not', async () => {
    const counting = await Promise.all(
      Array.from({ length: 4 }, () =>
        submit(stack, { image: IMAGE, command: 'i=0; while [ $i -lt 8 ]; do echo $i; i=$((i+1)); sleep 1.5; done' }),
      ),
    );
    for (const id of counting) await jobIs(stack, id, 'running');
    await stack.worker.kill();
    expect(await podman.containers()).toHaveLength(4);
    stack.worker.start();
    for (const id of counting) {
      await jobIs(stack, id, 'succeeded');
      expect((await executions(stack, id)).map(({ epoch, node }) => [epoch, node])).toEqual([[1, 'node-1']]);
      expect((await log(stack, id)).toString()).toBe('0\n1\n2\n3\n4\n5\n6\n7\n');
      await verifyLog(stack, id);
    }
    await noContainers();

    const moving = await Promise.all(
      Array.from({ length: 4 }, () =>
        submit(stack, {
          image: IMAGE,
          command: 'echo on $DROVER_NODE; if [ $DROVER_NODE = node-1 ]; then sleep 300; fi',
        }),
      ),
    );
    for (const id of moving) await jobIs(stack, id, 'running');
    await stack.worker.kill();
    await stack.addWorker({ name: 'node-2', slots: 8, env: engine });
    for (const id of moving) {
      await jobIs(stack, id, 'succeeded', 40_000);
      expect((await executions(stack, id)).map(({ epoch, node, cause }) => [epoch, node, cause])).toEqual([
        [1, 'node-1', 'agent_lost'],
        [2, 'node-2', null],
      ]);
      expect((await log(stack, id)).toString()).toBe('on node-2\n');
    }
    // Containers of the dead worker are ended by their keeper when the lease is over.
    await noContainers();
  });

  it('wait where no worker has an engine, are told why, and never run as bare processes', async () => {
    await stack.addWorker({
      name: 'bare',
      queues: 'bare',
      env: { DROVER_DOCKER_SOCKET: join(podman.folder, 'nowhere.sock') },
    });
    const agent = (await stack.request('GET', '/api/v1/agents/bare')).body as {
      facts: { executors: string[]; container_problem?: string };
    };
    expect(agent.facts).toMatchObject({
      executors: ['process'],
      container_problem: expect.stringContaining('nowhere.sock'),
    });
    const plain = await submit(stack, { queue: 'bare', command: 'true' });
    const mark = join(stack.dataDir, 'ran-bare');
    const id = await submit(stack, { queue: 'bare', image: IMAGE, command: `touch ${mark}` });
    await jobIs(stack, plain, 'succeeded');
    await expectEventually(async () => {
      const { body } = await stack.request('GET', `/api/v1/jobs/${id}/explain`);
      expect(body).toMatchObject({
        reasons: [{ code: 'no_container_engine', message: expect.stringContaining('nowhere.sock') }],
      });
    });
    expect((await stack.request('GET', `/api/v1/jobs/${id}`)).body).toMatchObject({ state: 'queued' });
    expect(() => readFileSync(mark)).toThrow(/ENOENT/);
  });
});
