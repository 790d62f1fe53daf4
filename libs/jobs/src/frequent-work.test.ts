import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

  it('asks the record once a round, and does what has something to do', async () => {
    const asked: (readonly string[])[] = [];
    let held = [true, false];
    const frequent = new FrequentWork({ warn: () => undefined } as never, async (conditions) => {
      asked.push(conditions);
      return held;
    });
    const ran: string[] = [];
    frequent.add('always', 1_000, async () => void ran.push('always'));
    frequent.add('due', 1_000, async () => void ran.push('due'), 'one');
    frequent.add('idle', 1_000, async () => void ran.push('idle'), 'other');
    await frequent.tick(at(0));
    expect(ran).toEqual(['always', 'due']);
    held = [false, true];
    await frequent.tick(at(1));
    expect(ran).toEqual(['always', 'due', 'always', 'idle']);
    expect(asked).toEqual([
      ['one', 'other'],
      ['one', 'other'],
    ]);
  });

  it('does what needs no condition while the record does not answer, and says so', async () => {
    const warned: unknown[] = [];
    const frequent = new FrequentWork({ warn: (...args: unknown[]) => void warned.push(args) } as never, async () => {
      throw new Error('away');
    });
    const ran: string[] = [];
    frequent.add('always', 1_000, async () => void ran.push('always'));
    frequent.add('due', 1_000, async () => void ran.push('due'), 'one');
    await frequent.tick(at(0));
    expect(ran).toEqual(['always']);
    expect(warned).toEqual([[{ error: 'Error: away' }, expect.any(String)]]);
  });

  describe('of one tick of the broker', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
    afterEach(() => void vi.useRealTimers());

    it('comes once a second until the next tick is due, and then no more', async () => {
      const { frequent } = work();
      let ran = 0;
      frequent.add('each', 1_000, async () => void ran++);
      frequent.lead(at(0));
      await vi.advanceTimersByTimeAsync(4_900);
      expect(ran).toBe(5);
      frequent.lead(at(5));
      await vi.advanceTimersByTimeAsync(60_000);
      expect(ran).toBe(10);
    });

    it('ends when it is closed, and what is under way is waited for', async () => {
      const { frequent } = work();
      let release = (): void => undefined;
      let ran = 0;
      frequent.add('slow', 1_000, () => new Promise((resolve) => ((ran += 1), (release = resolve))));
      frequent.lead(at(0));
      await vi.advanceTimersByTimeAsync(0);
      let closed = false;
      const closing = frequent.close().then(() => (closed = true));
      await vi.advanceTimersByTimeAsync(10_000);
      expect([ran, closed]).toEqual([1, false]);
      release();
      await closing;
      expect(ran).toBe(1);
    });
  });
});
