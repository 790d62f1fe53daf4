import { constrainWords, freeWords, type PhasedMigration, type QueryRunner, type WordColumn } from '@drover/store';

/** Kinds of archives and of streaks are words of closed lists. */
export class CheckTestflingerWords1790000902000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    await constrainWords(runner, COLUMNS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await freeWords(runner, COLUMNS);
  }
}

/**
 * The words of this version, written out: a database that has this migration keeps them whatever the lists become. A
 * new word needs a migration that constrains its columns anew; test/record/schema.test.ts fails until it is there.
 */
const COLUMNS: readonly WordColumn[] = [
  ['testflinger_agent', 'streak_type', ['pass', 'fail']],
  ['testflinger_blob', 'kind', ['attachments', 'artifact']],
];
