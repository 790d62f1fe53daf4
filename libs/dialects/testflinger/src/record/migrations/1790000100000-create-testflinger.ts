import type { MigrationInterface, QueryRunner } from '@drover/store';

/**
 * The tables of the Testflinger dialect: its agents' own words, queues, results, log fragments, wait
 * times.
 */
export class CreateTestflinger1790000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE IF EXISTS testflinger_agent, testflinger_provision_log, testflinger_queue, testflinger_wait, testflinger_result,
      testflinger_fragment, testflinger_output, testflinger_blob, testflinger_run CASCADE`);
  }
}

const STATEMENTS = [
  `CREATE TABLE testflinger_agent (
    name text PRIMARY KEY,
    data jsonb NOT NULL DEFAULT '{}',
    log text[] NOT NULL DEFAULT '{}',
    streak_type text,
    streak_count integer NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now()
  ) WITH (fillfactor = 50)`,
  `CREATE INDEX testflinger_agent_queues ON testflinger_agent USING gin ((data->'queues'))`,

  `CREATE TABLE testflinger_provision_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agent text NOT NULL,
    job_id text NOT NULL,
    exit_code bigint NOT NULL,
    detail text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX testflinger_provision_log_agent ON testflinger_provision_log (agent, id)`,

  // description is null for a queue that was named by its images only.
  `CREATE TABLE testflinger_queue (
    name text PRIMARY KEY,
    description text,
    images jsonb NOT NULL DEFAULT '{}',
    updated_at timestamptz NOT NULL DEFAULT now()
  )`,

  // Waits are counted in whole seconds, so a count a second and queue is lossless, and percentiles do not sort a row a
  // job.
  `CREATE TABLE testflinger_wait (
    queue text NOT NULL,
    seconds integer NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (queue, seconds)
  ) WITH (fillfactor = 70)`,

  // One row a top-level key; value is the JSON text (jsonb could not hold a NUL, which serial logs do).
  `CREATE TABLE testflinger_result (
    ref text NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (ref, key)
  )`,
  `CREATE INDEX testflinger_result_updated ON testflinger_result (updated_at)`,

  // ref is the job id as the client spelled it; the job need not exist. data is UTF-8, for the same reason as above.
  `CREATE TABLE testflinger_fragment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL,
    log_type text NOT NULL,
    number bigint NOT NULL,
    phase text NOT NULL,
    at timestamptz NOT NULL,
    data bytea NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now()
  )`,
  // A retry after a lost answer repeats number, phase and text: one copy.
  `CREATE UNIQUE INDEX testflinger_fragment_once ON testflinger_fragment (ref, log_type, number, phase, md5(data))`,
  `CREATE INDEX testflinger_fragment_order ON testflinger_fragment (ref, log_type, phase, number, id)`,
  `CREATE INDEX testflinger_fragment_stored ON testflinger_fragment USING brin (stored_at)`,

  `CREATE TABLE testflinger_output (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL,
    log_type text NOT NULL,
    data bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX testflinger_output_ref ON testflinger_output (ref, log_type, id)`,

  `CREATE TABLE testflinger_blob (
    ref text NOT NULL,
    kind text NOT NULL,
    blob_key text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (ref, kind)
  )`,
  `CREATE INDEX testflinger_blob_updated ON testflinger_blob (updated_at)`,

  // How far the output of a worker's execution has become fragments.
  `CREATE TABLE testflinger_run (
    ref text NOT NULL,
    log_type text NOT NULL,
    execution_id uuid NOT NULL,
    read_to bigint NOT NULL DEFAULT 0,
    rest bytea NOT NULL DEFAULT '',
    phase text,
    next_number bigint NOT NULL DEFAULT 0,
    finished boolean NOT NULL DEFAULT false,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (ref, log_type)
  )`,
];
