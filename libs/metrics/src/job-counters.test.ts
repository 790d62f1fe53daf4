import { expect, it } from 'vitest';
import { columnsOf } from './job-counters.service.js';

it('readings by name become columns, with nothing where a series was not told yet', () => {
  const [first, second] = [new Date(1_000), new Date(2_000)];
  expect(
    columnsOf([
      { at: first, vals: { c: { b_total: 1 } } },
      { at: second, vals: { c: { b_total: 3 }, g: { a: 0.5 } } },
    ]),
  ).toEqual({
    series: [
      { name: 'a', type: 'gauge' },
      { name: 'b_total', type: 'counter' },
    ],
    readings: [
      { at: first, values: [null, 1] },
      { at: second, values: [0.5, 3] },
    ],
  });
  expect(columnsOf([])).toEqual({ series: [], readings: [] });
});
