import type { GpuReading, JobUsage, Sample } from '@drover/domain';
import type { Sql } from './sql.js';
import * as SQL from './usage.sql.js';

export interface UsageRow {
  job_id: string;
  cpu_percent: number | null;
  memory_bytes: string | null;
  gpu_percent: number | null;
  last_sample_at: Date | null;
  sample_count: string;
  cpu_count: string;
  cpu_sum: number;
  cpu_max: number | null;
  memory_max: string | null;
  gpu_count: string;
  gpu_sum: number;
  gpu_max: number | null;
  gpu_devices: GpuReading[] | null;
}

const mean = (sum: number, count: string): number | null => (count === '0' ? null : sum / Number(count));
const whole = (value: string | null): number | null => (value === null ? null : Number(value));

/** @returns the record's form of a usage row; columns as in `USAGE_COLUMNS` */
export const toUsage = (row: UsageRow): JobUsage => ({
  job_id: row.job_id,
  cpu_percent: row.cpu_percent,
  memory_bytes: whole(row.memory_bytes),
  gpu_percent: row.gpu_percent,
  last_sample_at: row.last_sample_at,
  sample_count: Number(row.sample_count),
  cpu_avg: mean(row.cpu_sum, row.cpu_count),
  cpu_max: row.cpu_max,
  memory_max: whole(row.memory_max),
  gpu_avg: mean(row.gpu_sum, row.gpu_count),
  gpu_max: row.gpu_max,
  gpu_devices: row.gpu_devices ?? [],
});

/** The reading of a job that came last. */
export type LatestReading = Pick<JobUsage, 'cpu_percent' | 'memory_bytes' | 'gpu_percent'>;

/** Samples of one job in one write, added up. */
interface Increment {
  job_id: string;
  cpu_percent: number | null;
  memory_bytes: number | null;
  gpu_percent: number | null;
  gpu_devices: GpuReading[] | null;
  last_sample_at: Date;
  sample_count: number;
  cpu_count: number;
  cpu_sum: number;
  cpu_max: number | null;
  memory_max: number | null;
  gpu_count: number;
  gpu_sum: number;
  gpu_max: number | null;
}

const larger = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);

export function addUp(samples: Sample[]): Increment[] {
  const byJob = new Map<string, Increment>();
  for (const sample of samples) {
    const known = byJob.get(sample.job_id);
    const row = known ?? {
      job_id: sample.job_id,
      cpu_percent: null,
      memory_bytes: null,
      gpu_percent: null,
      gpu_devices: null,
      last_sample_at: sample.at,
      sample_count: 0,
      cpu_count: 0,
      cpu_sum: 0,
      cpu_max: null,
      memory_max: null,
      gpu_count: 0,
      gpu_sum: 0,
      gpu_max: null,
    };
    if (!known) byJob.set(sample.job_id, row);
    row.sample_count += 1;
    if (sample.at >= row.last_sample_at) {
      row.last_sample_at = sample.at;
      row.cpu_percent = sample.cpu_percent ?? row.cpu_percent;
      row.memory_bytes = sample.memory_bytes ?? row.memory_bytes;
      row.gpu_percent = sample.gpu_percent ?? row.gpu_percent;
      row.gpu_devices = sample.gpu_devices ?? row.gpu_devices;
    }
    row.cpu_count += sample.cpu_percent === null ? 0 : 1;
    row.cpu_sum += sample.cpu_percent ?? 0;
    row.cpu_max = larger(row.cpu_max, sample.cpu_percent);
    row.memory_max = larger(row.memory_max, sample.memory_bytes);
    row.gpu_count += sample.gpu_percent === null ? 0 : 1;
    row.gpu_sum += sample.gpu_percent ?? 0;
    row.gpu_max = larger(row.gpu_max, sample.gpu_percent);
  }
  // One order for every writer, so that none waits in a ring.
  return [...byJob.values()].sort((a, b) => (a.job_id < b.job_id ? -1 : 1));
}

/** The present use of each job, its averages and peaks: kept up with every sample, so that nobody adds up a history. */
export const usageStore = {
  /** The last readings of these jobs that are not older than `ms`. */
  async latest(sql: Sql, jobIds: string[], ms: number): Promise<Map<string, LatestReading>> {
    if (jobIds.length === 0) return new Map();
    const rows = await sql.rows<Omit<LatestReading, 'memory_bytes'> & { job_id: string; memory_bytes: string | null }>(
      SQL.LATEST,
      [jobIds, ms],
    );
    return new Map(
      rows.map(({ job_id, memory_bytes, ...rest }) => [job_id, { ...rest, memory_bytes: whole(memory_bytes) }]),
    );
  },

  /** In the transaction that stores the samples. Samples of jobs that are gone by then are left out. */
  async add(sql: Sql, samples: Sample[]): Promise<void> {
    if (samples.length === 0) return;
    await sql.run(SQL.ADD, [JSON.stringify(addUp(samples))]);
  },

  /** Present usage as somebody states it, without a sample. Absent fields stay. The job's row is locked by the caller. */
  async state(
    sql: Sql,
    jobId: string,
    usage: { cpu_percent?: number; memory_bytes?: number; gpu_percent?: number },
  ): Promise<void> {
    await sql.run(SQL.STATE, [jobId, usage.cpu_percent ?? null, usage.memory_bytes ?? null, usage.gpu_percent ?? null]);
  },

  /** Jobs that have never been sampled are absent. */
  async ofJobs(sql: Sql, jobIds: string[]): Promise<Map<string, JobUsage>> {
    if (jobIds.length === 0) return new Map();
    const rows = await sql.rows<UsageRow>(SQL.OF_JOBS, [jobIds]);
    return new Map(rows.map((row) => [row.job_id, toUsage(row)]));
  },
};
