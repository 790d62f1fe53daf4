import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectEventually } from '../support/expect-eventually.js';
import { Stack } from '../support/stack.js';

/* eslint-disable @typescript-eslint/no-explicit-any */

let stack: Stack;
const folder = mkdtempSync(join(tmpdir(), 'drover-placement-'));

/** Two GPUs, as nvidia-smi tells of them. */
function fakeGpus(): string {
  const path = join(folder, 'bin');
  mkdirSync(path, { recursive: true });
  writeFileSync(
    join(path, 'nvidia-smi'),
    `#!/bin/sh\ncase "$*" in *query-gpu*) printf '0, Fake A, GPU-aaaa, 10, 100, 1000, 50, 70.5\\n1, Fake B, GPU-bbbb, 30, 200, 1000, [N/A], 80\\n';; esac\n`,
  );
  chmodSync(join(path, 'nvidia-smi'), 0o755);
  return path;
}
beforeAll(async () => {
  stack = await Stack.start({
    workers: [
      { name: 'node-1', slots: 2 },
      { name: 'node-2', slots: 2 },
      { name: 'node-3', slots: 2 },
    ],
  });
}, 120_000);
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

const submit = async (body: object): Promise<any> => {
  const answer = await stack.request('POST', '/api/v1/jobs', body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
};
const get = async (id: string): Promise<any> => (await stack.request('GET', `/api/v1/jobs/${id}`)).body;
const ended = (id: string, withinMs = 60_000): Promise<any> =>
  expectEventually(
    async () => {
      const job = await get(id);
      if (!['succeeded', 'failed', 'cancelled'].includes(job.state))
        throw new Error(
          `${job.state}: ${JSON.stringify((await stack.request('GET', `/api/v1/jobs/${id}/explain`)).body)}`,
        );
      return job;
    },
    { withinMs, everyMs: 100, what: `the end of ${id}` },
  );
const flux = async (params: Record<string, string>): Promise<{ status: number; body: any }> =>
  stack.request('POST', `/v1/jobs/submit?${new URLSearchParams(params).toString()}`) as any;
const fluxInfo = async (id: string): Promise<any> => (await stack.request('GET', `/v1/jobs/${id}`)).body;
const fluxEnded = (id: string): Promise<any> =>
  expectEventually(
    async () => {
      const job = await fluxInfo(id);
      if (job.flux_state !== 'INACTIVE') throw new Error(job.flux_state);
      return job;
    },
    { withinMs: 60_000, everyMs: 100, what: `the end of ${id}` },
  );
const output = async (id: string): Promise<string[]> =>
  ((await stack.request('GET', `/v1/jobs/${id}/output`)).body as any).Output;

describe('jobs with demands', () => {
  it('num_tasks: so many processes, each with its rank and the size, one log, the highest exit code', async () => {
    const { body } = await flux({
      command: `sh -c 'echo $DROVER_TASK_RANK of $DROVER_TASK_SIZE $FLUX_TASK_RANK; exit $DROVER_TASK_RANK'`,
      num_tasks: '2',
    });
    const job = await fluxEnded(body.id);
    expect((await output(body.id)).sort()).toEqual(['0 of 2 0\n', '1 of 2 1\n']);
    expect(job).toMatchObject({ result: 'FAILED', returncode: 1, ntasks: 2, ncores: 2, nnodes: 1 });
  });

  it('a gang starts on different nodes at once, with the hostlist and global ranks, and its output is one', async () => {
    const { body } = await flux({
      command: `sh -c 'echo $DROVER_NODE $DROVER_NODE_RANK/$DROVER_NODE_COUNT $DROVER_TASK_RANK/$DROVER_TASK_SIZE $DROVER_HOSTLIST'`,
      num_nodes: '3',
      num_tasks: '4',
    });
    const job = await fluxEnded(body.id);
    expect(job).toMatchObject({ result: 'COMPLETED', nnodes: 3, nodelist: 'node-[1-3]', ranks: '0-2', node_count: 3 });
    const lines = (await output(body.id)).map((line) => line.trim().split(' '));
    expect(lines).toHaveLength(4);
    expect(new Set(lines.map(([node]) => node)).size).toBe(3);
    expect(lines.map(([, , rank]) => rank).sort()).toEqual(['0/4', '1/4', '2/4', '3/4']);
    expect(new Set(lines.map(([, , , hosts]) => hosts)).size).toBe(1);
  });

  it('a gang ends on all nodes when one fails; that one says why', async () => {
    const job = await submit({
      command: 'if [ $DROVER_NODE_RANK = 1 ]; then sleep 1; exit 7; fi; sleep 300',
      resources: { nodes: 3 },
    });
    const over = await ended(job.id, 40_000);
    expect(over).toMatchObject({ state: 'failed', exit_code: 7, cause: 'exit_code' });
    const executions = (await stack.request('GET', `/api/v1/jobs/${job.id}/executions`)).body as any;
    expect((executions.executions ?? executions).length).toBe(3);
  });

  it('a cancel reaches every node', async () => {
    const job = await submit({ command: 'sleep 300', resources: { nodes: 3 } });
    await expectEventually(async () => (await get(job.id)).state === 'running', { withinMs: 30_000 });
    await stack.request('POST', `/api/v1/jobs/${job.id}/cancel`);
    expect(await ended(job.id, 30_000)).toMatchObject({ state: 'cancelled' });
  });

  it('20 gangs of 1 to 3 nodes at once all end, and none has more on a node than its CPUs', async () => {
    const log = join(folder, 'overlap.log');
    writeFileSync(log, '');
    const { facts } = (await stack.request('GET', '/api/v1/agents/node-1')).body as any;
    const mark = (what: string): string => `echo "$(date +%s%N) ${what} $DROVER_NODE $CPUS" >> ${log}`;
    const jobs = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const cpus = 1 + (i % Math.min(2, facts.cpus));
        return submit({
          command: `${mark('+')}; sleep 0.2; ${mark('-')}`,
          env: { CPUS: String(cpus) },
          resources: { nodes: 1 + (i % 3), cpus_per_task: cpus, memory_mb: 64 },
        });
      }),
    );
    for (const job of jobs) expect((await ended(job.id, 100_000)).state).toBe('succeeded');
    const used = new Map<string, number>();
    const events = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(events).toHaveLength(2 * Array.from({ length: 20 }, (_, i) => 1 + (i % 3)).reduce((a, b) => a + b, 0));
    for (const [, sign, node, cpus] of events.sort((a, b) => Number(BigInt(a[0] as string) - BigInt(b[0] as string)))) {
      const now = (used.get(node as string) ?? 0) + (sign === '+' ? 1 : -1) * Number(cpus);
      expect(now, `on ${node}`).toBeLessThanOrEqual(facts.cpus);
      used.set(node as string, now);
    }
  }, 120_000);

  it('exclusive is alone on its node, although plain jobs keep coming; it is not starved', async () => {
    const log = join(folder, 'exclusive.log');
    writeFileSync(log, '');
    const mark = (what: string): string => `echo "$(date +%s%N) ${what} $DROVER_NODE" >> ${log}`;
    let stop = false;
    const flood = (async () => {
      const sent: string[] = [];
      while (!stop && sent.length < 400) {
        const answer = await stack.request('POST', '/api/v1/jobs/batch', {
          jobs: Array.from({ length: 6 }, () => ({ command: `${mark('p+')}; sleep 0.3; ${mark('p-')}` })),
        });
        sent.push(...((answer.body as any).ids as string[]));
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      return sent;
    })();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const job = await submit({ command: `${mark('x+')}; sleep 1; ${mark('x-')}`, resources: { exclusive: true } });
    const done = await ended(job.id, 40_000);
    stop = true;
    expect(done.state).toBe('succeeded');
    const sent = await flood;
    for (const id of sent.slice(-6)) await ended(id, 90_000);
    const events = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([, , node]) => node === done.node)
      .sort((a, b) => Number(BigInt(a[0] as string) - BigInt(b[0] as string)));
    let plain = 0;
    let alone = false;
    for (const [, what] of events) {
      if (what === 'p+') plain += 1;
      if (what === 'p-') plain -= 1;
      if (what === 'x+') alone = true;
      if (what === 'x-') alone = false;
      if (alone) expect(plain).toBe(0);
    }
  }, 180_000);

  it('says when no connected worker could ever run it, in explain and in the refusal of Flux', async () => {
    const job = await submit({ command: 'true', resources: { cpus_per_task: 4_000 } });
    const explained = (await stack.request('GET', `/api/v1/jobs/${job.id}/explain`)).body as any;
    expect(explained.reasons[0]).toMatchObject({ code: 'impossible', message: expect.stringContaining('4000 CPUs') });
    expect(await flux({ command: 'true', cores_per_task: '4000' })).toMatchObject({
      status: 400,
      body: { Message: 'There was an issue submitting that job.', Error: expect.stringContaining('4000 CPUs') },
    });
    expect(await flux({ command: 'true', num_nodes: '4', num_tasks: '4' })).toMatchObject({
      status: 400,
      body: { Errors: ['The server only has 3 nodes, you requested 4'] },
    });
    expect(await flux({ command: 'true', gpus_per_task: '1' })).toMatchObject({
      status: 400,
      body: { Errors: ['This server does not support gpus: gpus_per_task cannot be set.'] },
    });
    await stack.request('POST', `/api/v1/jobs/${job.id}/cancel`);
  });

  it('GPUs are assigned by CUDA_VISIBLE_DEVICES, each to one job at a time', async () => {
    await stack.addWorker({
      name: 'gpu-1',
      slots: 2,
      queues: 'gpu',
      env: { PATH: `${fakeGpus()}:${process.env['PATH']}` },
    });
    const jobs = await Promise.all(
      [0, 1, 2].map(() =>
        submit({
          queue: 'gpu',
          command: 'echo "gpu $CUDA_VISIBLE_DEVICES"; sleep 0.5',
          resources: { gpus_per_task: 1 },
        }),
      ),
    );
    const lines: string[] = [];
    for (const { id } of jobs) {
      expect((await ended(id)).state).toBe('succeeded');
      lines.push(...(await output(id)));
    }
    expect(new Set(lines)).toEqual(new Set(['gpu 0\n', 'gpu 1\n']));
    const both = await submit({
      queue: 'gpu',
      command: 'echo "gpu $CUDA_VISIBLE_DEVICES"',
      resources: { gpus_per_task: 2 },
    });
    await ended(both.id);
    expect(await output(both.id)).toEqual(['gpu 0,1\n']);
  });

  it('a gang whose node is lost ends on all nodes and starts again on those that are left', async () => {
    const fourth = await stack.addWorker({ name: 'node-4', slots: 2 });
    const lives = join(folder, 'lives.log');
    writeFileSync(lives, '');
    const job = await submit({
      command: `echo $DROVER_NODE >> ${lives}; if [ $(wc -l < ${lives}) -le 4 ]; then sleep 300; fi`,
      resources: { nodes: 4, exclusive: true },
    });
    await expectEventually(() => readFileSync(lives, 'utf8').split('\n').length > 4, {
      withinMs: 30_000,
      what: 'the first start',
    });
    await fourth.kill();
    await stack.addWorker({ name: 'node-5', slots: 2 });
    const over = await ended(job.id, 90_000);
    expect(over.state).toBe('succeeded');
    expect(readFileSync(lives, 'utf8').trim().split('\n').slice(4).sort()).toEqual([
      'node-1',
      'node-2',
      'node-3',
      'node-5',
    ]);
  }, 150_000);
});
