import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/** Tokens end with the key they were made for and with the client: each carries the generation of its client. */
export class AddTokenGeneration1790000540000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE access_refresh_token DROP COLUMN IF EXISTS generation');
    await runner.query(
      `ALTER TABLE access_client DROP COLUMN IF EXISTS token_generation, DROP COLUMN IF EXISTS tokens_since,
         DROP COLUMN IF EXISTS made_again_at`,
    );
  }
}

const STATEMENTS = [
  // Counts the new keys, the revocations and the new beginnings of a client. It never goes back, so an old token never
  // fits again.
  'ALTER TABLE access_client ADD COLUMN token_generation integer NOT NULL DEFAULT 0',
  // Tokens made elsewhere have no generation: they must be younger than the last of these events. Null: there was none.
  'ALTER TABLE access_client ADD COLUMN tokens_since timestamptz',
  // When a revoked client was made again: its secrets are not for jobs of before.
  'ALTER TABLE access_client ADD COLUMN made_again_at timestamptz',
  'ALTER TABLE access_refresh_token ADD COLUMN generation integer NOT NULL DEFAULT 0',
  'UPDATE access_client SET token_generation = 1, tokens_since = revoked_at WHERE revoked_at IS NOT NULL',
];
