import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks and mails that are to be sent, and every try to send them. */
export class CreateDeliveries1790000210000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS delivery_try, delivery CASCADE');
  }
}

const STATEMENTS = [
  // Written in the transaction of what it tells of: nothing that happened goes untold, nothing is told that did not
  // happen.
  `CREATE TABLE delivery (
    id uuid PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    job_id uuid NOT NULL,
    source text NOT NULL,
    kind text NOT NULL,
    event text NOT NULL,
    target text NOT NULL,
    request jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'pending',
    tries integer NOT NULL DEFAULT 0,
    max_tries integer NOT NULL,
    backoff_min_ms bigint NOT NULL,
    backoff_factor integer NOT NULL,
    due_at timestamptz NOT NULL DEFAULT now(),
    leased_until timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz
  )`,
  `CREATE INDEX delivery_pending ON delivery (due_at) WHERE state = 'pending'`,
  `CREATE INDEX delivery_of_job ON delivery (job_id, seq)`,
  `CREATE INDEX delivery_done ON delivery (done_at) WHERE done_at IS NOT NULL`,

  `CREATE TABLE delivery_try (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery_id uuid NOT NULL REFERENCES delivery ON DELETE CASCADE,
    at timestamptz NOT NULL,
    took_ms integer NOT NULL,
    status integer,
    error text,
    headers text[] NOT NULL DEFAULT '{}',
    body text NOT NULL DEFAULT ''
  )`,
  `CREATE INDEX delivery_try_of ON delivery_try (delivery_id, id)`,
];
