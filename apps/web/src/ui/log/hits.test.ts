import { describe, expect, it } from 'vitest';
import type { FoundLine } from '../../api/logs.js';
import { Hits, linesNear } from './hits.js';

const line = (number: number, length = 0): FoundLine => ({ number, text: 'x'.repeat(length) }) as FoundLine;
const progress = (next: number) => ({ bytes: 0, of_bytes: 0, hits: 0, next });
const numbers = (lines: readonly FoundLine[]): number[] => lines.map(({ number }) => number);

/** A hit in every tenth line, from where the search is to a line. */
function find(hits: Hits, to: number, around = 0): void {
  hits.begin();
  for (let number = hits.next; number <= to; number += 1) {
    const by = number % 10;
    if (Math.min(by, 10 - by) <= around) hits.add(line(number), by === 0);
  }
}

describe('the hits of a search', () => {
  it('stay when it goes on behind them, and none is there twice', () => {
    const hits = new Hits('a', 0);
    find(hits, 50);
    expect(hits.end(progress(51), 'limit')).toBe(false);
    expect([hits.found.end, hits.next]).toEqual(['limit', 51]);
    hits.begin();
    expect(hits.found.end).toBe(null);
    for (const number of [50, 60]) hits.add(line(number), true);
    expect([...hits.found.hits.keys()]).toEqual([10, 20, 30, 40, 50, 60]);
    expect(numbers(hits.found.lines)).toEqual([10, 20, 30, 40, 50, 60]);
  });

  it('are found anew with more lines around them, as far as the search had come, without being asked', () => {
    const hits = new Hits('a', 0);
    find(hits, 100);
    hits.end(progress(101), 'limit');
    const wide = hits.widened(2);
    expect([wide.found.lines, wide.next]).toEqual([[], 1]);
    find(wide, 50, 2);
    expect(wide.end(progress(53), 'limit')).toBe(true);
    expect(wide.found.end).toBe(null);
    find(wide, 100, 2);
    expect(wide.end(progress(101), 'limit')).toBe(false);
    expect([...wide.found.hits.keys()]).toEqual([...hits.found.hits.keys()]);
    expect(wide.end(progress(101), 'end')).toBe(false);
  });

  it('show with fewer lines around them than were found', () => {
    const hits = new Hits('a', 3);
    find(hits, 25, 3);
    expect(numbers(linesNear(hits.found, 1))).toEqual([9, 10, 11, 19, 20, 21]);
    expect(numbers(linesNear(hits.found, 0))).toEqual([10, 20]);
    expect(linesNear(hits.found, 3)).toBe(hits.found.lines);
  });

  it('stop at 16 MiB, and the oldest go for those that are asked for then', () => {
    const hits = new Hits('a', 0);
    const half = 4 * 1024 * 1024;
    hits.begin();
    expect([hits.add(line(1, half), true), hits.add(line(2, half), true)]).toEqual([true, false]);
    expect(hits.found.end).toBe('limit');
    hits.begin();
    expect(hits.add(line(3, half), true)).toBe(true);
    expect([[...hits.found.hits.keys()], hits.found.letGo]).toEqual([[3], 2]);
  });
});
