import { createHash } from 'node:crypto';
import type { DataSource, EntityTarget, ObjectLiteral, QueryRunner, Repository } from 'typeorm';
import type { Gate } from './gate.js';
import { classified, isConnectTimeout, isContention } from './outage.js';

/** A place to run statements: the pool (each its own transaction) or one open transaction. */
export interface Sql {
  /** Rows of a SELECT or of RETURNING. */
  rows<T>(text: string, params?: unknown[]): Promise<T[]>;
  /**
   * The same, read and planned once a connection instead of each time: for what is asked many times a second. `text`
   * must be a constant of the process; without parameters its plan is kept from the first time on, with them from the
   * sixth.
   */
  prepared<T>(text: string, params?: unknown[]): Promise<T[]>;
  /** Number of rows a write touched. */
  run(text: string, params?: unknown[]): Promise<number>;
  /**
   * Gives `work` the repository of an entity, in the same place: for the stores of this lib, where reading and writing
   * whole rows is all there is to do. Not on connections whose statements are all prepared, and not for lists of rows
   * whose key holds several texts: TypeORM tells them apart by the joined key.
   */
  entities<E extends ObjectLiteral, T>(
    entity: EntityTarget<E>,
    work: (repository: Repository<E>) => Promise<T>,
  ): Promise<T>;
}

async function structured(
  runner: QueryRunner,
  text: string,
  params: unknown[],
): Promise<{ records: unknown[]; affected: number }> {
  const result = await runner.query(text, params, true);
  return { records: result.records, affected: result.affected ?? 0 };
}

/** The names of statements in Postgres: the same for the same text. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  const known = names.get(text);
  if (known) return known;
  const name = `drover_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
  names.set(text, name);
  return name;
}

/** TypeORM has no statements with names; the client below it has. */
interface NamedClient {
  query(statement: {
    name: string;
    text: string;
    values: unknown[];
  }): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

async function named(
  runner: QueryRunner,
  text: string,
  params: unknown[],
): Promise<{ rows: unknown[]; rowCount: number | null }> {
  const client = (await runner.connect()) as NamedClient;
  return client.query({ name: nameOf(text), text, values: params });
}

/** Where every statement is a prepared one. Only for texts that are constants of the process. */
function preparedOver(runner: QueryRunner): Sql {
  const rows = async <T>(text: string, params: unknown[] = []): Promise<T[]> =>
    (await named(runner, text, params)).rows as T[];
  return {
    rows,
    prepared: rows,
    run: async (text, params = []) => (await named(runner, text, params)).rowCount ?? 0,
    entities: (entity, work) => work(runner.manager.getRepository(entity)),
  };
}

function overRunner(runner: QueryRunner): Sql {
  return {
    rows: async <T>(text: string, params: unknown[] = []) => (await structured(runner, text, params)).records as T[],
    prepared: async <T>(text: string, params: unknown[] = []) => (await named(runner, text, params)).rows as T[],
    run: async (text, params = []) => (await structured(runner, text, params)).affected,
    entities: (entity, work) => work(runner.manager.getRepository(entity)),
  };
}

/** How a pool's connections run statements: each as it comes, or all of them prepared. */
type Mode = 'plain' | 'prepared';
const overs: Record<Mode, (runner: QueryRunner) => Sql> = { plain: overRunner, prepared: preparedOver };

/** A pool of connections, and the line before it. */
export interface Pool {
  source: DataSource;
  mode: Mode;
  gate: Gate;
}

/**
 * Gives `work` a connection. Whatever goes wrong because Postgres is away leaves as `unavailable`: the only way to a
 * connection.
 */
async function withRunner<T>({ source, gate }: Pool, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  return gate.pass(async () => {
    const runner = await connected(source);
    try {
      return await work(runner);
    } catch (error) {
      // TypeORM lets go of a runner whose connection was lost; whatever failed after that failed because of it.
      throw classified(error, runner.isReleased);
    } finally {
      await runner.release().catch(() => undefined);
    }
  });
}

/**
 * A connection of the pool. One that did not come about in time is asked for once more: on a machine that stands still
 * for seconds the time runs out although Postgres has answered. @throws DatabaseAway
 */
async function connected(source: DataSource): Promise<QueryRunner> {
  for (let tried = 1; ; tried += 1) {
    const runner = source.createQueryRunner();
    try {
      await runner.connect();
      return runner;
    } catch (error) {
      await runner.release().catch(() => undefined);
      if (tried > 1 || !isConnectTimeout(error)) throw classified(error, true);
    }
  }
}

/** Statements on the pool. */
export function poolSql(pool: Pool): Sql {
  const one = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    withRunner(pool, (runner) => work(overs[pool.mode](runner)));
  return {
    rows: (text, params) => one((sql) => sql.rows(text, params)),
    prepared: (text, params) => one((sql) => sql.prepared(text, params)),
    run: (text, params) => one((sql) => sql.run(text, params)),
    entities: (entity, work) => one((sql) => sql.entities(entity, work)),
  };
}

/** How often what Postgres asks to repeat is tried. */
const TRIES = 5;

/** Runs one statement, which is a transaction by itself; repeats it when Postgres asks for that. */
export async function asStatement<T>(sql: Sql, work: (sql: Sql) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work(sql);
    } catch (error) {
      if (tried >= TRIES || !isContention(error)) throw error;
    }
  }
}

/** Runs `work` in one transaction; repeats it whole when Postgres asks for that. `work` must have no other effects. */
export async function inTransaction<T>(pool: Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await withRunner(pool, async (runner) => {
        try {
          await runner.startTransaction();
          const value = await work(overs[pool.mode](runner));
          await runner.commitTransaction();
          return value;
        } catch (error) {
          if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
          throw error;
        }
      });
    } catch (error) {
      if (tried >= TRIES || !isContention(error)) throw error;
    }
  }
}
