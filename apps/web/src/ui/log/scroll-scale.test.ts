import { describe, expect, it } from 'vitest';
import { heightOf, isScaled, ROW, scrolledAt, topAt, walk } from './scroll-scale.js';

const view = 600;
const scaleOf = (total: number) => ({ height: heightOf(total), view, last: total - view / ROW });

describe('the scroll bar of a log', () => {
  it('counts pixels of lines while the browser has an element so high', () => {
    expect([isScaled(100_000), isScaled(1_000_000)]).toEqual([false, true]);
    expect(topAt(2_000, scaleOf(100_000))).toBeCloseTo(100);
    expect(scrolledAt(100, scaleOf(100_000))).toBeCloseTo(2_000);
  });

  it('reaches the first and the last of a thousand million lines', () => {
    const scale = scaleOf(1_000_000_000);
    expect(scale.height).toBeLessThan(17_000_000);
    expect(topAt(0, scale)).toBe(0);
    expect(topAt(scale.height - view, scale)).toBe(scale.last);
    for (const top of [0, 1, 123_456_789, scale.last]) expect(topAt(scrolledAt(top, scale), scale)).toBeCloseTo(top, 1);
  });

  it('stays at the top where all lines fit', () => {
    expect([topAt(50, scaleOf(3)), scrolledAt(2, scaleOf(3))]).toEqual([0, 0]);
  });
});

describe('a walk by pixels', () => {
  const even = () => ROW;
  it('is exact at any line', () => {
    expect(walk(900_000_000, 30, even)).toBeCloseTo(900_000_001.5);
    expect(walk(900_000_000, -30, even)).toBeCloseTo(899_999_998.5);
  });

  it('ends at the first line', () => {
    expect(walk(1, -500, even)).toBe(0);
  });

  it('goes through lines of different heights', () => {
    const heights = (line: number) => (line === 1 ? 100 : ROW);
    expect(walk(0, 70, heights)).toBeCloseTo(1.5);
    expect(walk(2, -50, heights)).toBeCloseTo(1.5);
    expect(walk(1.5, 50, heights)).toBe(2);
  });
});
