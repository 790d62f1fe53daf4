import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';
import { replaceIndex } from './replace-index.js';

/** Finds idempotency keys that have had their day. Made beside the running broker, without a transaction. */
export class IndexOldKeys1790001040000 implements PhasedMigration {
  readonly phase = 'expand';
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await replaceIndex(runner, 'idempotency_key_created', 'ON idempotency_key (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS idempotency_key_created');
  }
}
