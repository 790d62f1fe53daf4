import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { ADVISORY_LOCKS, DroverError } from '@drover/domain';
import { giveWay } from './in-the-way.js';
import * as SQL from './instance.sql.js';
import { MIGRATIONS } from './migrations/index.js';
import { isContract, stampOf } from './migrations/phase.js';
import { settingStore } from './setting.store.js';
import type { Sql } from './sql.js';
import { createDataSource, type Store } from './store.js';
import type { Tables } from './tables.js';

const LOCK_LOOK_MS = 100;
/** The longest wait of a statement of a migration for the lock of a table. */
const LOCK_WAIT_MS = 2_000;

export interface Migrated {
  applied: string[];
  /** Migrations that run when no API of the release before serves any more (`finish`). */
  left: string[];
}

/**
 * Brings the schema to this program's version, with the tables that other parts bring. Any number of callers at once:
 * one works, the others wait for it. An API of the release before goes on serving, unless `finish`: then the steps run,
 * too, that take away what it needs. A new database has nobody who needs it. `only`: to the schema of these migrations
 * and no further.
 */
export async function migrate(
  url: string,
  tables: readonly Tables[],
  { finish = false, only }: { finish?: boolean; only?: readonly string[] } = {},
): Promise<Migrated> {
  const all = [...MIGRATIONS, ...tables.flatMap(({ migrations }) => migrations)];
  const contracts = all.filter(isContract).map(({ name }) => name);
  const source = await createDataSource({
    url,
    tables,
    pool: 2,
    applicationName: 'drover-migrate',
    settings: { lock_timeout: LOCK_WAIT_MS },
    ...(only === undefined ? {} : { only }),
  }).initialize();
  try {
    const runner = source.createQueryRunner();
    try {
      await runner.query(SQL.NO_TIMEOUT);
      await takeLock(runner);
      const isNew = ((await runner.query(SQL.MIGRATION_TABLE)) as { found: string | null }[])[0]?.found == null;
      const whole = finish || isNew;
      if (!whole) leaveOut(source, contracts);
      const before = isNew ? [] : await appliedNames(runner);
      await runPending(source);
      await validateConstraints(runner);
      // A record that is loaded into the schema of `only` brings its settings. A newer program may have taken away more
      // than this one knows: its stamp stays.
      if (whole && contracts.length > 0 && only === undefined)
        await runner.query(SQL.RAISE_SETTING, [CONTRACTED, JSON.stringify(Math.max(...contracts.map(stampOf)))]);
      const known = await appliedNames(runner);
      return {
        applied: known.filter((name) => !before.includes(name)),
        left: contracts.filter((name) => !known.includes(name)),
      };
    } finally {
      await runner.query(SQL.UNLOCK, [ADVISORY_LOCKS.migration]).catch(() => undefined);
      await runner.release();
    }
  } finally {
    await source.destroy();
  }
}

/** The migrations of the record, oldest first: those, too, that were done before a try that gave way. */
async function appliedNames(runner: QueryRunner): Promise<string[]> {
  return ((await runner.query(SQL.MIGRATIONS_APPLIED)) as AppliedMigration[]).map(({ name }) => name);
}

function leaveOut({ migrations }: DataSource, names: readonly string[]): void {
  const kept = migrations.filter((migration) => !names.includes(migration.constructor.name));
  migrations.splice(0, migrations.length, ...kept);
}

/** The setting with the stamp below which no program may serve: that of the newest step that took something away. */
const CONTRACTED = 'schema_contracted';

/**
 * Runs the migrations that are due. A statement that waits for the lock of a table makes everybody wait who comes after
 * it; so it gives up soon, and its migration, whose transaction is undone, is tried again. So is one that stands in a
 * ring of locks with statements of those who serve.
 */
async function runPending(source: DataSource): Promise<void> {
  await giveWay(() => source.runMigrations({ transaction: 'each' }));
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

/** The steps that are left for when no API of the release before serves any more. */
export async function stepsLeft(store: Store, tables: readonly Tables[]): Promise<string[]> {
  const applied = await store.sql.rows<AppliedMigration>(SQL.MIGRATIONS_APPLIED);
  return [...MIGRATIONS, ...tables.flatMap(({ migrations }) => migrations)]
    .filter(isContract)
    .map(({ name }) => name)
    .filter((name) => !applied.some((row) => row.name === name));
}

/**
 * Refuses a database that is older or newer than this program, with the remedy. Steps that a later release added do no
 * harm until one of them has taken away what this program needs. Tables of a dialect that was taken out of the program
 * do none either: a migration that is not known, but older than the newest known one, is one of theirs.
 */
export async function assertSchema(store: Store, tables: readonly Tables[]): Promise<void> {
  const all = [...MIGRATIONS, ...tables.flatMap(({ migrations }) => migrations)];
  const expected = all.map(({ name }) => name);
  const newest = Math.max(...expected.map(stampOf));
  const isThere = await isMigrated(store.sql);
  const applied = isThere ? await store.sql.rows<AppliedMigration>(SQL.MIGRATIONS_APPLIED) : [];
  const missing = all.filter((one) => !isContract(one) && !applied.some((row) => row.name === one.name));
  const newer = applied.filter(({ name, stamp }) => !expected.includes(name) && stamp > newest);
  const contracted = isThere ? ((await settingStore.get<number>(store.sql, CONTRACTED)) ?? 0) : 0;
  if (newer.length > 0 && contracted > newest) {
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
