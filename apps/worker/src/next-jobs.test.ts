import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NextJobsAsker, type Lines } from './next-jobs.js';
import { Slots } from './slots.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const lines = (
  backlog: [string, number][],
  free: Record<string, number> = {},
  ahead = 0,
  waiting: Record<string, number> = {},
): Lines => ({
  backlog: () => backlog,
  freeOfQueues: () => free,
  ahead: () => ahead,
  waiting: (queue) => waiting[queue] ?? 0,
});

function asker(slots: Slots, of: Lines): NextJobsAsker {
  const next = new NextJobsAsker(slots, of);
  next.enabled = true;
  return next;
}

describe('a slot that comes free', () => {
  it('is kept from the tickets while jobs wait, and asked for with the next reports', () => {
    const slots = new Slots(2);
    const next = asker(slots, lines([['line', 8]]));
    next.freed();
    expect(slots.openFor).toBe(1);
    const { said, settle } = next.ask();
    expect(said).toEqual({ free: { slots: 1 }, next: { slots: 1, queues: [['line', 1]] } });
    settle([{ queue: 'line' }]);
    expect(slots.openFor).toBe(2);
  });

  it('is asked for beside the jobs that are fetched ahead, for which no slot is kept', () => {
    const slots = new Slots(4);
    const next = asker(
      slots,
      lines(
        [
          ['line', Infinity],
          ['gpu', 1],
        ],
        {},
        5,
      ),
    );
    next.freed();
    const { said, settle } = next.ask();
    expect(said.next).toEqual({
      slots: 6,
      queues: [
        ['line', 6],
        ['gpu', 1],
      ],
    });
    settle([]);
    expect(slots.promised).toBe(0);
    expect(next.ask().said.next?.slots).toBe(5);
  });

  it('asks of a queue with a limit of its own for no more than that leaves beside its jobs that wait here', () => {
    const backlog: [string, number][] = [
      ['line', Infinity],
      ['gpu', 1],
      ['big', 3],
    ];
    const next = asker(new Slots(4), lines(backlog, {}, 5, { gpu: 1, big: 1, line: 2 }));
    expect(next.ask().said.next?.queues).toEqual([
      ['line', 5],
      ['big', 2],
    ]);
  });

  it('is not asked for while the node takes no work, and nothing is fetched ahead then', () => {
    const slots = new Slots(2);
    const next = asker(slots, lines([['line', Infinity]], {}, 5));
    next.freed();
    slots.blocked = true;
    expect(next.ask().said).toEqual({ free: { slots: 0 } });
    vi.advanceTimersByTime(100);
    expect(slots.promised).toBe(0);
    slots.blocked = false;
    expect(next.ask().said.next?.slots).toBe(5);
  });

  it('goes to the tickets when no report went out in time', () => {
    const slots = new Slots(1);
    const next = asker(slots, lines([['line', 8]]));
    next.freed();
    expect(slots.group('', Infinity).tryAcquire()).toBe(false);
    vi.advanceTimersByTime(100);
    expect(slots.group('', Infinity).tryAcquire()).toBe(true);
    expect(next.ask().said.next).toBeUndefined();
  });

  it('goes to the tickets at once when nothing waits, the node takes no work, or the API does not start jobs so', () => {
    const slots = new Slots(1);
    asker(slots, lines([])).freed();
    expect(slots.promised).toBe(0);
    const waiting = asker(slots, lines([['line', 1]]));
    slots.blocked = true;
    waiting.freed();
    expect(slots.promised).toBe(0);
    slots.blocked = false;
    waiting.enabled = false;
    waiting.freed();
    expect([slots.promised, waiting.ask().said]).toEqual([0, {}]);
  });

  it('is asked for in the queue first that was served the longest ago', () => {
    const slots = new Slots(4);
    const next = asker(
      slots,
      lines([
        ['a', 8],
        ['b', 8],
      ]),
    );
    const served: string[] = [];
    for (let n = 0; n < 4; n++) {
      next.freed();
      const { said, settle } = next.ask();
      const first = said.next?.queues[0]?.[0] ?? '';
      served.push(first);
      settle([{ queue: first }]);
    }
    expect(served).toEqual(['a', 'b', 'a', 'b']);
  });

  it('is asked for in at most 32 queues, and in the others the next time', () => {
    const slots = new Slots(4);
    const names = Array.from({ length: 40 }, (_, n) => `queue-${n}`);
    const next = asker(slots, lines(names.map((name) => [name, 1])));
    const asked = new Set<string>();
    for (let n = 0; n < 2; n++) {
      next.freed();
      const { said, settle } = next.ask();
      expect(said.next?.queues.length).toBe(32);
      for (const [name] of said.next?.queues ?? []) asked.add(name);
      settle([]);
    }
    expect(asked.size).toBe(40);
  });

  it('is asked for beside what the limits of queues leave', () => {
    const slots = new Slots(4);
    const next = asker(slots, lines([['gpu', 1]], { gpu: 1 }));
    next.freed();
    next.freed();
    expect(next.ask().said).toEqual({
      free: { slots: 2, of_queues: { gpu: 1 } },
      next: { slots: 2, queues: [['gpu', 1]] },
    });
  });
});
