import { expect, it } from 'vitest';
import { RateLimiter } from './rate-limiter.js';

it('lets a burst through, then a steady rate, and says how long to wait', () => {
  let now = 0;
  const rates = new RateLimiter(10, 3, () => now);
  expect([rates.take('a'), rates.take('a'), rates.take('a')]).toEqual([0, 0, 0]);
  expect(rates.take('a')).toBeCloseTo(0.1);
  expect(rates.take('b')).toBe(0);
  now += 100;
  expect([rates.take('a'), rates.take('a') > 0]).toEqual([0, true]);
  now += 60_000;
  expect([rates.take('a'), rates.take('a'), rates.take('a'), rates.take('a') > 0]).toEqual([0, 0, 0, true]);
});

it('counts nothing without a limit', () => {
  const rates = new RateLimiter(0, 1);
  expect(Array.from({ length: 1_000 }, () => rates.take('a')).every((wait) => wait === 0)).toBe(true);
});
