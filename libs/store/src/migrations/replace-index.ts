import type { QueryRunner } from 'typeorm';

/**
 * Makes an index beside the running broker, and then drops the one that had its name. For migrations without a
 * transaction; one that was interrupted begins anew. `definition` is what follows the name in CREATE INDEX.
 */
export async function replaceIndex(runner: QueryRunner, name: string, definition: string): Promise<void> {
  // It waits for the transactions of before, and nobody waits for it.
  await runner.query('SET lock_timeout = 0');
  await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}_new`);
  await runner.query(`CREATE INDEX CONCURRENTLY ${name}_new ${definition}`);
  await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
  await runner.query(`ALTER INDEX ${name}_new RENAME TO ${name}`);
  await runner.query('RESET lock_timeout');
}
