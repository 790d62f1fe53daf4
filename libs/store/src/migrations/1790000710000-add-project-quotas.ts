import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/**
 * Counts each project's use of limited things, by triggers as it comes and goes, and the limits that differ from
 * the settings. Output that no longer
 * fits is dropped: an execution knows how far its sender's offsets are ahead of its stored log.
 */
export class AddProjectQuotas1790000710000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...JOBS, ...LOGS, ...ARTIFACTS, ...SERIES, ...PRESENT])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, names] of Object.entries(TRIGGERS)) {
      for (const name of names) await runner.query(`DROP TRIGGER IF EXISTS ${name} ON ${table}`);
    }
    for (const name of FUNCTIONS) await runner.query(`DROP FUNCTION IF EXISTS ${name}`);
    await runner.query(
      'ALTER TABLE execution DROP COLUMN IF EXISTS stdout_skew, DROP COLUMN IF EXISTS stderr_skew, DROP COLUMN IF EXISTS log_dropped',
    );
    await runner.query('ALTER TABLE metric_source DROP COLUMN IF EXISTS counted_for, DROP COLUMN IF EXISTS series');
    await runner.query('DROP TABLE IF EXISTS project_usage, project_quota');
  }
}

const TRIGGERS: Record<string, string[]> = {
  job: ['job_usage_come', 'job_usage_moved', 'job_usage_gone'],
  execution: ['execution_usage'],
  artifact: ['artifact_usage'],
  metric_source: ['metric_source_project', 'metric_source_usage'],
};
const FUNCTIONS = [
  'job_usage_come',
  'job_usage_moved',
  'job_usage_gone',
  'execution_usage',
  'artifact_usage',
  'metric_source_project',
  'metric_source_usage',
  'project_usage_add',
];

const WAITS = (row: string): string => `${row}.state IN ('scheduled', 'queued')`;

const TABLES = [
  `CREATE TABLE project_quota (
    project text NOT NULL,
    quota text NOT NULL,
    value bigint NOT NULL,
    PRIMARY KEY (project, quota)
  )`,
  // A row a project and database connection, or nearly: two transactions seldom wait for each other. What a project
  // uses is the sum of its rows.
  `CREATE TABLE project_usage (
    project text NOT NULL,
    slot smallint NOT NULL,
    waiting_jobs bigint NOT NULL DEFAULT 0,
    log_bytes bigint NOT NULL DEFAULT 0,
    artifacts bigint NOT NULL DEFAULT 0,
    artifact_bytes bigint NOT NULL DEFAULT 0,
    series bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (project, slot)
  ) WITH (fillfactor = 50)`,
  `CREATE FUNCTION project_usage_add(whose text, jobs bigint, logs bigint, files bigint, file_bytes bigint, told bigint) RETURNS void LANGUAGE sql AS $$
     INSERT INTO project_usage AS u (project, slot, waiting_jobs, log_bytes, artifacts, artifact_bytes, series)
     SELECT whose, pg_backend_pid() % 64, jobs, logs, files, file_bytes, told WHERE (jobs, logs, files, file_bytes, told) <> (0, 0, 0, 0, 0)
     ON CONFLICT (project, slot) DO UPDATE SET waiting_jobs = u.waiting_jobs + excluded.waiting_jobs, log_bytes = u.log_bytes + excluded.log_bytes,
       artifacts = u.artifacts + excluded.artifacts, artifact_bytes = u.artifact_bytes + excluded.artifact_bytes, series = u.series + excluded.series
   $$`,
];

const JOBS = [
  // New jobs come many at once: one statement counts them all.
  `CREATE FUNCTION job_usage_come() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     PERFORM project_usage_add(project, n, 0, 0, 0, 0)
       FROM (SELECT project, count(*) AS n FROM come WHERE ${WAITS('come')} GROUP BY project ORDER BY project) c;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER job_usage_come AFTER INSERT ON job REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION job_usage_come()`,
  `CREATE FUNCTION job_usage_moved() RETURNS trigger LANGUAGE plpgsql AS $$
   DECLARE logs bigint := 0; files bigint := 0; file_bytes bigint := 0;
   BEGIN
     IF OLD.project <> NEW.project THEN
       SELECT coalesce(sum(stdout_bytes + stderr_bytes), 0) INTO logs FROM execution WHERE job_id = NEW.id;
       SELECT count(*), coalesce(sum(size), 0) INTO files, file_bytes FROM artifact WHERE job_id = NEW.id;
     END IF;
     PERFORM project_usage_add(OLD.project, -(${WAITS('OLD')})::int, -logs, -files, -file_bytes, 0);
     PERFORM project_usage_add(NEW.project, (${WAITS('NEW')})::int, logs, files, file_bytes, 0);
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER job_usage_moved AFTER UPDATE OF state, project ON job FOR EACH ROW
   WHEN ((${WAITS('OLD')}) <> (${WAITS('NEW')}) OR OLD.project <> NEW.project) EXECUTE FUNCTION job_usage_moved()`,
  // Before the row goes: what belongs to it goes with it, and cannot be counted afterwards.
  `CREATE FUNCTION job_usage_gone() RETURNS trigger LANGUAGE plpgsql AS $$
   DECLARE logs bigint; files bigint; file_bytes bigint;
   BEGIN
     SELECT coalesce(sum(stdout_bytes + stderr_bytes), 0) INTO logs FROM execution WHERE job_id = OLD.id;
     SELECT count(*), coalesce(sum(size), 0) INTO files, file_bytes FROM artifact WHERE job_id = OLD.id;
     PERFORM project_usage_add(OLD.project, -(${WAITS('OLD')})::int, -logs, -files, -file_bytes, 0);
     RETURN OLD;
   END $$`,
  `CREATE TRIGGER job_usage_gone BEFORE DELETE ON job FOR EACH ROW EXECUTE FUNCTION job_usage_gone()`,
];

const LOGS = [
  // Constants: the table is not written anew.
  `ALTER TABLE execution ADD COLUMN stdout_skew bigint NOT NULL DEFAULT 0, ADD COLUMN stderr_skew bigint NOT NULL DEFAULT 0,
     ADD COLUMN log_dropped bigint NOT NULL DEFAULT 0`,
  `CREATE FUNCTION execution_usage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     PERFORM project_usage_add(j.project, 0, NEW.stdout_bytes + NEW.stderr_bytes - OLD.stdout_bytes - OLD.stderr_bytes, 0, 0, 0)
       FROM job j WHERE j.id = NEW.job_id;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER execution_usage AFTER UPDATE OF stdout_bytes, stderr_bytes ON execution FOR EACH ROW
   WHEN (OLD.stdout_bytes + OLD.stderr_bytes <> NEW.stdout_bytes + NEW.stderr_bytes) EXECUTE FUNCTION execution_usage()`,
];

const ARTIFACTS = [
  // Artifacts that go with their job were counted with it: the job is not there any more.
  `CREATE FUNCTION artifact_usage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     IF TG_OP <> 'INSERT' THEN PERFORM project_usage_add(j.project, 0, 0, -1, -OLD.size, 0) FROM job j WHERE j.id = OLD.job_id; END IF;
     IF TG_OP <> 'DELETE' THEN PERFORM project_usage_add(j.project, 0, 0, 1, NEW.size, 0) FROM job j WHERE j.id = NEW.job_id; END IF;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER artifact_usage AFTER INSERT OR UPDATE OR DELETE ON artifact FOR EACH ROW EXECUTE FUNCTION artifact_usage()`,
];

/**
 * Sources that somebody from outside tells of: not what Drover measures itself, and not what is left of those that
 * have ended.
 */
const TOLD = `('client', 'http', 'target', 'proxy-main', 'proxy-node', 'proxy-job')`;
const SERIES_OF_NEW = `CASE WHEN NEW.gone OR NEW.kind NOT IN ${TOLD} THEN 0
  ELSE coalesce((SELECT jsonb_array_length(defs) FROM metric_table WHERE id = NEW.table_id), 0) END`;

const SERIES = [
  `ALTER TABLE metric_source ADD COLUMN counted_for text NOT NULL DEFAULT 'default', ADD COLUMN series integer NOT NULL DEFAULT 0`,
  `CREATE FUNCTION metric_source_project() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     NEW.counted_for := coalesce((SELECT project FROM job WHERE id =
       CASE WHEN NEW.job ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN NEW.job::uuid END), 'default');
     NEW.series := ${SERIES_OF_NEW};
     RETURN NEW;
   END $$`,
  // New values alone, once a second a source, name none of these columns.
  `CREATE TRIGGER metric_source_project BEFORE INSERT OR UPDATE OF kind, job, table_id, gone ON metric_source FOR EACH ROW
   EXECUTE FUNCTION metric_source_project()`,
  `CREATE FUNCTION metric_source_usage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     IF TG_OP = 'UPDATE' AND OLD.series = NEW.series AND OLD.counted_for = NEW.counted_for THEN RETURN NULL; END IF;
     IF TG_OP <> 'INSERT' THEN PERFORM project_usage_add(OLD.counted_for, 0, 0, 0, 0, -OLD.series); END IF;
     IF TG_OP <> 'DELETE' THEN PERFORM project_usage_add(NEW.counted_for, 0, 0, 0, 0, NEW.series); END IF;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER metric_source_usage AFTER INSERT OR DELETE OR UPDATE OF kind, job, table_id, gone ON metric_source FOR EACH ROW
   EXECUTE FUNCTION metric_source_usage()`,
];

/**
 * Counts rows that are there already. Making the triggers has locked the tables against writers until this transaction
 * ends.
 */
const PRESENT = [
  `INSERT INTO project_usage (project, slot, waiting_jobs, log_bytes, artifacts, artifact_bytes)
   SELECT project, 0, sum(jobs), sum(logs), sum(files), sum(file_bytes) FROM (
     SELECT project, count(*) AS jobs, 0 AS logs, 0 AS files, 0 AS file_bytes FROM job WHERE ${WAITS('job')} GROUP BY project
     UNION ALL SELECT j.project, 0, sum(e.stdout_bytes + e.stderr_bytes), 0, 0 FROM execution e JOIN job j ON j.id = e.job_id GROUP BY j.project
     UNION ALL SELECT j.project, 0, 0, count(*), sum(a.size) FROM artifact a JOIN job j ON j.id = a.job_id GROUP BY j.project
   ) present GROUP BY project`,
  'UPDATE metric_source SET kind = kind',
];
