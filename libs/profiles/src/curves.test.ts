import { describe, expect, it } from 'vitest';
import type { CurvePoint } from '@drover/store';
import { curvesOf, gridOf } from './curves.js';

const point = (job_id: string, step: number, more: Partial<CurvePoint> = {}): CurvePoint => ({
  job_id,
  step,
  cpu_percent: null,
  memory_bytes: null,
  read_bytes: null,
  write_bytes: null,
  gpu_percent: null,
  gpu_memory_bytes: null,
  ...more,
});

describe('the grid of curves', () => {
  it('has whole seconds a step, and at most 200 steps', () => {
    expect(gridOf(0)).toEqual({ stepS: 1, steps: 1 });
    expect(gridOf(9.5)).toEqual({ stepS: 1, steps: 10 });
    expect(gridOf(200)).toEqual({ stepS: 1, steps: 200 });
    expect(gridOf(7 * 86_400)).toEqual({ stepS: 3_024, steps: 200 });
  });
});

describe('curves', () => {
  const grid = { stepS: 2, steps: 3 };

  it('stand beside those of one other job, or the median of the runs, with the range of the runs', () => {
    const points = [
      point('a', 0, { cpu_percent: 50 }),
      point('a', 2, { cpu_percent: 70 }),
      ...[10, 20, 90].map((cpu_percent, at) => point(`r${at}`, 0, { cpu_percent })),
      point('r0', 1, { cpu_percent: 30 }),
      point('b', 1, { cpu_percent: 5 }),
    ];
    const runs = ['r0', 'r1', 'r2'];
    expect(curvesOf(points, { job: 'a', with: null, runs }, grid)).toEqual([
      {
        name: 'cpu_percent',
        unit: 'percent',
        per_second: false,
        job: [50, null, 70],
        with: [20, 30, null],
        low: [10, 30, null],
        high: [90, 30, null],
      },
    ]);
    expect(curvesOf(points, { job: 'a', with: 'b', runs }, grid)[0]?.with).toEqual([null, 5, null]);
  });

  it('of what was read and written are the growth a second, and begin anew where the total does', () => {
    const points = [0, 40, 10].map((read_bytes, step) => point('a', step, { read_bytes }));
    expect(curvesOf(points, { job: 'a', with: null, runs: [] }, grid)).toEqual([
      expect.objectContaining({ name: 'read_bytes_per_second', unit: 'bytes', job: [null, 20, null] }),
    ]);
  });

  it('of figures that neither has are left out', () =>
    expect(curvesOf([point('r', 0, { cpu_percent: 1 })], { job: 'a', with: 'b', runs: ['r'] }, grid)).toEqual([]));
});
