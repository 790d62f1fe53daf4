import { describe, expect, it } from 'vitest';
import { parseLimits } from './limits.js';

describe('parseLimits', () => {
  it('reads pairs of queue and number, with any character in the name', () => {
    expect(parseLimits('--max-priority', ['*=5', 'a=b=7', 'lab=-1'])).toEqual({ '*': 5, 'a=b': 7, lab: -1 });
  });

  it.each(['lab', '=5', 'lab=', 'lab=x', 'lab=1.5'])('names the pair that is none: %s', (pair) => {
    expect(() => parseLimits('--max-priority', [pair])).toThrow(`--max-priority ${pair}: must be`);
  });
});
