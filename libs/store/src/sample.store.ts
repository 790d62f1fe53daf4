import type { Sample } from '@drover/domain';
import * as SQL from './sample.sql.js';
import type { Sql } from './sql.js';

/**
 * at in milliseconds, execution_id, cpu_percent, memory_bytes, read_bytes, write_bytes, cpu_seconds, processes,
 * gpu_percent, gpu_memory_bytes.
 */
type Packed = [
  number,
  string | null,
  number | null,
  number | null,
  number | null,
  number | null,
  number | null,
  number | null,
  number | null,
  number | null,
];

/** The fields of a sample that a history shows. */
export type HistoryReading = Pick<Sample, 'at' | 'cpu_percent' | 'memory_bytes' | 'gpu_percent'>;

export const sampleStore = {
  async insert(sql: Sql, samples: Sample[]): Promise<void> {
    if (samples.length === 0) return;
    await sql.run(SQL.INSERT, [JSON.stringify(samples)]);
  },

  async deleteOfJob(sql: Sql, jobId: string): Promise<void> {
    await sql.run(SQL.DELETE_OF_JOB, [jobId]);
  },

  /** How many of a job are kept in this time. */
  async count(sql: Sql, jobId: string, range: { from?: Date; to?: Date }): Promise<number> {
    const rows = await sql.rows<{ n: string }>(SQL.COUNT, [jobId, range.from ?? null, range.to ?? null]);
    return Number(rows[0]?.n ?? 0);
  },

  /**
   * Oldest first; with a limit the newest ones are kept. They come as one JSON text: a thousand rows of eleven columns,
   * each a message and a parsed value of its own, took longer to take over than to find.
   */
  async ofJob(sql: Sql, jobId: string, range: { from?: Date; to?: Date; limit: number }): Promise<Sample[]> {
    const rows = await sql.rows<{ samples: Packed[] | null }>(SQL.OF_JOB, [
      jobId,
      range.from ?? null,
      range.to ?? null,
      range.limit,
    ]);
    return (rows[0]?.samples ?? []).map(
      ([
        at,
        execution_id,
        cpu_percent,
        memory_bytes,
        read_bytes,
        write_bytes,
        cpu_seconds,
        processes,
        gpu_percent,
        gpu_memory_bytes,
      ]): Sample => ({
        job_id: jobId,
        execution_id,
        at: new Date(at),
        cpu_percent,
        memory_bytes,
        read_bytes,
        write_bytes,
        cpu_seconds,
        processes,
        gpu_percent,
        gpu_memory_bytes,
      }),
    );
  },

  /** The same, with nothing but what stands in the index: a thousand of them are a dozen pages. */
  async historyOfJob(
    sql: Sql,
    jobId: string,
    range: { from?: Date; to?: Date; limit: number },
  ): Promise<HistoryReading[]> {
    const rows = await sql.rows<{ samples: [number, number | null, number | null, number | null][] | null }>(
      SQL.HISTORY_OF_JOB,
      [jobId, range.from ?? null, range.to ?? null, range.limit],
    );
    return (rows[0]?.samples ?? []).map(([at, cpu_percent, memory_bytes, gpu_percent]) => ({
      at: new Date(at),
      cpu_percent,
      memory_bytes,
      gpu_percent,
    }));
  },
};
