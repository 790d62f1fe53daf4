import { expect, it } from 'vitest';
import { percentiles } from './percentiles.js';

/** The definition, on all samples one by one. */
function plainly(samples: number[]): Record<string, number> {
  const sorted = [...samples].sort((a, b) => a - b);
  const of = (percent: number): number => {
    const rank = ((sorted.length - 1) * percent) / 100;
    const [low, high] = [sorted[Math.floor(rank)] as number, sorted[Math.ceil(rank)] as number];
    return low + (high - low) * (rank - Math.floor(rank));
  };
  return { 5: of(5), 10: of(10), 50: of(50), 90: of(90), 95: of(95) };
}

it('gives one sample for every percentile', () => {
  expect(percentiles([7], [1])).toEqual({ 5: 7, 10: 7, 50: 7, 90: 7, 95: 7 });
});

it('goes linearly between neighbours', () => {
  expect(percentiles([0, 10], [1, 1])).toEqual({ 5: 0.5, 10: 1, 50: 5, 90: 9, 95: 9.5 });
  expect(percentiles([1, 2, 100], [1, 8, 1])).toEqual(plainly([1, 2, 2, 2, 2, 2, 2, 2, 2, 100]));
});

it('is what the definition says of any samples', () => {
  for (let round = 0; round < 200; round += 1) {
    const counts = new Map<number, number>();
    const samples = Array.from({ length: 1 + Math.floor(Math.random() * 60) }, () => Math.floor(Math.random() * 20));
    for (const one of samples) counts.set(one, (counts.get(one) ?? 0) + 1);
    const values = [...counts.keys()].sort((a, b) => a - b);
    const found = percentiles(
      values,
      values.map((value) => counts.get(value) as number),
    );
    for (const [percent, value] of Object.entries(plainly(samples)))
      expect(found[percent], JSON.stringify(samples)).toBeCloseTo(value, 9);
  }
});
