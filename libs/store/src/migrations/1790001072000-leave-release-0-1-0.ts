import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/** Takes away what only an API of release 0.1.0 needs. From here on no statement can forget an event's position. */
export class LeaveRelease1790001072000 implements PhasedMigration {
  readonly phase = 'contract';
  readonly after = '0.1.0';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS alarm_rule_name_0_1_0');
    for (const [table, name] of TRIGGERS) {
      await runner.query(`DROP TRIGGER IF EXISTS ${name} ON ${table}`);
      await runner.query(`DROP FUNCTION IF EXISTS ${name}`);
    }
  }

  /** Nothing: an API of release 0.1.0 does not start on this schema. */
  async down(): Promise<void> {}
}

const TRIGGERS = [
  ['event', 'event_position'],
  ['external_ref', 'external_ref_project'],
  ['job_trail', 'job_trail_project'],
] as const;
