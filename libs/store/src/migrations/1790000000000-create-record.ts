import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The record: jobs, executions, logs, events, agents, queues. */
export class CreateRecord1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE IF EXISTS instance_setting, artifact, sample, event, log_chunk, execution, external_ref,
      idempotency_key, outbox, job_dependency, job, queue, agent CASCADE`);
  }
}

const STATEMENTS = [
  // fillfactor: every job row is updated about four times in its life; the free fifth keeps those updates on its page
  // (HOT).
  `CREATE TABLE job (
    id uuid PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    queue text NOT NULL,
    name text,
    owner text NOT NULL,
    dialect text NOT NULL,
    dispatch text NOT NULL,
    spec jsonb NOT NULL,
    payload jsonb NOT NULL DEFAULT '{}',
    tags text[] NOT NULL DEFAULT '{}',
    metadata jsonb NOT NULL DEFAULT '{}',
    priority integer NOT NULL DEFAULT 0,
    state text NOT NULL,
    cause text,
    cause_detail text,
    exit_code integer,
    signal text,
    attempt integer NOT NULL DEFAULT 1,
    epoch integer NOT NULL DEFAULT 0,
    losses integer NOT NULL DEFAULT 0,
    dispatch_seq integer NOT NULL DEFAULT 1,
    node text,
    agent_id uuid,
    execution_id uuid,
    parent_id uuid,
    depends_on uuid[] NOT NULL DEFAULT '{}',
    pending_dependencies integer NOT NULL DEFAULT 0,
    held boolean NOT NULL DEFAULT false,
    cron jsonb,
    cron_tick_at timestamptz,
    start_at timestamptz,
    expires_at timestamptz,
    cancel_requested_at timestamptz,
    cancel_reason text,
    created_at timestamptz NOT NULL,
    queued_at timestamptz,
    claimed_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    updated_at timestamptz NOT NULL
  ) WITH (fillfactor = 80)`,
  `CREATE UNIQUE INDEX job_seq ON job (seq)`,
  `CREATE INDEX job_ready ON job (queue, priority DESC, seq) WHERE state = 'queued'`,
  `CREATE INDEX job_live ON job (queue, state) WHERE state IN ('scheduled','queued','claimed','running','cancelling')`,
  `CREATE INDEX job_due ON job (start_at) WHERE state = 'scheduled'`,
  `CREATE INDEX job_expiry ON job (expires_at) WHERE state IN ('scheduled','queued') AND expires_at IS NOT NULL`,
  `CREATE INDEX job_queue_seq ON job (queue, seq DESC)`,
  `CREATE INDEX job_state_seq ON job (state, seq DESC)`,
  `CREATE INDEX job_owner_seq ON job (owner, seq DESC)`,
  `CREATE INDEX job_dialect_seq ON job (dialect, seq DESC)`,
  `CREATE INDEX job_parent ON job (parent_id) WHERE parent_id IS NOT NULL`,
  `CREATE INDEX job_tags ON job USING gin (tags)`,
  `CREATE INDEX job_cron ON job (id) WHERE cron IS NOT NULL AND state = 'scheduled'`,

  `CREATE TABLE job_dependency (
    job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
    depends_on uuid NOT NULL REFERENCES job ON DELETE CASCADE,
    PRIMARY KEY (depends_on, job_id)
  )`,
  `CREATE INDEX job_dependency_job ON job_dependency (job_id)`,

  // The dispatch marks: tickets not yet known to be in BullMQ. A row a ticket, gone as soon as the ticket is in.
  `CREATE TABLE outbox (
    ticket_id text PRIMARY KEY,
    job_id uuid NOT NULL,
    queue text NOT NULL,
    priority integer NOT NULL,
    due_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,

  `CREATE TABLE idempotency_key (
    owner text NOT NULL,
    key text NOT NULL,
    body_hash text NOT NULL,
    job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, key)
  )`,
  `CREATE INDEX idempotency_key_job ON idempotency_key (job_id)`,

  `CREATE TABLE external_ref (
    dialect text NOT NULL,
    external_id text NOT NULL,
    job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
    PRIMARY KEY (dialect, external_id)
  )`,
  `CREATE INDEX external_ref_job ON external_ref (job_id)`,

  `CREATE TABLE execution (
    id uuid PRIMARY KEY,
    job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
    epoch integer NOT NULL,
    attempt integer NOT NULL,
    agent_id uuid NOT NULL,
    node text NOT NULL,
    boot_id text NOT NULL,
    state text NOT NULL,
    phase text,
    cause text,
    cause_detail text,
    exit_code integer,
    signal text,
    pid integer,
    container_id text,
    payload jsonb NOT NULL DEFAULT '{}',
    claimed_at timestamptz NOT NULL,
    spawned_at timestamptz,
    first_byte_at timestamptz,
    exited_at timestamptz,
    finished_at timestamptz,
    stdout_bytes bigint NOT NULL DEFAULT 0,
    stderr_bytes bigint NOT NULL DEFAULT 0,
    stdout_sha256 text,
    stderr_sha256 text,
    log_complete boolean,
    UNIQUE (job_id, epoch)
  ) WITH (fillfactor = 80)`,
  `CREATE INDEX execution_open ON execution (agent_id) WHERE state <> 'ended'`,

  `CREATE TABLE log_chunk (
    execution_id uuid NOT NULL REFERENCES execution ON DELETE CASCADE,
    stream text NOT NULL,
    "offset" bigint NOT NULL,
    length integer NOT NULL,
    sequence bigint NOT NULL,
    at timestamptz NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (execution_id, stream, "offset")
  )`,
  // The members are compressed already: Postgres would only burn CPU on a second try.
  `ALTER TABLE log_chunk ALTER COLUMN data SET STORAGE EXTERNAL`,
  `CREATE INDEX log_chunk_sequence ON log_chunk (execution_id, sequence)`,

  // (tx, id) is the order of delivery: a reader that stops before pg_snapshot_xmin never skips an event committed late.
  `CREATE TABLE event (
    id bigint GENERATED ALWAYS AS IDENTITY,
    tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    job_id uuid NOT NULL,
    queue text NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL,
    data jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (tx, id)
  )`,
  `CREATE INDEX event_job ON event (job_id, tx, id)`,
  `CREATE INDEX event_at ON event USING brin (at)`,

  `CREATE TABLE agent (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    kind text NOT NULL,
    state text NOT NULL,
    queues text[] NOT NULL DEFAULT '{}',
    slots integer NOT NULL DEFAULT 0,
    slots_free integer NOT NULL DEFAULT 0,
    facts jsonb,
    boot_id text NOT NULL DEFAULT '',
    token_hash text,
    payload jsonb NOT NULL DEFAULT '{}',
    registered_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL
  ) WITH (fillfactor = 50)`,
  `CREATE INDEX agent_queues ON agent USING gin (queues)`,

  `CREATE TABLE queue (
    name text PRIMARY KEY,
    paused boolean NOT NULL DEFAULT false,
    payload jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
  )`,

  `CREATE TABLE sample (
    job_id uuid NOT NULL,
    execution_id uuid,
    at timestamptz NOT NULL,
    cpu_percent real,
    memory_bytes bigint,
    read_bytes bigint,
    write_bytes bigint,
    cpu_seconds double precision,
    processes integer,
    gpu_percent real,
    gpu_memory_bytes bigint
  ) PARTITION BY RANGE (at)`,
  `CREATE INDEX sample_job_at ON sample (job_id, at DESC)`,
  `CREATE TABLE sample_default PARTITION OF sample DEFAULT`,

  `CREATE TABLE artifact (
    job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
    path text NOT NULL,
    execution_id uuid,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    content_type text NOT NULL,
    blob_key text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (job_id, path)
  )`,

  `CREATE TABLE instance_setting (
    key text PRIMARY KEY,
    value jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
  )`,
];
