import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/** Keeps the number of stored jobs of each project beside what the project uses, so that no list counts them all. */
export class CountJobs1790001020000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER IF EXISTS job_count_gone ON job; DROP TRIGGER IF EXISTS job_count_moved ON job');
    await runner.query('DROP FUNCTION IF EXISTS job_count_gone, job_count_moved');
    await runner.query(COME_BEFORE);
    await runner.query('DROP FUNCTION IF EXISTS job_count_add');
    await runner.query('ALTER TABLE project_usage DROP COLUMN IF EXISTS jobs');
  }
}

const COME_BEFORE = `CREATE OR REPLACE FUNCTION job_usage_come() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
   PERFORM project_usage_add(project, n, 0, 0, 0, 0)
     FROM (SELECT project, count(*) AS n FROM come WHERE come.state IN ('scheduled', 'queued') GROUP BY project ORDER BY project) c;
   RETURN NULL;
 END $$`;

const STATEMENTS = [
  // A constant: the table is not written anew.
  'ALTER TABLE project_usage ADD COLUMN jobs bigint NOT NULL DEFAULT 0',
  `CREATE FUNCTION job_count_add(whose text, stored bigint, waiting bigint) RETURNS void LANGUAGE sql AS $$
     INSERT INTO project_usage AS u (project, slot, jobs, waiting_jobs)
     SELECT whose, pg_backend_pid() % 64, stored, waiting
     ON CONFLICT (project, slot) DO UPDATE
       SET jobs = u.jobs + excluded.jobs, waiting_jobs = u.waiting_jobs + excluded.waiting_jobs
   $$`,
  // Nobody writes jobs from here on until the present ones are counted.
  'LOCK TABLE job IN SHARE ROW EXCLUSIVE MODE',
  `CREATE OR REPLACE FUNCTION job_usage_come() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     PERFORM job_count_add(project, n, waiting)
       FROM (
         SELECT project, count(*) AS n, count(*) FILTER (WHERE come.state IN ('scheduled', 'queued')) AS waiting
         FROM come GROUP BY project ORDER BY project
       ) c;
     RETURN NULL;
   END $$`,
  `CREATE FUNCTION job_count_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     PERFORM job_count_add(OLD.project, -1, 0);
     PERFORM job_count_add(NEW.project, 1, 0);
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER job_count_moved AFTER UPDATE OF project ON job FOR EACH ROW
   WHEN (OLD.project <> NEW.project) EXECUTE FUNCTION job_count_moved()`,
  // Many go at once: one statement counts them all.
  `CREATE FUNCTION job_count_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     PERFORM job_count_add(project, -n, 0) FROM (SELECT project, count(*) AS n FROM gone GROUP BY project ORDER BY project) c;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER job_count_gone AFTER DELETE ON job REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
   EXECUTE FUNCTION job_count_gone()`,
  `INSERT INTO project_usage AS u (project, slot, jobs)
   SELECT project, 0, count(*) FROM job GROUP BY project
   ON CONFLICT (project, slot) DO UPDATE SET jobs = u.jobs + excluded.jobs`,
];
