import { describe, expect, it } from 'vitest';
import type { GaugeValue, Series, SeriesDef } from '@drover/domain';
import { aggregate, fold } from './aggregate.js';
import { addToCounter, applyReading, EMPTY, gaugesOf, type Contribution } from './contribution.js';

type Told = Record<string, number | GaugeValue | null>;
const isCounter = (name: string): boolean => name.includes('_total') || name.startsWith('app_it');
const read = (told: Told): { defs: SeriesDef[]; values: (number | GaugeValue | null)[] } => ({
  defs: Object.keys(told).map((name) => ({ name, type: isCounter(name) ? 'counter' : 'gauge', doc: `doc of ${name}` })),
  values: Object.values(told),
});
const after = (...readings: Told[]): Contribution =>
  readings.reduce<Contribution>((before, told) => applyReading(before, read(told)), EMPTY);
const shown = (series: Series[]): Record<string, unknown> =>
  Object.fromEntries(
    series.map((one) => [
      one.name,
      one.type === 'counter' ? one.value : { min: one.min, max: one.max, hits: one.hits, total: one.total },
    ]),
  );
const level = (v: number): GaugeValue => ({ min: v, max: v, hits: 1, total: v });

describe('the worked example of two joined servers', () => {
  const child1 = after({ app_it: 10, app_res: level(1) });
  const child2 = after({ app_it: 20, app_res: level(3) });

  it('adds counters and spreads the gauge over both', () => {
    expect(shown(aggregate([child1, child2]))).toEqual({ app_it: 30, app_res: { min: 1, max: 3, hits: 2, total: 4 } });
  });

  it('replaces the part of the child that changed and only widens the extremes', () => {
    const later = applyReading(child1, read({ app_it: 15, app_res: level(9) }));
    expect(shown(aggregate([later, child2]))).toEqual({ app_it: 35, app_res: { min: 1, max: 9, hits: 2, total: 12 } });
  });

  it('keeps what a child gave when it starts anew from zero', () => {
    const anew = applyReading(child1, read({ app_it: 2, app_res: level(5) }));
    expect(shown(aggregate([anew, child2]))).toEqual({ app_it: 32, app_res: { min: 1, max: 5, hits: 2, total: 8 } });
  });
});

describe('a counter that is told as a running total', () => {
  it('does not grow while its source stands still', () => {
    expect(shown(aggregate([after({ x_total: 100 }, { x_total: 100 }, { x_total: 100 })]))).toEqual({ x_total: 100 });
  });

  it.each([
    [[5, 7, 7.5], 7.5],
    [[100, 3], 103],
    [[100, 0, 0, 4], 104],
    [[10, 2, 1], 13],
    [[0], 0],
    [[0.1, 0.2], 0.2],
  ])('reads %j as %d', (totals, expected) => {
    expect(shown(aggregate([after(...totals.map((x_total) => ({ x_total })))]))).toEqual({ x_total: expected });
  });

  it('counts on from zero when its source says that it started anew, even if the total is higher by then', () => {
    const before = after({ x_total: 5, y_total: 4 });
    const anew = applyReading(before, read({ x_total: 7 }), { restarted: true });
    expect(shown(aggregate([anew]))).toEqual({ x_total: 12, y_total: 4 });
    expect(shown(aggregate([applyReading(anew, read({ y_total: 1 }))]))).toEqual({ x_total: 12, y_total: 5 });
  });

  it('keeps series that a later reading does not name', () => {
    expect(shown(aggregate([after({ a_total: 1, b_total: 2 }, { b_total: 3 }, { c_total: 4 })]))).toEqual({
      a_total: 1,
      b_total: 3,
      c_total: 4,
    });
  });

  it('stays a number however large it gets', () => {
    expect(shown(aggregate([after({ x_total: Number.MAX_VALUE }), after({ x_total: Number.MAX_VALUE })]))).toEqual({
      x_total: Number.MAX_VALUE,
    });
  });
});

describe('a gauge', () => {
  it('of one contributor is its last value, once', () => {
    expect(shown(aggregate([after({ g: 1 }, { g: 9 }, { g: 4 })]))).toEqual({
      g: { min: 4, max: 4, hits: 1, total: 4 },
    });
  });

  it('of one contributor that is itself a sum is taken over whole', () => {
    const sum = { min: 1, max: 9, hits: 2, total: 12 };
    expect(shown(aggregate([after({ g: sum })]))).toEqual({ g: sum });
  });

  it('that was declared only has no hits and does not count as a contributor', () => {
    expect(shown(aggregate([after({ g: null })]))).toEqual({ g: { min: 0, max: 0, hits: 0, total: 0 } });
    expect(shown(aggregate([after({ g: null }), after({ g: 2 }, { g: 1 })]))).toEqual({ g: level(1) });
  });

  it('keeps its value when its source has none to tell', () => {
    expect(shown(aggregate([after({ g: 3 }, { g: null }, { g: { min: 0, max: 0, hits: 0, total: 0 } })]))).toEqual({
      g: level(3),
    });
  });

  it('reads the same for one job and for the sum of one job', () => {
    const job = after({ g: 8 }, { g: 2 });
    expect(aggregate([job])).toEqual(aggregate([job, after({ other: 1 })]).filter((one) => one.name === 'g'));
  });

  it('takes in negative levels', () => {
    expect(shown(aggregate([after({ g: -5 }), after({ g: -1 })]))).toEqual({
      g: { min: -5, max: -1, hits: 2, total: -6 },
    });
  });
});

describe('a sample that cannot be', () => {
  it('of the other type is refused alone', () => {
    const before = after({ g: 1, x_total: 2 });
    const { refused, ...next } = applyReading(before, {
      defs: [
        { name: 'g', type: 'counter', doc: '' },
        { name: 'x_total', type: 'counter', doc: '' },
      ],
      values: [5, 6],
    });
    expect(refused).toEqual([{ name: 'g', reason: 'other_type' }]);
    expect(shown(aggregate([next]))).toEqual({ g: level(1), x_total: 6 });
  });

  it('of the other type in another source is left out of the sum, the rest of that source stays in', () => {
    const gauge = after({ same: 1 });
    const counter = applyReading(EMPTY, {
      defs: [
        { name: 'same', type: 'counter', doc: '' },
        { name: 'x', type: 'counter', doc: '' },
      ],
      values: [5, 6],
    });
    expect(shown(aggregate([gauge, counter]))).toEqual({ same: level(1), x: 6 });
    expect(shown(aggregate([counter, gauge]))).toEqual({ same: 5, x: 6 });
  });

  it.each([Number.NaN, Infinity, -Infinity])('%d is skipped', (value) => {
    const { refused, ...next } = applyReading(after({ g: 1, x_total: 2 }), read({ g: value, x_total: value }));
    expect(refused.map((one) => one.reason)).toEqual(['not_finite', 'not_finite']);
    expect(shown(aggregate([next]))).toEqual({ g: level(1), x_total: 2 });
  });

  it('beyond the budget is refused and said, what is known goes on', () => {
    const before = applyReading(EMPTY, read({ a_total: 1, b_total: 1 }), { budget: 2 });
    const { refused, ...next } = applyReading(before, read({ c_total: 1, a_total: 5 }), { budget: 2 });
    expect(refused).toEqual([{ name: 'c_total', reason: 'budget' }]);
    expect(shown(aggregate([next]))).toEqual({ a_total: 5, b_total: 1 });
  });
});

describe('what is over', () => {
  it('folds into one contribution with the same sums', () => {
    const parts = [
      after({ a_total: 5 }, { a_total: 2 }, { a_total: 4, g: 1 }),
      after({ a_total: 1, g: 7 }),
      after({ b_total: 3, g: 2 }),
    ];
    const live = after({ g: 5, b_total: 1 });
    const archive = parts.reduce(fold, EMPTY);
    expect(shown(aggregate([archive, live]))).toEqual(shown(aggregate([...parts, live])));
  });

  it('leaves its gauges when its counters are folded away', () => {
    expect(shown(aggregate([gaugesOf(after({ a_total: 5, g: 1 }, { g: 3 }))]))).toEqual({ g: level(3) });
  });
});

describe('a counter that is added to', () => {
  it('is declared by the first amount and counts every one', () => {
    const one = addToCounter(addToCounter(EMPTY, 'x_total', 'd', 2), 'x_total', 'other', 0.5);
    expect(aggregate([one])).toEqual([{ name: 'x_total', doc: 'd', type: 'counter', value: 2.5 }]);
  });
});

it('gives series by name, and the first doc that says something', () => {
  const first = applyReading(EMPTY, {
    defs: [
      { name: 'b', type: 'gauge', doc: '' },
      { name: 'a{x="1"}', type: 'gauge', doc: 'one' },
    ],
    values: [1, 1],
  });
  const second = applyReading(EMPTY, { defs: [{ name: 'b', type: 'gauge', doc: 'two' }], values: [1] });
  expect(aggregate([first, second]).map((one) => [one.name, one.doc])).toEqual([
    ['a{x="1"}', 'one'],
    ['b', 'two'],
  ]);
});
