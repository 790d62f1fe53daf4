import { describe, expect, it } from 'vitest';
import { countLines } from './log-lines.js';

const counted = (raw: Buffer): number => [...raw].filter((byte) => byte === 0x0a).length;

describe('the count of lines', () => {
  it('is that of the newlines, wherever the bytes lie and whatever they are', () => {
    const all = Buffer.from(
      Array.from({ length: 5_000 }, (_, n) => [0x0a, 0x0b, 0x8a, 0x00, 0xff, 0x0a][(n * n) % 6] ?? 0),
    );
    for (let from = 0; from < 9; from += 1)
      for (const length of [0, 1, 2, 3, 4, 5, 7, 100, 4_001]) {
        const raw = all.subarray(from, from + length);
        expect(countLines(raw).lines).toBe(counted(raw));
      }
  });

  it('says whether the last line goes on', () => {
    expect([
      countLines(Buffer.from('a\nb')).open,
      countLines(Buffer.from('a\n')).open,
      countLines(Buffer.alloc(0)).open,
    ]).toEqual([true, false, false]);
  });
});
