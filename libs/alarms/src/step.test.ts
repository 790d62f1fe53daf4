import { describe, expect, it } from 'vitest';
import { step, type Condition, type Phase } from './step.js';

const rule = (more: Partial<Condition> = {}): Condition => ({
  operator: '>',
  threshold: 10,
  clear_threshold: null,
  for_s: 0,
  keep_for_s: 0,
  no_data: 'ok',
  ...more,
});
/** One value a second; one letter a state: `.` inactive, `p` pending, `F` firing. */
const run = (condition: Condition, values: (number | null)[]): string => {
  let phase: Phase | null = null;
  return values
    .map((value, second) => {
      phase = step(condition, phase, value, new Date(second * 1000));
      return phase === null ? '.' : phase.state === 'pending' ? 'p' : 'F';
    })
    .join('');
};

describe('an alarm', () => {
  it('fires at once without for, and stops at once', () => expect(run(rule(), [9, 11, 11, 10, 12])).toBe('.FF.F'));
  it('is strict at the threshold', () => {
    expect(run(rule({ operator: '<' }), [10, 9, 10])).toBe('.F.');
    expect(run(rule({ operator: '=' }), [10, 9, 10.0000001])).toBe('F..');
  });
  it('waits for its condition to hold for the time it was given', () =>
    expect(run(rule({ for_s: 2 }), [11, 11, 11, 11, 9, 11, 11, 9, 11])).toBe('ppFF.pp.p'));
  it('goes on firing for a while, counted from the first time it did not hold', () => {
    expect(run(rule({ keep_for_s: 2 }), [11, 9, 9, 9, 9])).toBe('FFF..');
    expect(run(rule({ keep_for_s: 2 }), [11, 9, 11, 9, 9, 9])).toBe('FFFFF.');
  });
  it('that is only pending is not kept', () => expect(run(rule({ for_s: 2, keep_for_s: 5 }), [11, 9, 9])).toBe('p..'));
  it('with hysteresis stops only behind its second threshold', () =>
    expect(run(rule({ clear_threshold: 5 }), [8, 11, 8, 6, 5, 8, 11])).toBe('.FFF..F'));
  it('that is pending does not use the second threshold', () =>
    expect(run(rule({ clear_threshold: 5, for_s: 2 }), [11, 8, 11, 11, 11, 8])).toBe('p.ppFF'));
  it.each([
    ['ok', '.F..F'],
    ['alarm', 'FFFFF'],
    ['keep', '.FFFF'],
  ] as const)('without data is %s', (no_data, expected) =>
    expect(run(rule({ no_data }), [null, 11, null, null, 11])).toBe(expected),
  );
});
