import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';
import { replaceIndex } from './replace-index.js';
import { constrainWords, freeWords, type WordColumn } from './word-columns.js';

const WORDS: readonly WordColumn[] = [['alarm_transition', 'ended_by', ['cleared', 'gone', 'changed', 'deleted']]];

/**
 * The reason for which an alarm ended, and an index that finds the end of each firing. The index is made beside the
 * running broker, without a transaction.
 */
export class AddAlarmEnds1790001066000 implements PhasedMigration {
  readonly phase = 'expand';
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE alarm_transition ADD COLUMN IF NOT EXISTS ended_by text');
    await freeWords(runner, WORDS);
    await constrainWords(runner, WORDS);
    await replaceIndex(runner, 'alarm_transition_entry', 'ON alarm_transition (entry, id DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS alarm_transition_entry');
    await runner.query('ALTER TABLE alarm_transition DROP COLUMN ended_by');
  }
}
