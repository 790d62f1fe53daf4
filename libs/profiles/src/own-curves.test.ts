import { expect, it } from 'vitest';
import { ownCurvesOf, seriesOf } from './own-curves.js';

const START = Date.parse('2030-01-31T08:00:00Z');
const at = (seconds: number): Date => new Date(START + seconds * 1_000);
const span = { start: at(0), stop: at(11) };
const grid = { stepS: 2, steps: 6 };
const reading = (job_id: string, seconds: number, ...values: (number | null)[]) => ({
  job_id,
  at: at(seconds),
  values,
});

it('the series of both sides have curves, the first 16 by name', () => {
  expect(seriesOf([{ c: { b_total: 1 } }, { g: { a: 2 }, c: { b_total: 3 } }])).toEqual([
    { name: 'a', type: 'gauge' },
    { name: 'b_total', type: 'counter' },
  ]);
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`s${n}`, n]));
  expect(seriesOf([{ g: many }])).toHaveLength(16);
});

it('a gauge holds until its next reading, and a counter grew evenly since the one before', () => {
  const readings = [
    reading('job', -3, 9, 900),
    reading('job', 1, 5, 100),
    reading('job', 6, 7, 150),
    reading('job', 11, 8, 130),
    reading('b', 0, null, 0),
    reading('b', 10, null, 40),
  ];
  const spans = new Map([
    ['job', span],
    ['b', span],
  ]);
  const series = seriesOf([{ g: { depth: 1 }, c: { io_bytes_total: 1 } }]);
  const [depth, io] = ownCurvesOf(series, readings, spans, { job: 'job', with: 'b', runs: ['b'] }, grid);
  expect(depth).toMatchObject({
    name: 'depth',
    per_second: false,
    job: [5, 5, 5, 7, 7, 8],
    low: [null, null, null, null, null, null],
  });
  // It began anew before the last reading.
  expect(io).toMatchObject({
    ...{ name: 'io_bytes_total', unit: 'bytes', per_second: true, job: [null, 10, 10, 10, null, null] },
    ...{ with: [null, 4, 4, 4, 4, 4], high: [null, 4, 4, 4, 4, 4] },
  });
});
