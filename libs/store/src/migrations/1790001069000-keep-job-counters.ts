import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/** Readings of the counters that jobs pushed, for their charts. */
export class KeepJobCounters1790001069000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS counter_reading');
  }
}

const STATEMENTS = [
  `CREATE TABLE counter_reading (
    job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
    at timestamptz NOT NULL,
    vals jsonb NOT NULL,
    PRIMARY KEY (job_id, at)
  )`,
  'CREATE INDEX counter_reading_at ON counter_reading (at)',
];
