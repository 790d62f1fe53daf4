import { DefaultNamingStrategy, type Table } from 'typeorm';

type TableOrName = Table | string;

/** Names of constraints as Postgres makes them where a statement gives none: migrations give none. */
export class PostgresNames extends DefaultNamingStrategy {
  override primaryKeyName(table: TableOrName): string {
    return `${this.getTableName(table)}_pkey`;
  }

  override uniqueConstraintName(table: TableOrName, columns: string[]): string {
    return `${this.getTableName(table)}_${columns.join('_')}_key`;
  }

  override foreignKeyName(table: TableOrName, columns: string[]): string {
    return `${this.getTableName(table)}_${columns.join('_')}_fkey`;
  }
}
