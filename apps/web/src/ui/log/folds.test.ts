import { describe, expect, it } from 'vitest';
import { folded, hiddenOf, lineOf, opened, rowOf } from './folds.js';

const folds = folded(folded([], { first: 20, last: 29 }), { first: 5, last: 10 });

describe('folded groups', () => {
  it('hide their lines but the first, and no other', () => {
    expect(hiddenOf(folds)).toBe(14);
    expect([1, 5, 6, 15, 16].map((row) => lineOf(folds, row))).toEqual([1, 5, 11, 20, 30]);
  });

  it('give each line that shows a row of its own', () => {
    for (let row = 1; row <= 30; row += 1) expect(rowOf(folds, lineOf(folds, row))).toBe(row);
    expect([7, 25].map((line) => rowOf(folds, line))).toEqual([5, 15]);
  });

  it('open for a line that is gone to', () => {
    expect(opened(folds, 25)).toEqual([{ first: 5, last: 10 }]);
    expect(opened(folds, 20)).toEqual(folds);
  });

  it('take in the groups within them', () => {
    expect(folded(folds, { first: 1, last: 12 })).toEqual([
      { first: 1, last: 12 },
      { first: 20, last: 29 },
    ]);
  });
});
