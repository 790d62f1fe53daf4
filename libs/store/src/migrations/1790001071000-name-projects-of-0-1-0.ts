import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/**
 * Gives ids and trails of observed jobs that an API of release 0.1.0 writes the project of their job: it knows none.
 * Those that it wrote since 1790000750000 get theirs now.
 */
export class NameProjects1790001071000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER IF EXISTS external_ref_project ON external_ref');
    await runner.query('DROP TRIGGER IF EXISTS job_trail_project ON job_trail');
    await runner.query('DROP FUNCTION IF EXISTS external_ref_project, job_trail_project');
  }
}

const STATEMENTS = [
  `CREATE FUNCTION external_ref_project() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     NEW.project := coalesce((SELECT project FROM job WHERE id = NEW.job_id), 'default');
     RETURN NEW;
   END $$`,
  `CREATE TRIGGER external_ref_project BEFORE INSERT ON external_ref FOR EACH ROW
   WHEN (NEW.dialect = 'hpc' AND NEW.project = '') EXECUTE FUNCTION external_ref_project()`,
  `CREATE FUNCTION job_trail_project() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     NEW.project := (SELECT project FROM job WHERE id = NEW.job_id);
     RETURN NEW;
   END $$`,
  `CREATE TRIGGER job_trail_project BEFORE INSERT ON job_trail FOR EACH ROW
   WHEN (NEW.project IS NULL) EXECUTE FUNCTION job_trail_project()`,
  `UPDATE external_ref r SET project = j.project FROM job j
   WHERE j.id = r.job_id AND r.dialect = 'hpc' AND r.project = ''
     AND NOT EXISTS (SELECT 1 FROM external_ref o
       WHERE (o.dialect, o.external_id, o.project) = (r.dialect, r.external_id, j.project))`,
  'UPDATE job_trail t SET project = j.project FROM job j WHERE j.id = t.job_id AND t.project IS NULL',
];
