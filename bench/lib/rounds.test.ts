import { expect, it } from 'vitest';
import { interleaved } from './rounds.js';

it('every side is measured once a round, each second round backwards', async () => {
  const order: string[] = [];
  const sides = ['a', 'b', 'c'].map((name) => ({
    name,
    measure: async () => {
      order.push(name);
      return [];
    },
  }));
  const heard: string[] = [];
  await interleaved(sides, 3, (side, round) => heard.push(`${side}${round}`));
  expect(order.join('')).toBe('abccbaabc');
  expect(heard).toEqual(['a0', 'b0', 'c0', 'c1', 'b1', 'a1', 'a2', 'b2', 'c2']);
});
