import type { QueryRunner } from 'typeorm';

/** Columns that hold words of a closed list: `[table, column, words]`. */
export type WordColumn = readonly [table: string, column: string, words: readonly string[]];

const nameOf = ([table, column]: WordColumn): string => `${table}_${column}_check`;

/**
 * Constrains columns to their words. What is written from now on is checked; rows that are there already are looked at
 * by `migrate` afterwards, when this transaction has ended and nobody waits for its locks.
 */
export async function constrainWords(runner: QueryRunner, columns: readonly WordColumn[]): Promise<void> {
  for (const one of columns) {
    const [table, column, words] = one;
    await runner.query(
      `ALTER TABLE ${table} ADD CONSTRAINT ${nameOf(one)} CHECK (${column} IN (${words.map((word) => `'${word}'`).join(', ')})) NOT VALID`,
    );
  }
}

/** Lets columns hold any word again. */
export async function freeWords(runner: QueryRunner, columns: readonly WordColumn[]): Promise<void> {
  for (const one of columns) await runner.query(`ALTER TABLE ${one[0]} DROP CONSTRAINT IF EXISTS ${nameOf(one)}`);
}
