import type { Sample } from '@drover/domain';
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
    await sql.run(
      `INSERT INTO sample (job_id, execution_id, at, cpu_percent, memory_bytes, read_bytes, write_bytes, cpu_seconds, processes, gpu_percent, gpu_memory_bytes)
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(job_id uuid, execution_id uuid, at timestamptz, cpu_percent real, memory_bytes bigint,
         read_bytes bigint, write_bytes bigint, cpu_seconds double precision, processes integer, gpu_percent real, gpu_memory_bytes bigint)`,
      [JSON.stringify(samples)],
    );
  },

  async deleteOfJob(sql: Sql, jobId: string): Promise<void> {
    await sql.run('DELETE FROM sample WHERE job_id = $1', [jobId]);
  },

  /** How many of a job are kept in this time. */
  async count(sql: Sql, jobId: string, range: { from?: Date; to?: Date }): Promise<number> {
    const rows = await sql.rows<{ n: string }>(
      'SELECT count(*) AS n FROM sample WHERE job_id = $1 AND ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at <= $3)',
      [jobId, range.from ?? null, range.to ?? null],
    );
    return Number(rows[0]?.n ?? 0);
  },

  /**
   * Oldest first; with a limit the newest ones are kept. They come as one JSON text: a thousand rows of eleven columns,
   * each a message and a parsed value of its own, took longer to take over than to find.
   */
  async ofJob(sql: Sql, jobId: string, range: { from?: Date; to?: Date; limit: number }): Promise<Sample[]> {
    const rows = await sql.rows<{ samples: Packed[] | null }>(
      `SELECT json_agg(json_build_array((extract(epoch FROM at) * 1000)::bigint, execution_id, cpu_percent, memory_bytes, read_bytes, write_bytes, cpu_seconds,
           processes, gpu_percent, gpu_memory_bytes) ORDER BY at) AS samples
         FROM (SELECT * FROM sample WHERE job_id = $1 AND ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at <= $3)
           ORDER BY at DESC LIMIT $4) s`,
      [jobId, range.from ?? null, range.to ?? null, range.limit],
    );
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
      `SELECT json_agg(json_build_array((extract(epoch FROM at) * 1000)::bigint, cpu_percent, memory_bytes, gpu_percent) ORDER BY at) AS samples
         FROM (SELECT at, cpu_percent, memory_bytes, gpu_percent FROM sample
           WHERE job_id = $1 AND at >= coalesce($2::timestamptz, '-infinity') AND at <= coalesce($3::timestamptz, 'infinity') ORDER BY at DESC LIMIT $4) s`,
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
