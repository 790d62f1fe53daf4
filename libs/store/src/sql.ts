import { createHash } from 'node:crypto';
import type { DataSource, QueryRunner } from 'typeorm';

/** A place to run statements: the pool (each its own transaction) or one open transaction. */
export interface Sql {
  /** Rows of a SELECT or of RETURNING. */
  rows<T>(text: string, params?: unknown[]): Promise<T[]>;
  /**
   * The same, read and planned once a connection instead of each time: for what is asked many times a second. `text` must be a constant of the process; without parameters
   * its plan is kept from the first time on, with them from the sixth.
   */
  prepared<T>(text: string, params?: unknown[]): Promise<T[]>;
  /** Number of rows a write touched. */
  run(text: string, params?: unknown[]): Promise<number>;
}

async function structured(runner: QueryRunner, text: string, params: unknown[]): Promise<{ records: unknown[]; affected: number }> {
  const result = await runner.query(text, params, true);
  return { records: result.records, affected: result.affected ?? 0 };
}

/** What Postgres is to call a statement: the same for the same text. */
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
  query(statement: { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

async function named(runner: QueryRunner, text: string, params: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }> {
  const client = (await runner.connect()) as NamedClient;
  return client.query({ name: nameOf(text), text, values: params });
}

/** Where every statement is a prepared one. Only for texts that are constants of the process. */
function preparedOver(runner: QueryRunner): Sql {
  const rows = async <T>(text: string, params: unknown[] = []): Promise<T[]> => (await named(runner, text, params)).rows as T[];
  return { rows, prepared: rows, run: async (text, params = []) => (await named(runner, text, params)).rowCount ?? 0 };
}

function overRunner(runner: QueryRunner): Sql {
  return {
    rows: async <T>(text: string, params: unknown[] = []) => (await structured(runner, text, params)).records as T[],
    prepared: async <T>(text: string, params: unknown[] = []) => (await named(runner, text, params)).rows as T[],
    run: async (text, params = []) => (await structured(runner, text, params)).affected,
  };
}

/** How a pool's connections run statements: each as it comes, or all of them prepared. */
export type Mode = 'plain' | 'prepared';
const overs: Record<Mode, (runner: QueryRunner) => Sql> = { plain: overRunner, prepared: preparedOver };

/** Statements on the pool. */
export function poolSql(source: DataSource, mode: Mode = 'plain'): Sql {
  const one = async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
    const runner = source.createQueryRunner();
    try {
      return await work(overs[mode](runner));
    } finally {
      await runner.release();
    }
  };
  return {
    rows: (text, params) => one((sql) => sql.rows(text, params)),
    prepared: (text, params) => one((sql) => sql.prepared(text, params)),
    run: (text, params) => one((sql) => sql.run(text, params)),
  };
}

/** 40001 serialization failure, 40P01 deadlock: Postgres itself says "try again". */
const RETRYABLE = new Set(['40001', '40P01']);
const TRIES = 5;

function isRetryable(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? (error as { driverError?: { code?: string } }).driverError?.code;
  return code !== undefined && RETRYABLE.has(code);
}

/** Runs one statement, which is a transaction by itself; repeats it when Postgres asks for that. */
export async function asStatement<T>(sql: Sql, work: (sql: Sql) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work(sql);
    } catch (error) {
      if (tried >= TRIES || !isRetryable(error)) throw error;
    }
  }
}

/** Runs `work` in one transaction; repeats it whole when Postgres asks for that. `work` must have no other effects. */
export async function inTransaction<T>(source: DataSource, work: (sql: Sql) => Promise<T>, mode: Mode = 'plain'): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    const runner = source.createQueryRunner();
    try {
      await runner.startTransaction();
      const value = await work(overs[mode](runner));
      await runner.commitTransaction();
      return value;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      if (tried < TRIES && isRetryable(error)) continue;
      throw error;
    } finally {
      await runner.release().catch(() => undefined);
    }
  }
}
