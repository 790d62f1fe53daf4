import { describe, expect, it } from 'vitest';
import { HEAD, losses, ratioOf, Results, verdict, type Figure } from './results.js';

function figure(unit: string, ours: number[], base: number[]): Figure {
  const results = new Results();
  for (const [round, value] of ours.entries()) results.add('redis', 'm', HEAD, round, [{ name: 'f', unit, value }]);
  for (const [round, value] of base.entries()) results.add('redis', 'm', 'base', round, [{ name: 'f', unit, value }]);
  return results.list()[0] as Figure;
}

describe('figures of two sides', () => {
  it('are divided pair by pair, each by the one of the same round', () => {
    expect(ratioOf(figure('/s', [10, 40, 90], [10, 20, 30]), 'base')).toEqual({ median: 2, min: 1, max: 3 });
  });

  it('have no ratio for a round that one of them missed', () => {
    const seen = figure('/s', [10, 40], [10]);
    expect(ratioOf(seen, 'base')).toEqual({ median: 1, min: 1, max: 1 });
  });

  it('are alike while their spreads overlap, although every round says the same', () => {
    expect(verdict(figure('/s', [11, 22, 33], [10, 20, 30]), 'base')).toBe('alike');
  });

  it('are better or worse when the worst round of one beats the best of the other, by the unit', () => {
    expect(verdict(figure('/s', [20, 21, 22], [10, 11, 12]), 'base')).toBe('better');
    expect(verdict(figure('ms', [20, 21, 22], [10, 11, 12]), 'base')).toBe('worse');
  });

  it('have no verdict after one round', () => {
    expect(verdict(figure('/s', [20], [10]), 'base')).toBe('');
  });

  it('are named where a rival is ahead: all of them, or those the rounds are sure of', () => {
    const close = figure('/s', [10, 20, 30], [11, 22, 33]);
    const sure = figure('ms', [20, 21, 22], [10, 11, 12]);
    const ahead = figure('/s', [20, 21, 22], [10, 11, 12]);
    const rivals = new Set(['base']);
    expect(losses([close, sure, ahead], rivals, true)).toEqual([
      'f (redis): base is ahead, ours is 0.91 x its figure, within the spread.',
      'f (redis): base is ahead, ours is 1.91 x its figure.',
    ]);
    expect(losses([close, sure, ahead], rivals, false)).toEqual([
      'f (redis): base is ahead, ours is 1.91 x its figure.',
    ]);
    expect(losses([sure], new Set(), true)).toEqual([]);
  });

  it('keep the floor that a measure brings along once, not once more from the base', () => {
    const results = new Results();
    const row = { name: 'f', unit: 'ms', value: 2, floor: 1, floorName: 'bare' };
    results.add('redis', 'm', HEAD, 0, [row]);
    results.add('redis', 'm', 'base', 0, [{ ...row, floor: 9 }]);
    expect(results.list()[0]?.sides.get('bare')).toEqual([1]);
  });
});
