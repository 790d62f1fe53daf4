import { expect, it } from 'vitest';
import { forecast, spell } from './eta.js';

const TEN = Array.from({ length: 50 }, () => 10);

it('says now where a slot is free, and nothing where there is no base', () => {
  expect(forecast({ ahead: 0, slots: 2, taken: [5], runs: [] })).toEqual({ p50_s: 0, p90_s: 0 });
  expect(forecast({ ahead: 3, slots: 2, taken: [5, 5], runs: [1, 2] })).toBeNull();
  expect(forecast({ ahead: 3, slots: 0, taken: [], runs: TEN })).toBeNull();
});

it('counts what is ahead and what the slots still have to do', () => {
  expect(forecast({ ahead: 0, slots: 1, taken: [4], runs: TEN })).toEqual({ p50_s: 6, p90_s: 6 });
  expect(forecast({ ahead: 3, slots: 1, taken: [4], runs: TEN })).toEqual({ p50_s: 36, p90_s: 36 });
  expect(forecast({ ahead: 4, slots: 2, taken: [0, 0], runs: TEN })).toEqual({ p50_s: 30, p90_s: 30 });
  expect(
    forecast({ ahead: 10_000, slots: 10, taken: Array(10).fill(0) as number[], runs: TEN })?.p50_s,
  ).toBeGreaterThan(9_000);
});

it('is wider where runs differ, and the same for the same situation', () => {
  const runs = Array.from({ length: 100 }, (_, n) => (n % 10 === 0 ? 100 : 1));
  const situation = { ahead: 5, slots: 1, taken: [0], runs };
  const { p50_s, p90_s } = forecast(situation) ?? { p50_s: 0, p90_s: 0 };
  expect(p90_s).toBeGreaterThan(p50_s + 50);
  expect(forecast(situation)).toEqual({ p50_s, p90_s });
});

it('spells lengths of time for people', () => {
  expect([0.04, 7.25, 45, 600, 7_200, 400_000].map(spell)).toEqual(['0 s', '7.3 s', '45 s', '10 min', '2 h', '5 d']);
});
