import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/**
 * The position of a job's last event, kept under the row's lock, so that its next event never stands before it
 * (docs/architecture/record.md "Events"). Jobs that exist begin at the present end: none of their events stands behind
 * it.
 */
export class AddEventPosition1790000571000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('LOCK TABLE job IN ACCESS EXCLUSIVE MODE');
    const [end] = (await runner.query('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS tx')) as {
      tx: string;
    }[];
    // A constant: the table is not written anew.
    await runner.query(`ALTER TABLE job ADD COLUMN event_tx xid8 NOT NULL DEFAULT '${BigInt(end?.tx ?? 0)}'`);
    await runner.query('ALTER TABLE job ALTER COLUMN event_tx SET DEFAULT pg_current_xact_id()');
    // Every statement has to say where its event stands: one that forgot would put it where its transaction began.
    await runner.query('ALTER TABLE event ALTER COLUMN tx DROP DEFAULT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE event ALTER COLUMN tx SET DEFAULT pg_current_xact_id()');
    await runner.query('ALTER TABLE job DROP COLUMN event_tx');
  }
}
