import { describe, expect, it } from 'vitest';
import { Attention } from './attention.js';

const LEASE = 10_000;
/** Answers each second over these times, both included. */
function listen(attention: Attention, from: number, to: number): void {
  for (let now = from; now <= to; now += 1_000) attention.answered(now);
}

describe('attention', () => {
  it('counts no silence before it has listened for a whole lease', () => {
    const attention = new Attention(LEASE);
    expect(attention.ageOfSilence(LEASE, 0)).toBeNull();
    listen(attention, 0, 9_000);
    expect(attention.ageOfSilence(LEASE, 9_500)).toBeNull();
    attention.answered(10_000);
    expect(attention.ageOfSilence(LEASE, 10_000)).toBe(10_000);
  });

  it('makes the wait longer by a gap, and by no more', () => {
    const attention = new Attention(LEASE);
    listen(attention, 0, 30_000);
    listen(attention, 90_000, 94_000);
    // 4 s after the gap and 6 s before it.
    expect(attention.ageOfSilence(LEASE, 94_000)).toBe(94_000 - 24_000);
    listen(attention, 95_000, 100_000);
    expect(attention.ageOfSilence(LEASE, 100_000)).toBe(10_000);
  });

  it('counts nothing while the record does not answer, and one answer that is late is no gap', () => {
    const attention = new Attention(LEASE);
    listen(attention, 0, 20_000);
    expect(attention.ageOfSilence(LEASE, 23_500)).toBeNull();
    attention.answered(22_900);
    expect(attention.ageOfSilence(LEASE, 22_900)).toBe(10_000);
  });

  it('remembers no more than it needs, however often the record goes away', () => {
    const attention = new Attention(LEASE);
    for (let round = 0; round < 1_000; round += 1) listen(attention, round * 60_000, round * 60_000 + 2_000);
    expect((attention as unknown as { spans: unknown[] }).spans.length).toBeLessThanOrEqual(6);
    expect(attention.ageOfSilence(LEASE, 999 * 60_000 + 2_000)).toBe(4 * 60_000 + 2_000);
  });
});
