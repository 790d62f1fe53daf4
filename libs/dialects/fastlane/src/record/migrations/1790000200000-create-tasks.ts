import type { MigrationInterface, QueryRunner } from '@drover/store';

/** Tasks and their jobs and executions, as the fastlane API shows them. Each execution is one job of the record. */
export class CreateTasks1790000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS task_host_block, task_execution, task_job, task CASCADE');
  }
}

const STATEMENTS = [
  `CREATE TABLE task (
    task_id text PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    words text[] NOT NULL,
    jobs_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    modified_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE UNIQUE INDEX task_seq ON task (seq)`,
  `CREATE INDEX task_words ON task USING gin (words)`,

  `CREATE TABLE task_job (
    task_id text NOT NULL REFERENCES task ON DELETE CASCADE,
    job_id uuid NOT NULL,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    owner text NOT NULL,
    details jsonb NOT NULL,
    retry_count integer NOT NULL DEFAULT 0,
    enqueued_id uuid NOT NULL,
    request_ip text,
    cron_job_id uuid,
    cron_submitted boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    modified_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (task_id, job_id)
  )`,
  `CREATE INDEX task_job_modified ON task_job (task_id, modified_at DESC, seq DESC)`,
  `CREATE INDEX task_job_cron ON task_job (cron_job_id) WHERE cron_job_id IS NOT NULL`,
  `CREATE INDEX task_job_unsent ON task_job (seq) WHERE NOT cron_submitted`,

  // id is also that of the record's job. created_at may lie ahead: the execution is not there before it (start_at,
  // start_in).
  `CREATE TABLE task_execution (
    id uuid PRIMARY KEY,
    task_id text NOT NULL,
    job_id uuid NOT NULL,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    image text NOT NULL,
    command text NOT NULL,
    request_ip text,
    origin text NOT NULL,
    tick_at timestamptz,
    start_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    farm text,
    submission jsonb,
    stop_requested boolean NOT NULL DEFAULT false,
    settled boolean NOT NULL DEFAULT false,
    FOREIGN KEY (task_id, job_id) REFERENCES task_job ON DELETE CASCADE
  )`,
  `CREATE INDEX task_execution_of_job ON task_execution (task_id, job_id, created_at DESC, seq DESC)`,
  `CREATE UNIQUE INDEX task_execution_tick ON task_execution (task_id, job_id, tick_at) WHERE tick_at IS NOT NULL`,
  `CREATE INDEX task_execution_open ON task_execution (seq) WHERE NOT settled`,

  `CREATE TABLE task_host_block (
    host text PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
];
