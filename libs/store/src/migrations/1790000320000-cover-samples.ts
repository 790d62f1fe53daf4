import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A job's samples lie scattered over the pages of a day, one here and one there, as all jobs report in turn. What its
 * history shows stands in the index as well: a thousand samples are a dozen pages of the index then, not a thousand of
 * the table.
 */
export class CoverSamples1790000320000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX sample_job_usage ON sample (job_id, at DESC) INCLUDE (cpu_percent, memory_bytes, gpu_percent)`,
    );
    await runner.query(`DROP INDEX sample_job_at`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX sample_job_at ON sample (job_id, at DESC)`);
    await runner.query(`DROP INDEX sample_job_usage`);
  }
}
