import type { Readable } from 'node:stream';
import { to } from 'pg-copy-streams';
import type { QueryRunner } from 'typeorm';
import { ADVISORY_LOCKS, DroverError } from '@drover/domain';
import * as SQL from './backup.sql.js';
import { MIGRATIONS_APPLIED } from './instance.sql.js';
import { MIGRATIONS } from './migrations/index.js';
import { PARTITIONS } from './sample.sql.js';
import { createDataSource } from './store.js';
import type { Tables } from './tables.js';

/** A table as it is copied. */
export interface CopiedTable {
  name: string;
  columns: SQL.CopiedColumn[];
}

/** The shape of a copied record; its rows come beside it. */
export interface RecordShape {
  /** The moment whose record it is. */
  at: Date;
  /** Version of the Postgres it lay in. */
  server: string;
  /** Bytes of the database at that moment, tickets and indexes included. */
  databaseBytes: number;
  /** Names of the migrations that made the tables, oldest first. */
  migrations: string[];
  /** Each table stands after those that it refers to. */
  tables: CopiedTable[];
  /** Tables of that database that no Drover of this version knows: they are not copied. */
  unknown: string[];
  sequences: { name: string; value: string }[];
  /** Days that have a partition of `sample`, as `2030-01-31`. */
  sampleDays: string[];
}

/** The record of one moment, table by table. One stream at a time. */
export interface RecordReader extends RecordShape {
  /**
   * The rows of a table in Postgres's binary form; their number is right once the next stream has begun, or all is
   * read.
   */
  rows(table: CopiedTable): Readable & { rowCount: number };
  /** A line for each large object that a row names: key, bytes and SHA-256, with tabs between them. */
  largeObjects(): Readable;
}

/** Samples are copied last: whoever makes or drops a day of them waits only while they are read. */
const LAST = 'sample';

/** The client of `pg` that TypeORM gives out as a connection. */
interface CopyClient {
  query<T>(stream: T): T;
}

export const copyClient = async (runner: QueryRunner): Promise<CopyClient> => (await runner.connect()) as CopyClient;

/** The rows of a statement. */
export const rowsOf = async <T>(runner: QueryRunner, text: string, params: unknown[] = []): Promise<T[]> =>
  (await runner.query(text, params)) as T[];

/** Names of all migrations that this program knows. */
export const knownMigrations = (tables: readonly Tables[]): string[] =>
  [...MIGRATIONS, ...tables.flatMap(({ migrations }) => migrations)].map(({ name }) => name);

/**
 * Reads the record as it is at one moment, in one transaction that only reads: others go on writing meanwhile. While
 * it is open, Postgres cleans up nothing that was deleted after that moment, and migrations wait.
 *
 * @throws DroverError when a migration works on the database
 */
export async function readRecord<T>(
  url: string,
  tables: readonly Tables[],
  work: (record: RecordReader) => Promise<T>,
): Promise<T> {
  const source = await createDataSource({ url, tables, pool: 1, applicationName: 'drover-backup' }).initialize();
  try {
    const runner = source.createQueryRunner();
    try {
      await runner.query(SQL.BEGIN_COPY);
      await runner.query(SQL.TAKE_TIME);
      const [lock] = await rowsOf<{ taken: boolean }>(runner, SQL.KEEP_MIGRATIONS_AWAY, [ADVISORY_LOCKS.migration]);
      if (lock?.taken !== true)
        throw new DroverError('unavailable', 'A migration works on the database: back up when it is done.');
      const names = new Set(source.entityMetadatas.map(({ tableName }) => tableName));
      const record = await readerOf(runner, tables, names);
      const result = await work(record);
      await runner.query(SQL.COMMIT);
      return result;
    } finally {
      // A transaction that is left open ends with its connection.
      await runner.release().catch(() => undefined);
    }
  } finally {
    await source.destroy();
  }
}

async function readerOf(
  runner: QueryRunner,
  parts: readonly Tables[],
  names: ReadonlySet<string>,
): Promise<RecordReader> {
  const [moment] = await rowsOf<{ at: Date; server: string; bytes: string }>(runner, SQL.MOMENT);
  const applied = await rowsOf<{ name: string }>(runner, MIGRATIONS_APPLIED);
  const found = await tablesOf(runner);
  const days = await rowsOf<{ name: string }>(runner, PARTITIONS);
  const client = await copyClient(runner);
  const known = new Set(knownMigrations(parts));
  const ours = found.filter(({ name }) => names.has(name));
  const tables = [...ours.filter(({ name }) => name !== LAST), ...ours.filter(({ name }) => name === LAST)];
  const withObjects = tables.filter(({ columns }) =>
    ['blob_key', 'size', 'sha256'].every((wanted) => columns.some(({ name }) => name === wanted)),
  );
  return {
    at: moment?.at ?? new Date(),
    server: moment?.server ?? 'unknown',
    databaseBytes: Number(moment?.bytes ?? 0),
    migrations: applied.map(({ name }) => name).filter((name) => known.has(name)),
    tables,
    unknown: found.filter(({ name }) => !names.has(name)).map(({ name }) => name),
    // Numbers are given outside of transactions: read after the moment, they are behind every row of it.
    sequences: await rowsOf(runner, SQL.SEQUENCES),
    sampleDays: days
      .map(({ name }) => /^sample_(\d{4})(\d{2})(\d{2})$/.exec(name))
      .flatMap((match) => (match === null ? [] : [match.slice(1).join('-')])),
    rows: (table) => client.query(to(SQL.copyOut(table.name, table.columns))),
    largeObjects: () => client.query(to(SQL.copyLargeObjects(withObjects.map(({ name }) => name)))),
  };
}

/** The tables of a database, each after those that it refers to. */
export const tablesOf = (runner: QueryRunner): Promise<CopiedTable[]> => rowsOf<CopiedTable>(runner, SQL.TABLES);
