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
  /** Connections for {@link Store.keyed}. Default: none of its own, it is the pool. */
  keyedPool?: number;
  applicationName?: string;
  /** Told of trouble on idle connections; an outage is not an end. */
  onError?: (error: Error) => void;
}

/**
 * Of connections whose statements are planned once, when the tables may still be empty: the plan must be the one for full tables. Every table is reached through an index, row
 * by row, and never read or hashed whole.
 */
export const KEYED_SETTINGS = ['plan_cache_mode=force_generic_plan', 'enable_seqscan=off', 'enable_hashjoin=off', 'enable_mergejoin=off', 'enable_material=off', 'jit=off'];

/** The record. One a process. */
export class Store {
  readonly sql: Sql;
  /**
   * For what every job goes through: each statement is read and planned once a connection, which is otherwise half of what a small one costs. Only for statements with constant
   * texts that find all their rows by key, and few of them (hundreds): they are never planned for what the tables hold.
   */
  readonly keyed: Sql;

  private constructor(
    readonly source: DataSource,
    private readonly keyedSource: DataSource | null,
  ) {
    this.sql = poolSql(source);
    this.keyed = keyedSource ? poolSql(keyedSource, 'prepared') : this.sql;
  }

  static async open(options: StoreOptions): Promise<Store> {
    const source = await createDataSource(options).initialize();
    if (options.keyedPool === undefined) return new Store(source, null);
    try {
      return new Store(source, await createDataSource({ ...options, pool: options.keyedPool }, KEYED_SETTINGS).initialize());
    } catch (error) {
      await source.destroy();
      throw error;
    }
  }

  /** One transaction, repeated whole on a deadlock; see inTransaction. */
  tx<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.source, work);
  }

  /** The same for statements that {@link Store.keyed} is for. */
  keyedTx<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.keyedSource ? inTransaction(this.keyedSource, work, 'prepared') : this.tx(work);
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
    for (const source of [this.source, this.keyedSource]) if (source?.isInitialized) await source.destroy();
  }
}

/** What the start, or a burst, opened is closed soon: each connection is a process of 3 MB. Those for jobs stay longer, for their plans. */
const IDLE_MS = { plain: 10_000, keyed: 60_000 };
/** Statement time-out: no query of ours runs for minutes; one that does is a defect and must not hold its locks. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** `settings` of Postgres for each connection, `name=value`. */
export function createDataSource(options: StoreOptions, settings: string[] = []): DataSource {
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
      idleTimeoutMillis: settings.length > 0 ? IDLE_MS.keyed : IDLE_MS.plain,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
      ...(settings.length > 0 ? { options: settings.map((setting) => `-c ${setting}`).join(' ') } : {}),
    },
  });
}
