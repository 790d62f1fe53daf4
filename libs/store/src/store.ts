import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { DroverError } from '@drover/domain';
import { ENTITIES } from './entities/index.js';
import { MIGRATIONS } from './migrations/index.js';
import { asStatement, inTransaction, poolSql, type Sql } from './sql.js';

export interface StoreOptions {
  /** postgres://… */
  url: string;
  /** Connections of the pool. Default 12. */
  pool?: number;
  applicationName?: string;
  /** Told of trouble on idle connections; an outage is not an end. */
  onError?: (error: Error) => void;
}

/** The record. One a process. */
export class Store {
  readonly sql: Sql;

  private constructor(readonly source: DataSource) {
    this.sql = poolSql(source);
  }

  static async open(options: StoreOptions): Promise<Store> {
    return new Store(await createDataSource(options).initialize());
  }

  /** One transaction, repeated whole on a deadlock; see inTransaction. */
  tx<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.source, work);
  }

  /** One statement that is a transaction by itself, repeated on a deadlock. */
  statement<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return asStatement(this.sql, work);
  }

  /** Throws with the reason when Postgres does not answer within `ms`. */
  async ping(ms = 2_000): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DroverError('unavailable', `Postgres did not answer within ${ms} ms.`)), ms);
    });
    try {
      await Promise.race([this.sql.rows('SELECT 1'), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}

/** Statement time-out: no query of ours runs for minutes; one that does is a defect and must not hold its locks. */
const STATEMENT_TIMEOUT_MS = 60_000;

export function createDataSource(options: StoreOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'all',
    synchronize: false,
    applicationName: options.applicationName ?? 'drover',
    poolErrorHandler: (error: unknown) => options.onError?.(error instanceof Error ? error : new Error(String(error))),
    connectTimeoutMS: 5_000,
    extra: {
      max: options.pool ?? 12,
      idleTimeoutMillis: 30_000,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
    },
  });
}
