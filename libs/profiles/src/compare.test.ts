import { describe, expect, it } from 'vitest';
import type { Profile } from '@drover/domain';
import { betterOf, compareFigures, figuresOf, median, medianFigures, rangesOf, unitOf } from './compare.js';
import { mergeSeries } from './merge.js';

const profile = (wall: number | null, x: number): Profile => ({
  name: null,
  desc: {
    jobid: 'j',
    command: 'c',
    size: 4,
    nodelist: '',
    partition: '',
    cluster: '',
    run_dir: '',
    start_time: 0,
    end_time: 0,
  },
  queue: null,
  owner: null,
  project: 'default',
  node: null,
  outcome: null,
  cause: null,
  exit_code: null,
  summary: { wall_s: wall, cpu_seconds: null, peak_memory_bytes: 10, read_bytes: null, write_bytes: 0, samples: null },
  counters: [{ name: 'x', doc: '', type: 'counter', value: x }],
  finished_at: new Date(0),
});

describe('a comparison', () => {
  it('gives the ratio of every figure that both have', () => {
    const figures = Object.fromEntries(
      compareFigures(figuresOf(profile(2, 10)), figuresOf(profile(3, 5))).map((figure) => [figure.name, figure]),
    );
    expect(figures['wall_s']).toEqual({ name: 'wall_s', a: 2, b: 3, ratio: 1.5 });
    expect(figures['x']?.ratio).toBe(0.5);
    expect(figures['write_bytes']).toEqual({ name: 'write_bytes', a: 0, b: 0, ratio: 1 });
    expect(figures['cpu_seconds']?.ratio).toBeNull();
  });

  it('to the median takes each figure for itself', () => {
    const of = medianFigures([profile(1, 10), profile(null, 30), profile(5, 20)]);
    expect([of.get('wall_s'), of.get('x'), of.get('cpu_seconds')]).toEqual([3, 20, null]);
    expect([median([3, 1, 2]), median([4, 1]), median([])]).toEqual([2, 2.5, null]);
  });

  it('has the range of each figure over the runs that have it', () => {
    const ranges = rangesOf([profile(1, 10), profile(null, 30), profile(5, 20)]);
    expect([ranges.get('wall_s'), ranges.get('x'), ranges.has('cpu_seconds')]).toEqual([[1, 5], [10, 30], false]);
  });

  it('says of time, memory and errors alone that less is better', () => {
    const known = [
      'wall_s',
      'cpu_seconds',
      'peak_memory_bytes',
      'app_errors_total',
      'errors{code="5"}',
      'http_retries',
    ];
    expect(known.map(betterOf)).toEqual(known.map(() => 'less'));
    const open = ['it_total', 'size', 'read_bytes', 'terrors', 'errors_fixed', 'cpu_percent_mean'];
    expect(open.map(betterOf)).toEqual(open.map(() => null));
  });

  it('has the unit that a name tells', () =>
    expect(
      ['wall_s', 'io_bytes_total{op="r"}', 'cpu_percent_max', 'x_seconds', 'bytes_of', 'it_total'].map(unitOf),
    ).toEqual(['seconds', 'bytes', 'percent', 'seconds', null, null]));

  it('to zero has no ratio', () =>
    expect(compareFigures(new Map([['a', 0]]), new Map([['a', 3]]))[0]?.ratio).toBeNull());
});

it('lists of series become one, by name, what stands twice added up', () => {
  const g = (v: number, hits = 1) => ({ name: 'g', doc: '', type: 'gauge' as const, min: v, max: v, hits, total: v });
  expect(
    mergeSeries([
      [{ name: 'x', doc: 'd', type: 'counter', value: 1 }, g(2)],
      [g(5), { name: 'a', doc: '', type: 'counter', value: 1 }],
      [{ name: 'x', doc: '', type: 'counter', value: 2 }, g(0, 0)],
    ]),
  ).toEqual([
    { name: 'a', doc: '', type: 'counter', value: 1 },
    { name: 'g', doc: '', type: 'gauge', min: 2, max: 5, hits: 2, total: 7 },
    { name: 'x', doc: 'd', type: 'counter', value: 3 },
  ]);
});
