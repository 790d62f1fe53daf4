import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/** Keeps the name of a job with its profile. Those that are there already have none. */
export class NameProfiles1790001067000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE profile ADD COLUMN name text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE profile DROP COLUMN name');
  }
}
