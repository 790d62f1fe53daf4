import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';
import { replaceIndex } from './replace-index.js';

/** Finds the children of a job, newest first. Made beside the running broker, without a transaction. */
export class IndexFamilies1790001068000 implements PhasedMigration {
  readonly phase = 'expand';
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await replaceIndex(runner, 'job_parent', 'ON job (parent_id, seq) WHERE parent_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await replaceIndex(runner, 'job_parent', 'ON job (parent_id) WHERE parent_id IS NOT NULL');
  }
}
