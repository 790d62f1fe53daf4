import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The labels under which an alarm was told: it is called off under the same, also when its job is no more. */
export class AddAlarmToldLabels1790000404000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE alarm_state ADD COLUMN told_labels jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE alarm_state DROP COLUMN IF EXISTS told_labels');
  }
}
