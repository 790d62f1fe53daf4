import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { CONNECTION_LIMITS } from '@drover/config';
import { DroverError } from '@drover/domain';
import { XID8 } from './entities/decorators.js';
import { ENTITIES } from './entities/index.js';
import { PostgresNames } from './entities/postgres-names.js';
import { EventReader } from './event-reader.js';
import { Gate } from './gate.js';
import * as SQL from './instance.sql.js';
import { MIGRATIONS } from './migrations/index.js';
import { asStatement, inTransaction, poolSql, type Pool, type Sql } from './sql.js';
import type { Tables } from './tables.js';

export interface StoreOptions {
  /** postgres://… */
  url: string;
  /** Connections of the pool. Default 12. */
  pool?: number;
  /** Connections for {@link Store.keyed}. Default: none of its own, it is the pool. */
  keyedPool?: number;
  /**
   * Connections for {@link Store.agents}, plain ones and as many keyed ones. Default: none of its own, it is this
   * store.
   */
  agentPool?: number;
  applicationName?: string;
  /** Tables beside those of the product: for migrations, and for who compares entities with tables. */
  tables?: readonly Tables[];
  /** Names of the migrations that are to be applied at most. Default: all. */
  only?: readonly string[];
  /** Told of trouble on idle connections; an outage is not an end. */
  onError?: (error: Error) => void;
  /** Settings of Postgres for each connection, beside the usual ones. */
  settings?: Record<string, string | number>;
}

/**
 * Settings of connections whose statements are planned once, when the tables may still be empty: the plan must be the
 * one for full tables. Every table is reached through an index, row by row, and never read or hashed whole.
 */
export const KEYED_SETTINGS = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'enable_material=off',
  'jit=off',
];

/** The record. One a process. */
export class Store {
  readonly sql: Sql;
  /**
   * For what every job goes through: each statement is read and planned once a connection, which is otherwise half of
   * what a small one costs. Only for statements with constant texts that find all their rows by key, and few of them
   * (hundreds): they are never planned for what the tables hold.
   */
  readonly keyed: Sql;

  /**
   * The same record through connections of their own: for what agents say and for the sweeps that judge them. However
   * many clients call, none of them stands before a heartbeat.
   */
  readonly agents: Store;

  /** The events of jobs, in the order of delivery. */
  readonly events: EventReader;

  private constructor(
    private readonly plainPool: Pool,
    private readonly keyedPool: Pool | null,
    agents?: Store,
  ) {
    this.sql = poolSql(plainPool);
    this.keyed = keyedPool ? poolSql(keyedPool) : this.sql;
    this.agents = agents ?? this;
    this.events = new EventReader(this.sql);
  }

  static async open(options: StoreOptions): Promise<Store> {
    const opened: Pool[] = [];
    const open = async (places: number, keyed = false): Promise<Pool> => {
      const source = await createDataSource({ ...options, pool: places }, keyed ? KEYED_SETTINGS : []).initialize();
      const pool: Pool = { source, mode: keyed ? 'prepared' : 'plain', gate: new Gate({ places, ...LINE }) };
      opened.push(pool);
      return pool;
    };
    try {
      const keyed = options.keyedPool === undefined ? null : await open(options.keyedPool, true);
      const agents =
        options.agentPool === undefined
          ? undefined
          : new Store(await open(options.agentPool), keyed && (await open(options.agentPool, true)));
      return new Store(await open(options.pool ?? DEFAULT_POOL), keyed, agents);
    } catch (error) {
      for (const { source } of opened) await source.destroy().catch(() => undefined);
      throw error;
    }
  }

  /** One transaction, repeated whole on a deadlock; see inTransaction. */
  tx<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return inTransaction(this.plainPool, work);
  }

  /** The same for statements that {@link Store.keyed} is for. */
  keyedTx<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.keyedPool ? inTransaction(this.keyedPool, work) : this.tx(work);
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
      // Whether Postgres answers, not whether clients keep all connections busy.
      await Promise.race([this.agents.sql.rows(SQL.ANSWER), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    if (this.agents !== this) await this.agents.close();
    for (const pool of [this.plainPool, this.keyedPool]) if (pool?.source.isInitialized) await pool.source.destroy();
  }
}

const DEFAULT_POOL = 12;
/** The line before each pool: a burst of clients waits for its turn this long, and then hears 503. */
const LINE = { most: 5_000, withinMs: 15_000 };
/**
 * Connections that the start or a burst opened are closed soon: each is a process of 3 MB. Those for jobs stay longer,
 * for their plans.
 */
const IDLE_MS = { plain: 10_000, keyed: 60_000 };
/** Statement time-out: no query of ours runs for minutes; one that does is a defect and must not hold its locks. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** `settings` of Postgres for each connection, `name=value`. */
export function createDataSource(options: StoreOptions, settings: string[] = []): DataSource {
  const { tables = [] } = options;
  const source = new DataSource({
    type: 'postgres',
    url: options.url,
    // Where every statement is prepared no repository works.
    entities: settings.length > 0 ? [] : [...ENTITIES, ...tables.flatMap(({ entities }) => entities)],
    namingStrategy: new PostgresNames(),
    migrations: [...MIGRATIONS, ...tables.flatMap(({ migrations }) => migrations)].filter(
      ({ name }) => options.only?.includes(name) ?? true,
    ),
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    applicationName: options.applicationName ?? 'drover',
    poolErrorHandler: (error: unknown) => options.onError?.(error instanceof Error ? error : new Error(String(error))),
    connectTimeoutMS: 5_000,
    extra: {
      max: options.pool ?? DEFAULT_POOL,
      idleTimeoutMillis: settings.length > 0 ? IDLE_MS.keyed : IDLE_MS.plain,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      ...CONNECTION_LIMITS,
      ...options.settings,
      keepAlive: true,
      ...(settings.length > 0 ? { options: settings.map((setting) => `-c ${setting}`).join(' ') } : {}),
    },
  });
  source.driver.supportedDataTypes.push(XID8);
  return source;
}
