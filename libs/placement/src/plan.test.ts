import { describe, expect, it } from 'vitest';
import type { Resources } from '@drover/domain';
import type { Node } from './demand.js';
import { toNode } from './nodes.js';
import { feasible, plan, type Waiting } from './plan.js';

const facts = (cpus: number, gpus = 0, memory_mb = 8_000) => ({
  hostname: 'h',
  version: '0',
  os: 'linux',
  cpus,
  memory_mb,
  labels: {},
  executors: ['process'],
  gpus: Array.from({ length: gpus }, (_, index) => ({ index, name: 'gpu', uuid: `GPU-${index}` })),
});
const node = (
  name: string,
  cpus: number,
  more: { slots?: number; gpus?: number; memory?: number; plain?: number; queues?: string[] } = {},
): Node =>
  toNode(
    {
      id: name,
      name,
      queues: more.queues ?? ['default'],
      slots: more.slots ?? cpus,
      facts: facts(cpus, more.gpus, more.memory),
    },
    { agent_id: name, plain: more.plain ?? 0, placed: [], queues: {} },
  ) as Node;
const job = (id: string, resources: Resources, waitedMs = 0, queue = 'default'): Waiting => ({
  id,
  queue,
  spec: { resources },
  waitedMs,
});
const decide = (nodes: Node[], jobs: Waiting[], promised?: Map<string, string>) => {
  const { starts, holds } = plan(nodes, jobs, { patienceMs: 1_000, ...(promised ? { promised } : {}) });
  return {
    starts: Object.fromEntries(starts.map((start) => [start.job_id, start.members.map((member) => member.node.name)])),
    holds: Object.fromEntries(holds),
    members: starts.flatMap((start) => start.members.map((member) => member.placed)),
  };
};

describe('placement', () => {
  it('starts no more on a node than its CPUs, memory, GPUs and slots allow', () => {
    expect(
      decide(
        [node('a', 4)],
        [job('1', { cpus_per_task: 3 }), job('2', { cpus_per_task: 2 }), job('3', { cpus_per_task: 1, tasks: 1 })],
      ).starts,
    ).toEqual({ 1: ['a'], 3: ['a'] });
    expect(
      decide(
        [node('a', 4, { memory: 1_000 })],
        [job('1', { memory_mb: 600 }), job('2', { memory_mb: 600 }), job('3', { memory_mb: 400 })],
      ).starts,
    ).toEqual({ 1: ['a'], 3: ['a'] });
    expect(
      decide(
        [node('a', 8, { gpus: 2 })],
        [job('1', { gpus_per_task: 1 }), job('2', { gpus_per_task: 2 }), job('3', { gpus_per_task: 1 })],
      ).members.map((m) => m.gpus),
    ).toEqual([[0], [1]]);
    expect(
      decide([node('a', 8, { slots: 1 })], [job('1', { memory_mb: 1 }), job('2', { memory_mb: 1 })]).starts,
    ).toEqual({ 1: ['a'] });
  });

  it('counts plain jobs: a CPU each, or their share where there are more slots than CPUs', () => {
    expect(decide([node('a', 4, { plain: 3 })], [job('1', { cpus_per_task: 2 })]).starts).toEqual({});
    expect(decide([node('a', 4, { plain: 2 })], [job('1', { cpus_per_task: 2 })]).starts).toEqual({ 1: ['a'] });
    expect(
      decide([node('a', 2, { slots: 8, plain: 4 })], [job('1', { cpus_per_task: 1, memory_mb: 1 })]).members,
    ).toMatchObject([{ slots: 4, cpus: 1 }]);
    expect(
      decide([node('a', 2, { slots: 8, plain: 5 })], [job('1', { cpus_per_task: 1, memory_mb: 1 })]).starts,
    ).toEqual({});
  });

  it('exclusive is alone on its node, before and after', () => {
    expect(
      decide([node('a', 4, { plain: 1 }), node('b', 4)], [job('1', { exclusive: true }), job('2', { memory_mb: 1 })])
        .starts,
    ).toEqual({ 1: ['b'], 2: ['a'] });
    expect(decide([node('a', 4)], [job('1', { exclusive: true }), job('2', { memory_mb: 1 })]).members).toMatchObject([
      { slots: 4, exclusive: true },
    ]);
  });

  it('gangs get all their nodes, each once, or none; ranks and tasks are spread over them', () => {
    const three = () => [node('a', 2), node('b', 2), node('c', 2)];
    expect(
      decide(three(), [
        job('1', { nodes: 2, exclusive: true }),
        job('2', { nodes: 2 }),
        job('3', { nodes: 1, memory_mb: 1 }),
      ]).starts,
    ).toEqual({ 1: ['a', 'b'], 3: ['c'] });
    expect(decide(three(), [job('1', { nodes: 3, tasks: 5 })]).members).toMatchObject([
      { rank: 0, size: 3, tasks: 2, first_rank: 0, task_size: 5 },
      { rank: 1, tasks: 2, first_rank: 2 },
      { rank: 2, tasks: 1, first_rank: 4 },
    ]);
    expect(decide(three(), [job('1', { nodes: 4 })]).starts).toEqual({});
  });

  it('tasks without a stated number of CPUs share those of the node; a stated one is strict', () => {
    expect(decide([node('a', 2)], [job('1', { tasks: 4 }), job('2', { memory_mb: 1 })])).toMatchObject({
      starts: { 1: ['a'] },
      members: [{ cpus: 2, tasks: 4 }],
    });
    expect(feasible([node('a', 2)], job('1', { tasks: 4, cpus_per_task: 1 }))).toBe(false);
    expect(feasible([node('a', 2)], job('1', { tasks: 2, cpus_per_task: 1 }))).toBe(true);
  });

  it('lets small jobs pass a large one at first, then keeps its nodes free until it fits', () => {
    const busy = () => [node('a', 4, { plain: 2 }), node('b', 4, { plain: 3 })];
    const small = job('small', { memory_mb: 1 });
    expect(decide(busy(), [job('large', { cpus_per_task: 4 }, 500), small])).toMatchObject({
      starts: { small: ['b'] },
      holds: {},
    });
    expect(decide(busy(), [job('large', { cpus_per_task: 4 }, 1_500), small])).toMatchObject({
      starts: { small: ['b'] },
      holds: { a: { job_id: 'large', slots: 4 } },
    });
    // The promise holds although the other node is emptier by now.
    expect(
      decide(
        [node('a', 4, { plain: 2 }), node('b', 4, { plain: 1 })],
        [job('large', { cpus_per_task: 4 }, 1_500)],
        new Map([['a', 'large']]),
      ).holds,
    ).toEqual({ a: { job_id: 'large', slots: 4 } });
    expect(decide([node('a', 4)], [job('large', { cpus_per_task: 4 }, 1_500), small]).starts).toEqual({ large: ['a'] });
  });

  it('two gangs that want the same nodes do not wait for each other', () => {
    const nodes = () => [node('a', 2, { plain: 1 }), node('b', 2, { plain: 1 }), node('c', 2)];
    const gangs = [job('1', { nodes: 3, exclusive: true }, 5_000), job('2', { nodes: 3, exclusive: true }, 5_000)];
    const { starts, holds } = decide(nodes(), gangs);
    expect(starts).toEqual({});
    expect(new Set(Object.values(holds).map((hold) => hold.job_id))).toEqual(new Set(['1']));
  });

  it("what no node could ever run is in nobody's way", () => {
    expect(
      decide(
        [node('a', 2)],
        [
          job('huge', { cpus_per_task: 64 }, 60_000),
          job('gpu', { gpus_per_task: 1 }, 60_000),
          job('1', { memory_mb: 1 }),
        ],
      ),
    ).toMatchObject({ starts: { 1: ['a'] }, holds: {} });
    expect(decide([node('a', 2)], [job('other', { memory_mb: 1 }, 0, 'elsewhere')]).starts).toEqual({});
  });

  it('leaves nodes with GPUs to those who want one', () => {
    expect(
      decide(
        [node('gpu', 4, { gpus: 1 }), node('cpu', 4)],
        [job('1', { memory_mb: 1 }), job('2', { gpus_per_task: 1 })],
      ).starts,
    ).toEqual({ 1: ['cpu'], 2: ['gpu'] });
  });
});
