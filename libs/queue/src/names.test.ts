import { describe, expect, it } from 'vitest';
import { bullPriority, bullQueue, delayUntil, escapeName, INTERNAL_QUEUE, unescapeName } from './names.js';

describe('bullPriority', () => {
  it('turns "higher first" into "lower first", and never gives 0, which would overtake everything', () => {
    expect(bullPriority(1)).toBeLessThan(bullPriority(0));
    expect(bullPriority(0)).toBeLessThan(bullPriority(-1));
    expect(bullPriority(Number.MAX_SAFE_INTEGER)).toBeGreaterThan(0);
  });

  it('stays within what BullMQ takes (2^21), whatever comes', () => {
    for (const priority of [-1e12, Infinity, -Infinity, NaN, 0.7]) {
      const bull = bullPriority(priority);
      expect(Number.isInteger(bull) && bull > 0 && bull <= 2 ** 21).toBe(true);
    }
  });
});

describe('names', () => {
  it('keep no character that BullMQ or a cluster reads', () => {
    for (const name of ['a:b', '{x}', 'a b', "it's", '*', 'ä', 'a\ud800b'])
      expect(escapeName(name)).toMatch(/^[A-Za-z0-9%._~-]+$/);
  });

  it('come back unharmed', () => {
    for (const name of ['a:b', 'a%3Ab', '{x}/%', "it's!(*)", '日本']) expect(unescapeName(escapeName(name))).toBe(name);
  });

  it('never meet the internal queue', () => {
    for (const name of ['internal', '.internal', '']) expect(bullQueue(name)).not.toBe(INTERNAL_QUEUE);
  });
});

describe('delayUntil', () => {
  it('is 0 for now and the past, and the milliseconds for the future', () => {
    expect(delayUntil(undefined)).toBe(0);
    expect(delayUntil(new Date(1000), 2000)).toBe(0);
    expect(delayUntil(new Date(5000), 2000)).toBe(3000);
  });

  it("ends before the year in which a time no longer fits BullMQ's order", () => {
    const now = Date.UTC(2028, 0);
    expect((now + delayUntil(new Date(Date.UTC(9999, 0)), now)) * 0x1000).toBeLessThan(Number.MAX_SAFE_INTEGER);
  });
});
