import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Makes the table of what every source of metrics has given to the sums so far. */
export class CreateMetricSource1790000400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS metric_source, metric_table');
  }
}

const STATEMENTS = [
  // Lists of series by the hash of their content: sources of one program share one row.
  `CREATE TABLE metric_table (
    id text PRIMARY KEY,
    defs jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  // Written about once a second a source. `vals`: float64 little-endian, laid out by the table. `tx` lets a reader ask
  // for what changed since it looked; no index on it: the table holds some hundreds of rows, and an index would be
  // written with every value.
  `CREATE TABLE metric_source (
    key text PRIMARY KEY,
    kind text NOT NULL,
    feeds_main boolean NOT NULL,
    node text,
    job text,
    live boolean NOT NULL DEFAULT false,
    held_by text,
    incarnation text NOT NULL DEFAULT '',
    seq bigint NOT NULL DEFAULT 0,
    description jsonb,
    table_id text NOT NULL,
    vals bytea NOT NULL,
    gone boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    tx xid8 NOT NULL DEFAULT pg_current_xact_id()
  ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.5)`,
  `CREATE INDEX metric_source_job ON metric_source (job) WHERE job IS NOT NULL`,
  `CREATE INDEX metric_source_held ON metric_source (held_by) WHERE held_by IS NOT NULL`,
  `ALTER TABLE metric_source ALTER COLUMN vals SET STORAGE EXTERNAL`,
];
