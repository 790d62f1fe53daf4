import { getMetadataArgsStorage } from 'typeorm';

/** The time of the transaction, as the value of a column. */
export const NOW = (): string => 'now()';

/** One column of a table, as its entity describes it. */
export interface Column<Name extends string = string> {
  readonly name: Name;
  /** The type as Postgres spells it, such as `text[]`. */
  readonly type: string;
  readonly nullable: boolean;
  /** A value; undefined: none, or an expression that only Postgres can work out. */
  readonly default: unknown;
}

/** The columns of an entity in the order of their declaration. For lists that are made once, when a module is loaded. */
export function columnsOf<E extends object>(entity: new () => E): readonly Column<keyof E & string>[] {
  return getMetadataArgsStorage()
    .filterColumns(entity)
    .map(({ propertyName, options }) => ({
      name: propertyName as keyof E & string,
      type: `${String(options.type)}${options.array ? '[]' : ''}`,
      nullable: options.nullable === true,
      default: typeof options.default === 'function' ? undefined : (options.default as unknown),
    }));
}

/** The columns that are not among `names`. */
export function columnsWithout<Name extends string, Left extends Name>(
  columns: readonly Column<Name>[],
  names: readonly Left[],
): readonly Column<Exclude<Name, Left>>[] {
  const isKept = (column: Column): column is Column<Exclude<Name, Left>> =>
    !(names as readonly string[]).includes(column.name);
  return columns.filter(isKept);
}

/** `a, b, c`; with an alias `j.a, j.b, j.c`. */
export const listOf = (columns: readonly Column[], alias?: string): string =>
  columns.map(({ name }) => (alias === undefined ? name : `${alias}.${name}`)).join(', ');

/** `a uuid, b text`: the columns of `jsonb_to_recordset`. */
export const typesOf = (columns: readonly Column[]): string =>
  columns.map(({ name, type }) => `${name} ${type}`).join(', ');
