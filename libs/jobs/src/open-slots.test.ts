import { describe, expect, it } from 'vitest';
import type { StoredAgent } from '@drover/store';
import { OpenSlots } from './open-slots.js';

const agent = (id: string, queues = ['line'], more: Partial<StoredAgent> = {}): StoredAgent =>
  ({ id, name: id, kind: 'worker', state: 'online', queues, facts: null, ...more }) as StoredAgent;

describe('free slots of nodes', () => {
  it('are given to the nodes in turns, to none more than it has told', () => {
    const slots = new OpenSlots();
    slots.told(agent('a'), { slots: 2 });
    slots.told(agent('b'), { slots: 1 });
    const got: (string | undefined)[] = [];
    for (let n = 0; n < 4; n++) {
      const chosen = slots.choose('line');
      got.push(chosen?.id);
      if (chosen) slots.gave(chosen.id, `execution-${n}`, 'line');
    }
    expect(got).toEqual(['a', 'b', 'a', undefined]);
  });

  it('are of the queues that the node serves', () => {
    const slots = new OpenSlots();
    slots.told(agent('a', ['one', 'two']), { slots: 1 });
    expect(slots.choose('three')).toBeUndefined();
    slots.told(agent('a', ['three']), { slots: 1 });
    expect([slots.choose('one'), slots.choose('three')?.id]).toEqual([undefined, 'a']);
  });

  it('count as taken from a push until the node speaks of the execution', () => {
    const slots = new OpenSlots();
    const node = agent('a');
    slots.told(node, { slots: 1 });
    slots.gave('a', 'x', 'line');
    // Written before the push had arrived.
    slots.told(node, { slots: 1 });
    expect(slots.choose('line')).toBeUndefined();
    slots.told(node, { slots: 0 }, ['x']);
    expect(slots.choose('line')).toBeUndefined();
    slots.told(node, { slots: 1 }, ['x']);
    expect(slots.choose('line')?.id).toBe('a');
  });

  it('are free again when the job was not started, and when nothing was heard of it for long', () => {
    let now = 0;
    const slots = new OpenSlots(() => now);
    const node = agent('a');
    slots.told(node, { slots: 1 });
    slots.gave('a', 'x', 'line');
    slots.tookBack('a', 'x');
    expect(slots.choose('line')?.id).toBe('a');
    slots.gave('a', 'y', 'line');
    now = 5_001;
    slots.told(node, { slots: 1 });
    expect(slots.choose('line')?.id).toBe('a');
  });

  it('of a queue are never more than its limit on the node', () => {
    const slots = new OpenSlots();
    slots.told(agent('a', ['line', 'gpu']), { slots: 4, of_queues: { gpu: 1 } });
    slots.gave('a', 'x', 'gpu');
    expect([slots.choose('gpu'), slots.choose('line')?.id]).toEqual([undefined, 'a']);
  });

  it('of a node that was silent for long, drains or does not tell them are nobody’s', () => {
    let now = 0;
    const slots = new OpenSlots(() => now);
    slots.told(agent('a'), { slots: 1 });
    now = 5_001;
    expect(slots.choose('line')).toBeUndefined();
    slots.told(agent('b'), { slots: 1 });
    slots.told(agent('b', ['line'], { state: 'draining' }), { slots: 1 });
    slots.told(agent('c'), { slots: 1 });
    slots.told(agent('c'), undefined);
    expect(slots.choose('line')).toBeUndefined();
  });

  it('of a node without an engine are not for containers', () => {
    const slots = new OpenSlots();
    slots.told(agent('a'), { slots: 1 });
    expect(slots.choose('line', true)).toBeUndefined();
    slots.told(agent('b', ['line'], { facts: { executors: ['process', 'container'] } as never }), { slots: 1 });
    expect(slots.choose('line', true)?.id).toBe('b');
  });
});
