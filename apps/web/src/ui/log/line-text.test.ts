import { describe, expect, it } from 'vitest';
import { extended, hashOf, marksOf, rangeOf, shownPieces, timeOf } from './line-text.js';

describe('links to lines', () => {
  it('name one line or several', () => {
    expect(rangeOf('#L120')).toEqual({ first: 120, last: 120 });
    expect(rangeOf('#L140-L120')).toEqual({ first: 120, last: 140 });
    expect(rangeOf('12-14')).toEqual({ first: 12, last: 14 });
    for (const wrong of ['', '#L0', '#L', '#top', '#L1-', '#L1x', '#L9999999999999999'])
      expect(rangeOf(wrong)).toBeNull();
    for (const hash of ['#L7', '#L7-L9']) expect(hashOf(rangeOf(hash) ?? { first: 0, last: 0 })).toBe(hash);
  });

  it('grow from the line that was chosen first', () => {
    expect(extended(null, 5)).toEqual({ first: 5, last: 5 });
    expect(extended({ first: 5, last: 5 }, 9)).toEqual({ first: 5, last: 9 });
    expect(extended({ first: 5, last: 9 }, 2)).toEqual({ first: 2, last: 5 });
  });
});

describe('a line', () => {
  const texts = (raw: string, marks?: [number, number][]) =>
    shownPieces(raw, marks).map(({ text, hit }) => [text, hit]);

  it('shows the last of what a program wrote over and over', () => {
    expect(texts('10 %\r50 %\r100 %\r')).toEqual([['100 %', false]]);
  });

  it('shows its hits, also where colours begin within them', () => {
    expect(texts('no space left', [[3, 8]])).toEqual([
      ['no ', false],
      ['space', true],
      [' left', false],
    ]);
    const raw = 'a \u001b[31merr\u001b[0mor b';
    expect(texts(raw, marksOf(raw, [[99, 100]], 'ERROR', false))).toEqual([
      ['a ', false],
      ['err', true],
      ['or', true],
      [' b', false],
    ]);
    expect(marksOf(raw, [[7, 9]], null, false)).toEqual([]);
    expect(marksOf('plain', [[0, 2]], null, true)).toEqual([[0, 2]]);
  });
});

describe('the time of a line', () => {
  const line = { at: '2030-01-31T08:00:01.500Z' };
  it('is exact, or the distance from the first line or the one before', () => {
    expect(timeOf('exact', line, null, undefined)).toMatch(/^\d\d:\d\d:01\.500$/);
    expect(timeOf('relative', line, '2030-01-31T08:00:00.000Z', undefined)).toBe('+1.5s');
    expect(timeOf('delta', line, null, { at: '2030-01-31T08:00:01.000Z' })).toBe('+0.5s');
    expect(timeOf('delta', line, null, line)).toBe('');
    expect(timeOf('none', line, null, undefined)).toBe('');
  });
});
