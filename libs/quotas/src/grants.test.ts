import { expect, it } from 'vitest';
import { Grants } from './grants.js';

it('gives away a sixteenth of what was free, for a second', () => {
  let now = 0;
  const grants = new Grants(100, () => now);
  expect(grants.take('a', 1)).toBeUndefined();
  grants.looked('a', 160);
  expect([grants.take('a', 4), grants.take('a', 6), grants.take('a', 1)]).toEqual([true, true, false]);
  now = 1_000;
  expect(grants.take('a', 1)).toBeUndefined();
});

it('gives nothing away unasked where little is free, and asks for what is more than its part', () => {
  const grants = new Grants(100, () => 0);
  grants.looked('a', 99);
  expect(grants.take('a', 1)).toBe(false);
  grants.looked('b', 160);
  expect(grants.take('b', 11)).toBeUndefined();
});
