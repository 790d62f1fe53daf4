import type { PhasedMigration, QueryRunner } from '@drover/store';

/** Jobs of tasks belong to projects, as all objects do. */
export class AddTaskProjects1790000490001 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE task_job ADD COLUMN IF NOT EXISTS project text NOT NULL DEFAULT 'default'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE task_job DROP COLUMN IF EXISTS project');
  }
}
