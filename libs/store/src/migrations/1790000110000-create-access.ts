import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Makes the tables of rights: clients, their refresh tokens, their secrets, restricted queues. */
export class CreateAccess1790000110000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE IF EXISTS access_client, access_refresh_token, access_secret, access_restricted_queue CASCADE',
    );
  }
}

const STATEMENTS = [
  // A revoked client keeps its row, so that tokens issued before are refused until they expire.
  `CREATE TABLE access_client (
    id text PRIMARY KEY,
    role text NOT NULL,
    key_hash text,
    max_priority jsonb NOT NULL DEFAULT '{}',
    allowed_queues text[] NOT NULL DEFAULT '{}',
    max_reservation_time jsonb NOT NULL DEFAULT '{}',
    email text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
  )`,
  // Only the SHA-256 of a token: 36 random bytes need no slow hash.
  `CREATE TABLE access_refresh_token (
    hash bytea PRIMARY KEY,
    client_id text NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
  )`,
  `CREATE INDEX access_refresh_token_client ON access_refresh_token (client_id)`,
  `CREATE TABLE access_secret (
    client_id text NOT NULL,
    path text NOT NULL,
    sealed bytea NOT NULL,
    ephemeral boolean NOT NULL DEFAULT false,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, path)
  )`,
  `CREATE TABLE access_restricted_queue (
    queue text PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
];
