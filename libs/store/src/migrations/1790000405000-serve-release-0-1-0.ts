import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/**
 * Keeps what an API of release 0.1.0 relies on while the migrations behind this one run, and after them: it gives an
 * event no position, which has no default behind 1790000571000, and names the columns of an index of alarms that
 * 1790001070000 replaces. Hence its number, the only one that is below those of migrations that were there before it.
 */
export class ServeRelease1790000405000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    // The job's row is held by the statement that tells of it, or is made by it. Without a trigger of its own the
    // position would be the transaction's alone: behind it stands the job's last event, if the present version wrote
    // it.
    await runner.query(`CREATE FUNCTION event_position() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      NEW.tx := greatest(pg_current_xact_id(), (SELECT event_tx FROM job WHERE id = NEW.job_id));
      RETURN NEW;
    END $$`);
    await runner.query(
      'CREATE TRIGGER event_position BEFORE INSERT ON event FOR EACH ROW WHEN (NEW.tx IS NULL) EXECUTE FUNCTION event_position()',
    );
    const [longest] = (await runner.query(
      'SELECT coalesce(max(octet_length(target) + octet_length(name)), 0) AS bytes FROM alarm_rule WHERE NOT ended',
    )) as { bytes: number }[];
    // A database with longer ones was served by a version that needs this index no more.
    if (Number(longest?.bytes) <= INDEX_BYTES)
      await runner.query(
        'CREATE UNIQUE INDEX alarm_rule_name_0_1_0 ON alarm_rule (target_kind, target, name) WHERE NOT ended',
      );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS alarm_rule_name_0_1_0');
    await runner.query('DROP TRIGGER IF EXISTS event_position ON event');
    await runner.query('DROP FUNCTION IF EXISTS event_position');
  }
}

/** The room for an entry of an index: a third of a page, less what stands beside it. */
const INDEX_BYTES = 2_600;
