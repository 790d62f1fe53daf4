import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/**
 * Holds the names of alarms unique by hashes: an alarm may be about a command line, and that is longer than an entry of
 * an index. There are some thousands of alarms, so the index is made at once.
 */
export class HashAlarmTargets1790001070000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX alarm_rule_name');
    await runner.query(
      'CREATE UNIQUE INDEX alarm_rule_name ON alarm_rule (target_kind, md5(target), md5(name)) WHERE NOT ended',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX alarm_rule_name');
    await runner.query('CREATE UNIQUE INDEX alarm_rule_name ON alarm_rule (target_kind, target, name) WHERE NOT ended');
  }
}
