import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';
import { replaceIndex } from './replace-index.js';

/** Finds the runs of one name, newest first. Made beside the running broker, without a transaction. */
export class IndexJobNames1790001061000 implements PhasedMigration {
  readonly phase = 'expand';
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await replaceIndex(runner, 'job_name_seq', 'ON job (name, seq DESC) WHERE name IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS job_name_seq');
  }
}
