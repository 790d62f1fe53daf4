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

it('a series may have any name, also that of a property of every object', () => {
  const names = ['__proto__', 'constructor', 'toString'];
  const vals = { g: Object.fromEntries(names.map((name) => [name, 7])) };
  const { series, readings } = columnsOf([
    { at: new Date(1_000), vals: { g: {} } },
    { at: new Date(2_000), vals },
  ]);
  expect(series.map(({ name }) => name)).toEqual(names);
  expect(readings.map(({ values }) => values)).toEqual([
    [null, null, null],
    [7, 7, 7],
  ]);
});

it('a job that tells other series each time has the newest of them as columns', () => {
  const readings = Array.from({ length: 200 }, (_, step) => ({
    at: new Date(step),
    vals: { c: Object.fromEntries(Array.from({ length: 40 }, (_, place) => [`s${step}_${place}`, step])) },
  }));
  const { series, readings: rows } = columnsOf(readings);
  expect(series).toHaveLength(100);
  expect(series.map(({ name }) => name)).toContain('s199_0');
  expect(rows.at(-1)?.values.filter((value) => value === 199)).toHaveLength(40);
});
