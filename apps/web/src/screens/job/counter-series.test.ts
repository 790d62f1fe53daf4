import { expect, it } from 'vitest';
import { counterSeriesOf } from './counter-series.js';

const at = (second: number): string => new Date(second * 1_000).toISOString();

it('counters show by their growth a second, gauges as they are, and what was told once not at all', () => {
  const charts = counterSeriesOf({
    series: [
      { name: 'depth', type: 'gauge' },
      { name: 'items_total', type: 'counter' },
      { name: 'once_total', type: 'counter' },
    ],
    readings: [
      { at: at(0), values: [3, 10, null] },
      { at: at(5), values: [1, 60, null] },
      { at: at(10), values: [2, 5, 7] },
      { at: at(15), values: [2, 15, 7] },
    ],
  });
  expect(charts.map(({ title, values }) => [title, values])).toEqual([
    ['depth', [3, 1, 2, 2]],
    ['items_total a second', [null, 10, null, 2]],
  ]);
});
