import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/** A client may be revoked together with what still runs for it. */
export class AddClientEndJobs1790000751000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE access_client ADD COLUMN end_jobs boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE access_client DROP COLUMN end_jobs');
  }
}
