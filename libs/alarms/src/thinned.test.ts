import { expect, it } from 'vitest';
import { thinned } from './thinned.js';

it('thins out readings so that no peak and no gap below is lost, in the order of their times', () => {
  const readings = Array.from({ length: 10_000 }, (_, at) => ({
    at,
    value: at === 4_321 ? 99 : at === 7_000 ? -5 : 1,
  }));
  const kept = thinned(readings, 120);
  expect(kept.length).toBeLessThanOrEqual(120);
  expect(kept.length).toBeGreaterThanOrEqual(60);
  expect([Math.max(...kept.map(({ value }) => value)), Math.min(...kept.map(({ value }) => value))]).toEqual([99, -5]);
  expect(kept.map(({ at }) => at)).toEqual(kept.map(({ at }) => at).toSorted((a, b) => a - b));
  expect(thinned(readings.slice(0, 120), 120)).toEqual(readings.slice(0, 120));
});
