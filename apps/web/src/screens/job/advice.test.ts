import { describe, expect, it } from 'vitest';
import type { JobDetail, RunList, Sample } from '../../api/types.js';
import { adviceOf } from './advice.js';

const GIB = 1024 ** 3;
const job = (fields: Partial<JobDetail>): JobDetail =>
  ({ resources: {}, started_at: null, finished_at: null, ...fields }) as JobDetail;
const sample = (fields: Partial<Sample>): Sample =>
  ({ cpu_percent: null, memory_bytes: null, gpu_percent: null, ...fields }) as Sample;
const runs = (p10_s: number, p90_s: number, count = 20): RunList => ({
  previous: null,
  same: 'command',
  next: null,
  last: [],
  band: { p10_s, p50_s: p10_s, p90_s, runs: count },
});

describe('advice on what was asked for and used', () => {
  it('says how little of the memory was used, and how nearly all of it', () => {
    const asked = job({ resources: { memory_mb: 256 * 1024 } });
    expect(
      adviceOf(asked, [sample({ memory_bytes: 15 * GIB }), sample({ memory_bytes: 2 * GIB })], undefined, 0),
    ).toEqual(['It asked for 256 GiB of memory and used 6 % at most (15.0 GiB): with less it may start sooner.']);
    expect(adviceOf(asked, [sample({ memory_bytes: 250 * GIB })], undefined, 0)[0]).toMatch(/98 %.*may be killed\.$/);
    expect(adviceOf(asked, [sample({ memory_bytes: 180 * GIB })], undefined, 0)).toEqual([]);
    expect(adviceOf(asked, [], undefined, 0)).toEqual([]);
  });

  it('says how many of the CPUs were busy, on one node', () => {
    const resources = { cpus_per_task: 16 };
    const used = [sample({ cpu_percent: 100 }), sample({ cpu_percent: 140 })];
    expect(adviceOf(job({ resources }), used, undefined, 0)).toEqual([
      'It asked for 16 CPUs and kept 1.2 of them busy on average.',
    ]);
    expect(adviceOf(job({ resources: { ...resources, nodes: 2 } }), used, undefined, 0)).toEqual([]);
    expect(adviceOf(job({}), used, undefined, 0)).toEqual([]);
  });

  it('says how busy the GPUs were', () => {
    const asked = job({ resources: { gpus_per_task: 1 } });
    expect(adviceOf(asked, [sample({ gpu_percent: 0 }), sample({ gpu_percent: 6 })], undefined, 0)).toEqual([
      'It asked for 1 GPU and used 3 % of what was read of them on average.',
    ]);
  });

  it('says when a run is longer or shorter than nine in ten before it', () => {
    const started_at = new Date(0).toISOString();
    const ended = (second: number) => job({ started_at, finished_at: new Date(second * 1_000).toISOString() });
    expect(adviceOf(ended(90), [], runs(20, 40), 0)).toEqual([
      'It ran for 1m 30s: nine in ten of the 20 runs before it that succeeded took at most 40s.',
    ]);
    expect(adviceOf(ended(12), [], runs(20, 40), 0)[0]).toMatch(/at least 20s\.$/);
    expect(adviceOf(job({ started_at }), [], runs(20, 40), 60_000)[0]).toMatch(/^It has run for 1m/);
    expect(adviceOf(ended(30), [], runs(20, 40), 0)).toEqual([]);
    expect(adviceOf(ended(90), [], runs(20, 40, 2), 0)).toEqual([]);
  });
});
