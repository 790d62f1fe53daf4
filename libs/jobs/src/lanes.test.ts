import { expect, it } from 'vitest';
import { slotsOf } from './lanes.js';

const bar = (node: string, from: number, to: number | null) => ({
  node,
  from: new Date(from),
  to: to === null ? null : new Date(to),
});

it('puts bars that overlap on slots of their own, and each on the lowest that is free', () => {
  const bars = [
    bar('a', 0, 10),
    bar('b', 1, 2),
    bar('a', 2, null),
    bar('a', 5, 20),
    bar('a', 10, 12),
    bar('a', 11, 12),
    bar('a', 12, 13),
  ];
  expect(slotsOf(bars)).toEqual([1, 1, 2, 3, 1, 4, 1]);
});
