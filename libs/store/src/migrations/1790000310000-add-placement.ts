import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs with demands: what their executions hold of a node, and what of a node is not for plain jobs. */
export class AddPlacement1790000310000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE execution ADD COLUMN placed jsonb`);
    await runner.query(
      `ALTER TABLE agent ADD COLUMN reserved integer NOT NULL DEFAULT 0, ADD COLUMN reserved_for uuid`,
    );
    await runner.query(
      `CREATE INDEX job_placed ON job (priority DESC, seq) WHERE dispatch = 'placed' AND state IN ('queued','scheduled')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX IF EXISTS job_placed`);
    await runner.query(`ALTER TABLE agent DROP COLUMN IF EXISTS reserved, DROP COLUMN IF EXISTS reserved_for`);
    await runner.query(`ALTER TABLE execution DROP COLUMN IF EXISTS placed`);
  }
}
