import type { PhasedMigration, QueryRunner } from '@drover/store';

/** Archives of lab jobs count for what their project uses. */
export class CountArchives1790000710001 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['testflinger_blob_project', 'testflinger_blob_usage']) {
      await runner.query(`DROP TRIGGER IF EXISTS ${name} ON testflinger_blob`);
      await runner.query(`DROP FUNCTION IF EXISTS ${name}`);
    }
    await runner.query('ALTER TABLE testflinger_blob DROP COLUMN IF EXISTS counted_for');
  }
}

const PROJECT_OF_REF = `SELECT j.project INTO whose FROM job j WHERE j.id = coalesce(
  (SELECT job_id FROM external_ref WHERE dialect = 'testflinger' AND external_id = NEW.ref),
  CASE WHEN NEW.ref ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN NEW.ref::uuid END)`;

const STATEMENTS = [
  // An archive may come for a job that is not in the record, and outlives the one that is: it keeps the project it was
  // counted for. An archive of
  // artifacts of a known job is an artifact of that job, and counted as such.
  'ALTER TABLE testflinger_blob ADD COLUMN IF NOT EXISTS counted_for text',
  `CREATE OR REPLACE FUNCTION testflinger_blob_project() RETURNS trigger LANGUAGE plpgsql AS $$
   DECLARE whose text;
   BEGIN
     ${PROJECT_OF_REF};
     NEW.counted_for := CASE WHEN NEW.kind = 'artifact' AND whose IS NOT NULL THEN NULL ELSE coalesce(whose, 'default') END;
     RETURN NEW;
   END $$`,
  `CREATE OR REPLACE TRIGGER testflinger_blob_project BEFORE INSERT OR UPDATE ON testflinger_blob FOR EACH ROW EXECUTE FUNCTION testflinger_blob_project()`,
  `CREATE OR REPLACE FUNCTION testflinger_blob_usage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     IF TG_OP <> 'INSERT' AND OLD.counted_for IS NOT NULL THEN PERFORM project_usage_add(OLD.counted_for, 0, 0, -1, -OLD.size, 0); END IF;
     IF TG_OP <> 'DELETE' AND NEW.counted_for IS NOT NULL THEN PERFORM project_usage_add(NEW.counted_for, 0, 0, 1, NEW.size, 0); END IF;
     RETURN NULL;
   END $$`,
  `CREATE OR REPLACE TRIGGER testflinger_blob_usage AFTER INSERT OR UPDATE OR DELETE ON testflinger_blob FOR EACH ROW EXECUTE FUNCTION testflinger_blob_usage()`,
  // Rows that are there already.
  'UPDATE testflinger_blob SET ref = ref',
];
