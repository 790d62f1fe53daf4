import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../api/types.js';
import { endsOf, phasesOf, slownessOf } from './phases.js';

const at = (second: number): string => new Date(second * 1_000).toISOString();
const step = (name: Attempt['phases'][number]['name'], from: number | null, to: number | null) => ({
  name,
  from: from === null ? null : at(from),
  to: to === null ? null : at(to),
  seconds: null,
  median_s: 2,
});

describe('the steps of an attempt', () => {
  it('reach to now while they go on', () => {
    const phases = [step('queued', 1, 3), step('running', 3, null), step('result', null, null)];
    expect(phasesOf({ state: 'running', phases }, 9_000, null)).toEqual([
      { name: 'queued', from: 1_000, to: 3_000, open: false, median: 2_000 },
      { name: 'running', from: 3_000, to: 9_000, open: true, median: 2_000 },
    ]);
    expect(phasesOf({ state: null, phases: [step('queued', 1, null)] }, 9_000, null)).toHaveLength(1);
  });

  it('are left out where they never came', () => {
    const phases = [step('first_output', 3, null), step('running', 3, 5)];
    expect(phasesOf({ state: 'ended', phases }, 9_000, null).map(({ name }) => name)).toEqual(['running']);
  });

  it('last until the end was known where the node was lost', () => {
    const phases = [step('claimed', 2, 3), step('first_output', 3, null), step('running', 3, null)];
    expect(phasesOf({ state: 'ended', phases }, 99_000, 8_000)).toEqual([
      { name: 'claimed', from: 2_000, to: 3_000, open: false, median: 2_000 },
      { name: 'running', from: 3_000, to: 8_000, open: false, median: 2_000 },
    ]);
    const attempts = [{ phases }, { phases: [step('accepted', 8, 8)] }];
    expect(endsOf(attempts, at(20))).toEqual([8_000, 20_000]);
  });

  it('are slow from twice their median on, if they last a second', () => {
    expect(slownessOf({ from: 0, to: 6_000, median: 2_000 })).toBe(3);
    expect(slownessOf({ from: 0, to: 3_000, median: 2_000 })).toBeNull();
    expect(slownessOf({ from: 0, to: 900, median: 10 })).toBeNull();
    expect(slownessOf({ from: 0, to: 6_000, median: null })).toBeNull();
  });
});
