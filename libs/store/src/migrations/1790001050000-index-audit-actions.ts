import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';
import { replaceIndex } from './replace-index.js';

/**
 * Finds entries of the audit trail by what was done, but for submits, of which there is one for each job: they need no
 * index. Made beside the running broker, without a transaction.
 */
export class IndexAuditActions1790001050000 implements PhasedMigration {
  readonly phase = 'expand';
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await replaceIndex(runner, 'audit_action', `ON audit (action, id DESC) WHERE action <> 'job.submit'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS audit_action');
  }
}
