import { describe, expect, it, vi } from 'vitest';
import { FrequentWork } from './frequent-work.js';

const at = (second: number): Date => new Date(1_800_000_000_000 + second * 1_000 + 437);

function work() {
  const warned: unknown[] = [];
  const frequent = new FrequentWork({ warn: (...args: unknown[]) => void warned.push(args) } as never);
  return { frequent, warned };
}

describe('frequent work', () => {
  it('runs each kind of work at its interval, whatever the phase of the ticks', async () => {
    const { frequent } = work();
    const ran: string[] = [];
    frequent.add('each', 1_000, async () => void ran.push('each'));
    frequent.add('second', 2_000, async () => void ran.push('second'));
    for (const second of [0, 1, 2, 3]) await frequent.tick(at(second));
    expect(ran).toEqual(['each', 'second', 'each', 'each', 'second', 'each']);
  });

  it('takes whole seconds only, and few of them', () => {
    expect([1_000, 2_000, 5_000].map((ms) => FrequentWork.takes(ms))).toEqual([true, true, true]);
    expect([250, 1_500, 6_000, 10_000].map((ms) => FrequentWork.takes(ms))).toEqual([false, false, false, false]);
  });

  it('goes on with the rest when one fails, and names it', async () => {
    const { frequent, warned } = work();
    let ran = 0;
    frequent.add('broken', 1_000, async () => {
      throw new Error('a bad day');
    });
    frequent.add('sound', 1_000, async () => void ran++);
    await frequent.tick(at(0));
    expect(ran).toBe(1);
    expect(warned).toEqual([[{ error: 'Error: a bad day', work: 'broken' }, expect.any(String)]]);
  });

  it('skips the turn of work that has not ended, and of no other', async () => {
    const { frequent } = work();
    let slow = 0;
    let quick = 0;
    let release = (): void => undefined;
    frequent.add('slow', 1_000, () => new Promise((resolve) => ((slow += 1), (release = resolve))));
    frequent.add('quick', 1_000, async () => void quick++);
    const expectQuick = (times: number): Promise<void> =>
      vi.waitFor(() => expect(quick).toBe(times), { timeout: 5_000 });
    const first = frequent.tick(at(0));
    await expectQuick(1);
    await frequent.tick(at(1));
    expect([slow, quick]).toEqual([1, 2]);
    release();
    await first;
    const third = frequent.tick(at(2));
    await expectQuick(3);
    release();
    await third;
    expect([slow, quick]).toEqual([2, 3]);
  });

  it('begins nothing more once it is aborted', async () => {
    const { frequent, warned } = work();
    const stop = new AbortController();
    const ran: string[] = [];
    frequent.add('first', 1_000, async () => {
      ran.push('first');
      stop.abort();
    });
    frequent.add('second', 1_000, async () => void ran.push('second'));
    await frequent.tick(at(0), stop.signal);
    expect(ran).toEqual(['first']);
    expect(warned).toEqual([]);
  });
});
