import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/**
 * Notes of each piece of output which lines it holds, so that a line, a byte and a time find each other. What was
 * stored before is counted when somebody asks for it: its executions have no tally. Neither column makes Postgres write
 * a row anew.
 */
export class IndexLogLines1790001060000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE log_chunk
      ADD COLUMN lines integer,
      ADD COLUMN open boolean,
      ADD COLUMN line bigint,
      ADD COLUMN view_line bigint,
      ADD COLUMN view_offset bigint`);
    await runner.query('ALTER TABLE execution ADD COLUMN log_tally jsonb');
    await runner.query(`ALTER TABLE execution ALTER COLUMN log_tally SET DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE execution DROP COLUMN log_tally');
    await runner.query(`ALTER TABLE log_chunk
      DROP COLUMN lines, DROP COLUMN open, DROP COLUMN line, DROP COLUMN view_line, DROP COLUMN view_offset`);
  }
}
