import { Check, Column, Generated, Index, type ColumnType, type ValueTransformer } from 'typeorm';

/**
 * Postgres's 64-bit transaction ids. TypeORM knows every other type of the record; `createDataSource` tells it this
 * one.
 */
export const XID8 = 'xid8' as ColumnType;

/** Makes a number of a column of 64 bit whose values stay below 2^53. */
export const NUMBER: ValueTransformer = { to: (value: unknown) => value, from: (value: unknown) => Number(value) };

/** A number that Postgres counts up by itself, where it is not the key. Text in JavaScript: it has 64 bit. */
export function Identity(options: { select?: boolean } = {}): PropertyDecorator {
  return (target, name) => {
    Column({ ...options, type: 'bigint', generatedIdentity: 'ALWAYS' })(target, name);
    // The types of TypeORM leave this one out; its builders of columns know it.
    Generated('identity' as 'increment')(target, name);
  };
}

/** SQL that holds when `column` is null or one of `words`. */
const isOneOf = (column: string, words: readonly string[]): string =>
  `${column} IN (${words.map((word) => `'${word}'`).join(', ')})`;

/** The constraint of a column that holds words of a closed list. */
const wordsConstraint = (table: string, column: string): string => `${table}_${column}_check`;

/** `column` of `table` holds one of `words`, or null. */
export function OneOf(table: string, column: string, words: readonly string[]): ClassDecorator {
  return Check(wordsConstraint(table, column), isOneOf(column, words)) as ClassDecorator;
}

/**
 * Indexes that TypeORM has no words for: with an order of their own, over an expression, or with columns that are only
 * carried along. Migrations make them; test/record/schema.test.ts holds the names complete.
 */
export function IndexesOfMigrations(...names: string[]): ClassDecorator {
  return (target) => {
    for (const name of names) Index(name, { synchronize: false })(target);
  };
}
