/** A table whose rows are changed by patches. */
export interface Patched {
  table: string;
  /** The columns a patch may name, with their types. */
  types: ReadonlyMap<string, string>;
  /** Assignments that each change of a row brings along. */
  always?: readonly string[];
}

/** Statements by table and columns: a few dozen, as each kind of change names its own columns. */
const statements = new Map<string, string>();

/** Sets `columns` in the rows that $1 (a JSON list of patches) names by their ids. */
export function patch({ table, types, always = [] }: Patched, columns: readonly string[]): string {
  const key = `${table}: ${columns.join(',')}`;
  const known = statements.get(key);
  if (known !== undefined) return known;
  const sets = [...columns.map((column) => `${column} = r.${column}`), ...always];
  const fields = columns.map((column) => {
    const type = types.get(column);
    if (type === undefined) throw new Error(`${table}.${column} is not to be changed`);
    return `${column} ${type}`;
  });
  const statement = `UPDATE ${table}
  SET ${sets.join(', ')}
  FROM jsonb_to_recordset($1::jsonb) AS r(${['id uuid', ...fields].join(', ')})
  WHERE ${table}.id = r.id`;
  statements.set(key, statement);
  return statement;
}
