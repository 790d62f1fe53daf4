import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/**
 * The state under which indexes find a job, in a column of its own (libs/store/src/filed.sql.ts). The trigger keeps it
 * whichever version of the program writes.
 */
export class FileJobs1790001000000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    // No default yet: the rows that are there are not written anew.
    await runner.query('ALTER TABLE job ADD COLUMN filed_as text');
    await runner.query(`CREATE FUNCTION job_filed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      NEW.filed_as := ${FILED_AS};
      RETURN NEW;
    END $$`);
    const trigger = `FOR EACH ROW WHEN (NEW.filed_as IS DISTINCT FROM ${FILED_AS}) EXECUTE FUNCTION job_filed()`;
    await runner.query(`CREATE TRIGGER job_filed_new BEFORE INSERT ON job ${trigger}`);
    await runner.query(`CREATE TRIGGER job_filed BEFORE UPDATE OF state, dispatch ON job ${trigger}`);
    // Most new jobs are queued: the trigger has nothing to do for them.
    await runner.query(`ALTER TABLE job ALTER COLUMN filed_as SET DEFAULT 'queued'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER IF EXISTS job_filed ON job');
    await runner.query('DROP TRIGGER IF EXISTS job_filed_new ON job');
    await runner.query('DROP FUNCTION IF EXISTS job_filed');
    await runner.query('ALTER TABLE job DROP COLUMN filed_as');
  }
}

const FILED_AS = `CASE
    WHEN NEW.state IN ('scheduled', 'queued', 'failed', 'cancelled', 'expired') THEN NEW.state
    WHEN NEW.dispatch = 'observed' AND NEW.state IN ('claimed', 'running', 'cancelling') THEN NEW.state
  END`;
