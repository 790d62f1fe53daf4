import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Makes the table of finished jobs' profiles: how they ran, and their metrics. */
export class CreateProfiles1790000402000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS profile, profile_node; DROP SEQUENCE IF EXISTS profile_seq');
  }
}

const STATEMENTS = [
  // The order of ends. A job that ran again counts as new.
  `CREATE SEQUENCE profile_seq`,
  // No reference to job: a profile outlives its job, and jobs of joined proxies are none of Drover's.
  `CREATE TABLE profile (
    jobid text PRIMARY KEY,
    seq bigint NOT NULL DEFAULT nextval('profile_seq'),
    command text NOT NULL,
    description jsonb NOT NULL,
    queue text,
    owner text,
    node text,
    outcome text,
    cause text,
    exit_code integer,
    wall_s double precision,
    summary jsonb NOT NULL DEFAULT '{}',
    counters jsonb NOT NULL DEFAULT '[]',
    node_snapshots text[] NOT NULL DEFAULT '{}',
    finished_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX profile_by_seq ON profile (seq DESC)`,
  // Commands may be longer than an index entry; the hash finds, the text decides.
  `CREATE INDEX profile_command ON profile (md5(command), seq DESC)`,
  `CREATE INDEX profile_queue ON profile (queue, seq DESC)`,
  // System metrics of a node at one second; the profiles of all jobs that ended in it share them.
  `CREATE TABLE profile_node (
    id text PRIMARY KEY,
    counters jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
];
