import { describe, expect, it } from 'vitest';
import { placesOf } from './places.js';

const numbers = (slots: number[], free: number): (number | null)[] =>
  placesOf(
    slots.map((slot) => ({ slot })),
    free,
  ).map((one) => one?.slot ?? null);

describe('the slots of a node', () => {
  it('stay where they are when a job before them ends', () => {
    expect(numbers([1, 2, 3], 1)).toEqual([1, 2, 3, null]);
    expect(numbers([2, 3], 2)).toEqual([null, 2, 3, null]);
    expect(numbers([3], 3)).toEqual([null, null, 3, null]);
    expect(numbers([], 2)).toEqual([null, null]);
  });

  it('are no more than there are, where a job takes several', () => {
    // Of four slots the job at 1 has three; the one at 4 was there before.
    expect(numbers([1, 4], 0)).toEqual([1, 4]);
    expect(numbers([1, 4], 1)).toEqual([1, null, 4]);
  });
});
