import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Makes the tables of the use of jobs (kept up with their samples) and of changes of observed jobs. */
export class AddJobUsageAndTrail1790000300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A row of its own, narrow and with room on its page: it is updated with every sample of the job.
    await runner.query(`CREATE TABLE job_usage (
      job_id uuid PRIMARY KEY REFERENCES job ON DELETE CASCADE,
      cpu_percent real,
      memory_bytes bigint,
      gpu_percent real,
      last_sample_at timestamptz,
      sample_count bigint NOT NULL DEFAULT 0,
      cpu_count bigint NOT NULL DEFAULT 0,
      cpu_sum double precision NOT NULL DEFAULT 0,
      cpu_max real,
      memory_max bigint,
      gpu_count bigint NOT NULL DEFAULT 0,
      gpu_sum double precision NOT NULL DEFAULT 0,
      gpu_max real,
      gpu_devices jsonb
    ) WITH (fillfactor = 50)`);
    // No reference to job: the trail outlives what it tells of.
    await runner.query(`CREATE TABLE job_trail (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      job_id uuid NOT NULL,
      external_id text NOT NULL,
      change_type text NOT NULL,
      changed_at timestamptz NOT NULL,
      changed_by text NOT NULL,
      source text NOT NULL,
      correlation_id text NOT NULL,
      snapshot jsonb NOT NULL
    )`);
    await runner.query(`CREATE INDEX job_trail_external ON job_trail (external_id, id)`);
    await runner.query(
      `CREATE INDEX job_observed_nodes ON job USING gin ((payload -> 'nodes')) WHERE dispatch = 'observed'`,
    );
    await runner.query(`CREATE INDEX job_finished ON job (finished_at DESC) WHERE finished_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX IF EXISTS job_finished, job_observed_nodes`);
    await runner.query(`DROP TABLE IF EXISTS job_trail, job_usage`);
  }
}
