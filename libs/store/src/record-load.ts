import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from } from 'pg-copy-streams';
import type { DataSource, QueryRunner } from 'typeorm';
import { ADVISORY_LOCKS, DroverError } from '@drover/domain';
import * as SQL from './backup.sql.js';
import { RECORD_LIFE } from './event.store.js';
import { MIGRATION_TABLE, MIGRATIONS_APPLIED, NO_TIMEOUT, PUT_SETTING } from './instance.sql.js';
import { migrate } from './migrate.js';
import { copyClient, knownMigrations, rowsOf, tablesOf, type CopiedTable, type RecordShape } from './record-copy.js';
import { MAKE_PARTITION } from './sample.sql.js';
import { createDataSource } from './store.js';
import type { Tables } from './tables.js';

/** Takes the rows of one table, as they were copied. */
type LoadRows = (table: string, pieces: AsyncIterable<Buffer>) => Promise<number>;

/** A record that is loaded: its shape, and who hands over the rows. */
export interface Load {
  shape: Pick<RecordShape, 'migrations' | 'tables' | 'sequences' | 'sampleDays'>;
  /** Hands the rows of each table over, in the order of the shape. All is undone when it throws. */
  rows: (load: LoadRows) => Promise<void>;
}

const NEXT =
  'Restore into an empty database: name another one in DROVER_DATABASE_URL (CREATE DATABASE), or another DROVER_DATA_DIR.';

/** Refuses a copy that this program has no tables for. @throws DroverError with the remedy */
export function assertLoadable(tables: readonly Tables[], migrations: readonly string[]): void {
  const known = knownMigrations(tables);
  const unknown = migrations.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new DroverError(
      'conflict',
      `The backup was made by a newer Drover, or by one with other dialects (${unknown.at(-1)}): restore it with that version.`,
    );
}

/**
 * Refuses a database that holds something, or that an API serves. @throws DroverError that says what is there and how
 * to go on
 */
export async function assertEmpty(
  url: string,
  tables: readonly Tables[],
  migrations: readonly string[],
): Promise<void> {
  await withSource(url, tables, async (source) => {
    const runner = source.createQueryRunner();
    try {
      await refuseServed(runner);
      await refuseUsed(runner, migrations);
    } finally {
      await runner.release().catch(() => undefined);
    }
  });
}

/**
 * Loads a copied record into an empty database, all of it or nothing. The tables are made as the copy had them; who
 * calls brings them to this version afterwards (`migrate`).
 */
export async function loadRecord(url: string, tables: readonly Tables[], { shape, rows }: Load): Promise<void> {
  assertLoadable(tables, shape.migrations);
  await assertEmpty(url, tables, shape.migrations);
  await migrate(url, tables, { only: shape.migrations });
  await withSource(url, tables, async (source) => {
    const runner = source.createQueryRunner();
    try {
      await loadAll(runner, shape, rows);
    } catch (error) {
      await runner.query(SQL.ROLLBACK).catch(() => undefined);
      throw error;
    } finally {
      await runner.release().catch(() => undefined);
    }
  });
}

async function loadAll(runner: QueryRunner, shape: Load['shape'], rows: Load['rows']): Promise<void> {
  await runner.query(SQL.BEGIN_LOAD);
  await runner.query(SQL.TAKE_TIME);
  const [lock] = await rowsOf<{ taken: boolean }>(runner, SQL.TRY_MIGRATION_LOCK, [ADVISORY_LOCKS.migration]);
  if (lock?.taken !== true)
    throw new DroverError('unavailable', 'A migration or a backup works on the database: restore when it is done.');
  const names = (await tablesOf(runner)).map(({ name }) => name);
  await runner.query(SQL.lockAll(names));
  // Only now nobody can write any more.
  await refuseUsed(runner, shape.migrations);
  for (const day of shape.sampleDays) await runner.query(MAKE_PARTITION, [day]);
  for (const name of names) await runner.query(SQL.triggers(name, 'DISABLE'));
  const waiting = new Map<string, CopiedTable>(shape.tables.map((table) => [table.name, table]));
  await rows(async (name, pieces) => {
    const table = waiting.get(name);
    if (table === undefined || !waiting.delete(name))
      throw new DroverError('invalid', `The backup holds rows of ${name}, twice, or without listing the table.`);
    const into = (await copyClient(runner)).query(from(SQL.copyIn(table.name, table.columns)));
    await pipeline(Readable.from(pieces, { objectMode: false }), into);
    return into.rowCount;
  });
  if (waiting.size > 0)
    throw new DroverError('invalid', `The backup lacks the rows of ${[...waiting.keys()].join(', ')}.`);
  for (const { name, value } of shape.sequences) await runner.query(SQL.SET_SEQUENCE, [name, value]);
  for (const name of names) await runner.query(SQL.triggers(name, 'ENABLE'));
  // Positions in the record that was copied mean nothing in this one.
  await runner.query(PUT_SETTING, [RECORD_LIFE, JSON.stringify(randomBytes(4).toString('hex'))]);
  await runner.query(SQL.COMMIT);
  await runner.query(NO_TIMEOUT);
  await runner.query(SQL.analyze(names));
}

async function refuseServed(runner: QueryRunner): Promise<void> {
  const [serving] = await rowsOf<{ n: number }>(runner, SQL.SERVING);
  if ((serving?.n ?? 0) > 0)
    throw new DroverError('conflict', `An API serves this database (${serving?.n} connections): stop it first.`);
}

async function refuseUsed(runner: QueryRunner, migrations: readonly string[]): Promise<void> {
  const found = await tablesOf(runner);
  if (found.length === 0) return;
  const [used] = await rowsOf<{ at: number }>(runner, SQL.firstUsed(found.map(({ name }) => name)));
  if (used !== undefined)
    throw new DroverError('conflict', `The database is not empty: the table ${found[used.at]?.name} has rows. ${NEXT}`);
  const [table] = await rowsOf<{ found: string | null }>(runner, MIGRATION_TABLE);
  const applied =
    table?.found == null ? [] : (await rowsOf<{ name: string }>(runner, MIGRATIONS_APPLIED)).map(({ name }) => name);
  const other = applied.find((name) => !migrations.includes(name));
  if (table?.found == null || other !== undefined)
    throw new DroverError(
      'conflict',
      `The database has no rows, but ${other === undefined ? `a table ${found[0]?.name}` : `tables that the backup does not know (${other})`}. ${NEXT}`,
    );
}

async function withSource(
  url: string,
  tables: readonly Tables[],
  work: (source: DataSource) => Promise<void>,
): Promise<void> {
  const source = await createDataSource({ url, tables, pool: 1, applicationName: 'drover-restore' }).initialize();
  try {
    await work(source);
  } finally {
    await source.destroy();
  }
}
