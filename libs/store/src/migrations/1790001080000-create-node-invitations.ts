import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/** Invitations of new nodes, and the keys of those that came. */
export class CreateNodeInvitations1790001080000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS node_key, node_invitation');
  }
}

const STATEMENTS = [
  `CREATE TABLE node_invitation (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL,
    queues text[] NOT NULL,
    labels jsonb NOT NULL DEFAULT '{}',
    slots integer,
    ticket_login boolean NOT NULL DEFAULT false,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    used_at timestamptz,
    used_by text,
    used_from text
  )`,
  'CREATE INDEX node_invitation_created ON node_invitation (created_at)',
  `CREATE TABLE node_key (
    id uuid PRIMARY KEY,
    key_hash bytea NOT NULL,
    name text NOT NULL,
    queues text[] NOT NULL,
    labels jsonb NOT NULL DEFAULT '{}',
    slots integer,
    ticket_login boolean NOT NULL DEFAULT false,
    invitation_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
  )`,
  'CREATE UNIQUE INDEX node_key_name ON node_key (name) WHERE revoked_at IS NULL',
];
