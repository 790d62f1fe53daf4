import { expect, it } from 'vitest';
import { isOwn, titleOf } from './words.js';

it('a figure of our own has a name for people, any other its own', () => {
  expect(titleOf('wall_s')).toBe('Time it took');
  expect(titleOf('it_total{op="r"}')).toBe('it_total{op="r"}');
  expect(titleOf('constructor')).toBe('constructor');
  expect(['wall_s', 'it_total', 'constructor'].map(isOwn)).toEqual([true, false, false]);
});
