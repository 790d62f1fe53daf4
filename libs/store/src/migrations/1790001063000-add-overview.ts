import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';
import { replaceIndex } from './replace-index.js';

/**
 * The sources of an overview: why a queue is paused, what started and what failed lately. Indexes are made beside the
 * running broker, without a transaction.
 */
export class AddOverview1790001063000 implements PhasedMigration {
  readonly phase = 'expand';
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE queue
      ADD COLUMN IF NOT EXISTS paused_at timestamptz,
      ADD COLUMN IF NOT EXISTS paused_by text,
      ADD COLUMN IF NOT EXISTS paused_reason text`);
    await replaceIndex(runner, 'execution_claimed', 'ON execution (claimed_at)');
    await replaceIndex(runner, 'event_failed', `ON event (at) WHERE type = 'job.failed'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS execution_claimed, event_failed');
    await runner.query('ALTER TABLE queue DROP COLUMN paused_at, DROP COLUMN paused_by, DROP COLUMN paused_reason');
  }
}
