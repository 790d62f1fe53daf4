import { describe, expect, it } from 'vitest';
import { ADVISORY_LOCK_SPACES, ADVISORY_LOCKS } from '@drover/domain';
import { sources } from './sources.js';

/** The one list of the numbers. */
const LIST = 'libs/domain/src/advisory-locks.ts';

describe('advisory locks', () => {
  it('have a number each: no two uses wait for each other', () => {
    for (const numbers of [Object.values<number>(ADVISORY_LOCKS), Object.values<number>(ADVISORY_LOCK_SPACES)])
      expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('have their numbers from one list alone', () => {
    const others = sources('apps', 'libs').filter(
      ({ path, text }) =>
        path !== LIST &&
        (/\b7_?267_?451_?\d{3}\b/.test(text) ||
          /advisory_(xact_)?lock(_shared)?\(\s*\d/.test(text) ||
          /^const \w*LOCK(_SPACE)?\b[^=\n]*= *\d/m.test(text)),
    );
    expect(others.map(({ path }) => path)).toEqual([]);
  });
});
