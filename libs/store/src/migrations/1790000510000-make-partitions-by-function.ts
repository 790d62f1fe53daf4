import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/**
 * The API's login may not make tables. The days of `sample` are made and dropped by these two functions, with the
 * rights of the schema's owner: they take a day and nothing else.
 */
export class MakePartitionsByFunction1790000510000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    const [{ schema }] = (await runner.query('SELECT quote_ident(current_schema()) AS schema')) as [{ schema: string }];
    const definer = `LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp SET timezone = 'UTC'`;
    await runner.query(`
      CREATE FUNCTION make_sample_partition(day date) RETURNS void ${definer} AS $$
      DECLARE
        name text := 'sample_' || to_char(day, 'YYYYMMDD');
      BEGIN
        EXECUTE format('CREATE TABLE %I (LIKE sample INCLUDING DEFAULTS)', name);
        LOCK TABLE sample_default IN ACCESS EXCLUSIVE MODE;
        EXECUTE format('WITH moved AS (DELETE FROM sample_default WHERE at >= %L AND at < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
                       day::timestamptz, (day + 1)::timestamptz, name);
        EXECUTE format('ALTER TABLE sample ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, day::timestamptz, (day + 1)::timestamptz);
      END $$`);
    await runner.query(`
      CREATE FUNCTION drop_sample_partition(day date) RETURNS void ${definer} AS $$
      BEGIN
        EXECUTE format('DROP TABLE IF EXISTS %I', 'sample_' || to_char(day, 'YYYYMMDD'));
      END $$`);
    await runner.query('REVOKE ALL ON FUNCTION make_sample_partition(date), drop_sample_partition(date) FROM PUBLIC');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION IF EXISTS make_sample_partition(date), drop_sample_partition(date)');
  }
}
