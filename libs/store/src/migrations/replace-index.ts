import type { QueryRunner } from 'typeorm';

/**
 * Makes an index beside the running broker, and then drops the one that had its name. For migrations without a
 * transaction; one that was interrupted begins anew. `definition` is what follows the name in CREATE INDEX.
 */
export async function replaceIndex(runner: QueryRunner, name: string, definition: string): Promise<void> {
  await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}_new`);
  await runner.query(`CREATE INDEX CONCURRENTLY ${name}_new ${definition}`);
  await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
  await runner.query(`ALTER INDEX ${name}_new RENAME TO ${name}`);
}
