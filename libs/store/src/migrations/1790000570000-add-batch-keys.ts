import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/** An idempotency key may stand for a batch: then it knows all its jobs. */
export class AddBatchKeys1790000570000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE idempotency_key ADD COLUMN job_ids uuid[]');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE idempotency_key DROP COLUMN job_ids');
  }
}
