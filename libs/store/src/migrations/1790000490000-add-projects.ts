import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/** Projects own clients and objects; queues may be reserved for projects; every change is kept in an append-only trail. */
export class AddProjects1790000490000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of OWNED)
      await runner.query(`ALTER TABLE ${table} ADD COLUMN project text NOT NULL DEFAULT 'default'`);
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS audit, queue_reservation CASCADE');
    await runner.query('DROP FUNCTION IF EXISTS audit_is_append_only');
    await runner.query('ALTER TABLE job DROP COLUMN IF EXISTS claimed_by');
    for (const table of OWNED) await runner.query(`ALTER TABLE ${table} DROP COLUMN IF EXISTS project`);
  }
}

const OWNED = ['job', 'access_client', 'alarm_rule', 'alarm_silence', 'profile', 'scrape_target'];

const STATEMENTS = [
  // The agent client that was handed the job over HTTP; null for our own workers.
  'ALTER TABLE job ADD COLUMN claimed_by text',
  `CREATE INDEX job_claimed_by ON job (claimed_by) WHERE claimed_by IS NOT NULL AND state IN ('claimed','running','cancelling')`,
  `CREATE INDEX job_project_seq ON job (project, seq DESC) WHERE project <> 'default'`,
  `CREATE INDEX profile_project_seq ON profile (project, seq DESC) WHERE project <> 'default'`,
  `CREATE TABLE queue_reservation (
    queue text NOT NULL,
    project text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (queue, project)
  )`,
  `CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,
    role text,
    address text,
    action text NOT NULL,
    kind text NOT NULL,
    object_id text NOT NULL,
    project text NOT NULL,
    before jsonb,
    after jsonb
  )`,
  'CREATE INDEX audit_at ON audit USING brin (at)',
  'CREATE INDEX audit_object ON audit (kind, object_id, id DESC)',
  'CREATE INDEX audit_actor ON audit (actor, id DESC)',
  // Entries stay as they were written, whoever is logged in to the database with the rights of the API.
  `CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$`,
  'CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()',
];
