import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/** Jobs that are to stay, files that are to go with rows that went, and an audit trail whose old entries may go. */
export class AddRetention1790001030000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER audit_append_only ON audit');
    await runner.query('DROP TRIGGER audit_keeps_young ON audit');
    await runner.query(`CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT
      EXECUTE FUNCTION audit_is_append_only()`);
    await runner.query('DROP TABLE blob_garbage');
    await runner.query('ALTER TABLE job DROP COLUMN pinned');
  }
}

const STATEMENTS = [
  // A constant: the table is not written anew.
  'ALTER TABLE job ADD COLUMN pinned boolean NOT NULL DEFAULT false',
  // Written in the transaction that deletes the row of a file; the file goes after it, by whoever lives then.
  `CREATE TABLE blob_garbage (
    blob_key text PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  'DROP TRIGGER audit_append_only ON audit',
  `CREATE TRIGGER audit_append_only BEFORE UPDATE OR TRUNCATE ON audit FOR EACH STATEMENT
   EXECUTE FUNCTION audit_is_append_only()`,
  // Retention deletes old entries. Nobody deletes those of the last 30 days, whatever the settings say.
  `CREATE TRIGGER audit_keeps_young BEFORE DELETE ON audit FOR EACH ROW
   WHEN (OLD.at > now() - interval '30 days') EXECUTE FUNCTION audit_is_append_only()`,
];
