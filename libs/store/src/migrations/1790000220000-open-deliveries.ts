import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deliveries that tell of something else than a job, and bring with them what is to be said: alarms. */
export class OpenDeliveries1790000220000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery ALTER COLUMN job_id DROP NOT NULL, ADD COLUMN content jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM delivery WHERE job_id IS NULL');
    await runner.query('ALTER TABLE delivery ALTER COLUMN job_id SET NOT NULL, DROP COLUMN content');
  }
}
