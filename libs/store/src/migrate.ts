import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryRunner } from 'typeorm';
import { ADVISORY_LOCKS, DroverError } from '@drover/domain';
import * as SQL from './instance.sql.js';
import { MIGRATIONS } from './migrations/index.js';
import type { Sql } from './sql.js';
import { createDataSource, type Store } from './store.js';
import type { Tables } from './tables.js';

const LOCK_LOOK_MS = 100;

/**
 * Brings the schema to this program's version, with the tables that other parts bring. Any number of callers at once:
 * one works, the others wait for it. `only`: to the schema of these migrations and no further.
 */
export async function migrate(
  url: string,
  tables: readonly Tables[],
  only?: readonly string[],
): Promise<{ applied: string[] }> {
  const options = { url, tables, pool: 2, applicationName: 'drover-migrate' };
  const source = await createDataSource(only === undefined ? options : { ...options, only }).initialize();
  try {
    const runner = source.createQueryRunner();
    try {
      await runner.query(SQL.NO_TIMEOUT);
      await takeLock(runner);
      const applied = await source.runMigrations({ transaction: 'each' });
      await validateConstraints(runner);
      return { applied: applied.map((migration) => migration.name) };
    } finally {
      await runner.query(SQL.UNLOCK, [ADVISORY_LOCKS.migration]).catch(() => undefined);
      await runner.release();
    }
  } finally {
    await source.destroy();
  }
}

/**
 * Waits for who migrates already. It asks again and again, because a statement that waits for the lock would be waited
 * for by an index that is made beside the running broker, which Postgres does not see as a ring.
 */
async function takeLock(runner: QueryRunner): Promise<void> {
  for (;;) {
    const [row] = (await runner.query(SQL.TRY_LOCK, [ADVISORY_LOCKS.migration])) as { taken: boolean }[];
    if (row?.taken === true) return;
    await sleep(LOCK_LOOK_MS);
  }
}

/**
 * Looks at the rows that were there before a constraint was. Each constraint is a transaction of its own that readers
 * and writers do not wait for, which it would not be among the migrations.
 */
async function validateConstraints(runner: QueryRunner): Promise<void> {
  const open = (await runner.query(SQL.OPEN_CONSTRAINTS)) as { table: string; name: string }[];
  for (const { table, name } of open) await runner.query(SQL.validate(table, name));
}

/** Whether a migration was ever applied to the database. */
export async function isMigrated(sql: Sql): Promise<boolean> {
  const [row] = await sql.rows<{ found: string | null }>(SQL.MIGRATION_TABLE);
  return row?.found != null;
}

/**
 * Refuses a database that is older or newer than this program, with the remedy. Tables of a dialect that was taken out
 * of the program do no harm: a migration that is not known, but older than the newest known one, is one of theirs.
 */
export async function assertSchema(store: Store, tables: readonly Tables[]): Promise<void> {
  const expected = [...MIGRATIONS, ...tables.flatMap(({ migrations }) => migrations)].map(({ name }) => name);
  const newest = Math.max(...expected.map(stampOf));
  const applied = (await isMigrated(store.sql)) ? await store.sql.rows<AppliedMigration>(SQL.MIGRATIONS_APPLIED) : [];
  const missing = expected.filter((name) => !applied.some((row) => row.name === name));
  const newer = applied.filter(({ name, stamp }) => !expected.includes(name) && stamp > newest);
  if (newer.length > 0) {
    throw new DroverError(
      'unavailable',
      `The database was migrated by a newer Drover (${newer.at(-1)?.name}). Run that version, or restore a backup made before the upgrade.`,
    );
  }
  if (missing.length > 0) {
    throw new DroverError(
      'unavailable',
      `The database schema is ${missing.length} migration(s) behind this Drover. Run \`drover migrate\`.`,
    );
  }
}

interface AppliedMigration {
  name: string;
  stamp: number;
}

/** The time stamp at the end of a migration's name. */
const stampOf = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);
