import { describe, expect, it } from 'vitest';
import { moved, rangeOf, rounded, shareOf, stepOf, valueAt } from './scale.js';

const series = (values: number[]): Parameters<typeof rangeOf>[0] => [
  { job: 'a', name: null, evidence: 'samples', from: '', fired: 0, offsets_s: values.map((_, at) => at), values },
];

describe('the scale of a bench', () => {
  it('has room for every reading and for the threshold', () => {
    expect(rangeOf(series([5, 100]), [50])).toEqual([0, 110, false]);
    expect(rangeOf(series([5, 100]), [200])).toEqual([0, 220, false]);
    expect(rangeOf(series([-10, 10]), [0])).toEqual([-12, 12, false]);
    expect(rangeOf([], [0])).toEqual([0, 1, false]);
    expect(rangeOf(series([-10]), [-5])).toEqual([-11, 0, false]);
  });

  it.each([
    [[0, 100], 0.5],
    [[0, 1], 0.005],
    [[0, 8_000_000_000], 50_000_000],
    [[0, 300], 2],
    [[0, 2 ** 30, true], 2 ** 22],
    [[0, 20, true], 1],
  ] as const)('moves over %j by %d', (range, step) => {
    expect(stepOf(range)).toBeCloseTo(step, 10);
  });

  it('finds the value of a place, and the place of a value', () => {
    expect(valueAt(0.25, [0, 100])).toBe(75);
    expect(shareOf(75, [0, 100])).toBe(0.25);
    expect(shareOf(1_000, [0, 100])).toBe(0);
    expect(rounded(33.3333, [0, 100])).toBe(33.5);
    expect(rounded(-5, [0, 100])).toBe(0);
    expect(rounded(0.3000004, [0, 1])).toBe(0.3);
  });

  it.each([
    ['ArrowUp', 50.5],
    ['ArrowDown', 49.5],
    ['PageUp', 60],
    ['PageDown', 40],
    ['Home', 0],
    ['End', 100],
    ['a', null],
  ])('moves from 50 by %s to %s', (key, value) => {
    expect(moved(key, 50, [0, 100])).toBe(value);
  });

  it('goes on beyond the edge by keyboard', () => {
    expect(moved('PageUp', 100, [0, 100])).toBe(110);
  });
});
