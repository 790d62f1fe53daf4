import type { Sample } from '@drover/domain';
import type { Sql } from './sql.js';

type SampleRow = { [K in keyof Required<Omit<Sample, 'gpu_devices'>>]: Sample[K] extends number | null ? string | number | null : Sample[K] };

const num = (value: string | number | null): number | null => (value === null ? null : Number(value));

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

  /** How many of a job are kept in this time. */
  async count(sql: Sql, jobId: string, range: { from?: Date; to?: Date }): Promise<number> {
    const rows = await sql.rows<{ n: string }>(
      'SELECT count(*) AS n FROM sample WHERE job_id = $1 AND ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at <= $3)',
      [jobId, range.from ?? null, range.to ?? null],
    );
    return Number(rows[0]?.n ?? 0);
  },

  /** Oldest first; with a limit the newest ones are kept. */
  async ofJob(sql: Sql, jobId: string, range: { from?: Date; to?: Date; limit: number }): Promise<Sample[]> {
    const rows = await sql.rows<SampleRow>(
      `SELECT * FROM (SELECT job_id, execution_id, at, cpu_percent, memory_bytes, read_bytes, write_bytes, cpu_seconds, processes, gpu_percent, gpu_memory_bytes
         FROM sample WHERE job_id = $1 AND ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at <= $3)
         ORDER BY at DESC LIMIT $4) s ORDER BY at`,
      [jobId, range.from ?? null, range.to ?? null, range.limit],
    );
    return rows.map((row) => ({
      job_id: row.job_id,
      execution_id: row.execution_id,
      at: row.at,
      cpu_percent: num(row.cpu_percent),
      memory_bytes: num(row.memory_bytes),
      read_bytes: num(row.read_bytes),
      write_bytes: num(row.write_bytes),
      cpu_seconds: num(row.cpu_seconds),
      processes: num(row.processes),
      gpu_percent: num(row.gpu_percent),
      gpu_memory_bytes: num(row.gpu_memory_bytes),
    }));
  },
};
