import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/**
 * Names that clients choose mean something within their project: ids of observed jobs, the trail kept under these ids,
 * and idempotency keys. In `external_ref` the empty project stands for ids that mean one job in the whole installation
 * (those of the other dialects).
 */
export class KeepNamesByProject1790000750000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE external_ref ADD COLUMN project text NOT NULL DEFAULT ''`);
    await runner.query(
      `UPDATE external_ref r SET project = j.project FROM job j WHERE j.id = r.job_id AND r.dialect = 'hpc'`,
    );
    await runner.query(
      'ALTER TABLE external_ref DROP CONSTRAINT external_ref_pkey, ADD PRIMARY KEY (dialect, external_id, project)',
    );

    await runner.query('ALTER TABLE job_trail ADD COLUMN project text');
    await runner.query('UPDATE job_trail t SET project = j.project FROM job j WHERE j.id = t.job_id');

    await runner.query(`ALTER TABLE idempotency_key ADD COLUMN project text NOT NULL DEFAULT 'default'`);
    await runner.query('UPDATE idempotency_key k SET project = j.project FROM job j WHERE j.id = k.job_id');
    await runner.query(
      'ALTER TABLE idempotency_key DROP CONSTRAINT idempotency_key_pkey, ADD PRIMARY KEY (owner, project, key)',
    );
  }

  /** Where several projects use a name by then, the oldest stays. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM idempotency_key k USING idempotency_key o
      WHERE o.owner = k.owner AND o.key = k.key AND (o.created_at, o.project) < (k.created_at, k.project)`);
    await runner.query(
      'ALTER TABLE idempotency_key DROP CONSTRAINT idempotency_key_pkey, ADD PRIMARY KEY (owner, key)',
    );
    await runner.query('ALTER TABLE idempotency_key DROP COLUMN project');

    await runner.query('ALTER TABLE job_trail DROP COLUMN project');

    await runner.query(`DELETE FROM external_ref r USING external_ref o
      WHERE o.dialect = r.dialect AND o.external_id = r.external_id AND o.job_id < r.job_id`);
    await runner.query(
      'ALTER TABLE external_ref DROP CONSTRAINT external_ref_pkey, ADD PRIMARY KEY (dialect, external_id)',
    );
    await runner.query('ALTER TABLE external_ref DROP COLUMN project');
  }
}
