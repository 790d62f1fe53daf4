import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/** Changes of many jobs that are worked off in batches. */
export class CreateBulkActions1790001062000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS bulk_action_step, bulk_action');
  }
}

const STATEMENTS = [
  `CREATE TABLE bulk_action (
    id uuid PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    project text NOT NULL,
    owner text NOT NULL,
    asker jsonb NOT NULL,
    action text NOT NULL CONSTRAINT bulk_action_action_check CHECK (action IN ('cancel', 'retry', 'priority', 'tag', 'untag')),
    options jsonb NOT NULL DEFAULT '{}',
    filter jsonb,
    ids uuid[],
    upto bigint NOT NULL,
    place bigint NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'running' CONSTRAINT bulk_action_state_check CHECK (state IN ('running', 'done', 'cancelled', 'failed')),
    problem text,
    matched integer NOT NULL,
    matched_exact boolean NOT NULL,
    done integer NOT NULL DEFAULT 0,
    passed integer NOT NULL DEFAULT 0,
    skipped jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL DEFAULT now(),
    touched_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    lease_until timestamptz,
    lease uuid,
    key text,
    body_hash text
  )`,
  `CREATE INDEX bulk_action_running ON bulk_action (touched_at) WHERE state = 'running'`,
  `CREATE UNIQUE INDEX bulk_action_key ON bulk_action (owner, project, key) WHERE key IS NOT NULL`,
  `CREATE INDEX bulk_action_project_seq ON bulk_action (project, seq DESC)`,
  `CREATE TABLE bulk_action_step (
    action_id uuid NOT NULL REFERENCES bulk_action ON DELETE CASCADE,
    job_id uuid NOT NULL,
    PRIMARY KEY (action_id, job_id)
  )`,
];
