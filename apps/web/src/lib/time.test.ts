import { describe, expect, it } from 'vitest';
import { agoOf, spanOf } from './time.js';

describe('times', () => {
  it.each([
    [0, '0.00s'],
    [42, '0.04s'],
    [1_500, '1.5s'],
    [59_600, '1m'],
    [61_000, '1m 1s'],
    [3_600_000, '1h'],
    [90_061_000, '1d 1h'],
    [86_400_000 + 5_000, '1d'],
  ])('%i ms last %s', (ms, words) => {
    expect(spanOf(ms)).toBe(words);
  });

  it.each([
    [0, 'now'],
    [5_000, '5s ago'],
    [120_000, '2m ago'],
    [-7_200_000, 'in 2h'],
    [3 * 86_400_000, '3d ago'],
  ])('%i ms are %s', (ms, words) => {
    expect(agoOf(1_000_000_000_000 - ms, 1_000_000_000_000)).toBe(words);
  });
});
