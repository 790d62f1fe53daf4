import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Exporters and other proxies whose metrics are fetched, and the tree of proxies. */
export class CreateScrapeTargets1790000403000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS scrape_target, proxy_tree_edge');
  }
}

const STATEMENTS = [
  `CREATE TABLE scrape_target (
    id uuid PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    address text NOT NULL UNIQUE,
    kind text NOT NULL,
    period_s double precision NOT NULL,
    job text,
    drop_after integer,
    health text NOT NULL DEFAULT 'unknown',
    failures integer NOT NULL DEFAULT 0,
    last_error text,
    last_scrape_at timestamptz,
    last_duration_ms integer,
    series integer NOT NULL DEFAULT 0,
    tree text[] NOT NULL DEFAULT '{}',
    next_at timestamptz NOT NULL DEFAULT now(),
    lease_until timestamptz,
    lease_id uuid,
    owner text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX scrape_target_next ON scrape_target (next_at)`,
  `CREATE TABLE proxy_tree_edge (
    child text PRIMARY KEY,
    parent text NOT NULL,
    seq bigint GENERATED ALWAYS AS IDENTITY
  )`,
];
