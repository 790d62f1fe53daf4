import { expect, it } from 'vitest';
import { beyond, ratioWords, valueWords, verdictOf } from './figures.js';

it('a value is told after its unit', () => {
  expect(valueWords(90, 'seconds')).toBe('1m 30s');
  expect(valueWords(1_572_864, 'bytes')).toBe('1.5 MiB');
  expect(valueWords(98.24, 'percent')).toBe('98.24 %');
  expect(valueWords(0.123456, null)).toBe('0.1235');
  expect(valueWords(30, null)).toBe('30');
  expect(valueWords(null, 'bytes')).toBe('–');
});

it('a ratio is good or bad news only where the direction is known', () => {
  expect(verdictOf(1.5, 'less')).toBe('worse');
  expect(verdictOf(0.5, 'less')).toBe('better');
  expect(verdictOf(1.01, 'less')).toBe('same');
  expect(verdictOf(3, null)).toBeNull();
  expect(verdictOf(null, 'less')).toBeNull();
});

it('a ratio has three digits', () =>
  expect([1.5, 0.02, 2.0049, 123.4, null].map(ratioWords)).toEqual(['1.5×', '0.02×', '2×', '123×', '–']));

it('a value lies above, below or within a range', () => {
  const range = { low: 2, high: 4 };
  expect([5, 1, 3, 4, null].map((value) => beyond(value, range))).toEqual(['above', 'below', null, null, null]);
  expect(beyond(5, { low: null, high: null })).toBeNull();
});
