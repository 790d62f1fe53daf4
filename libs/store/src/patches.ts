import type { Sql } from './sql.js';

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
function statementOf({ table, types, always = [] }: Patched, columns: readonly string[]): string {
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

/** Applies patches, in one statement for those that name the same columns. The rows must be locked by the caller. */
export async function applyPatches(sql: Sql, patched: Patched, patches: readonly { id: string }[]): Promise<void> {
  const groups = new Map<string, { columns: string[]; patches: object[] }>();
  for (const patch of patches) {
    const columns = Object.entries(patch)
      .filter(([name, value]) => name !== 'id' && value !== undefined)
      .map(([name]) => name)
      .sort();
    if (columns.length === 0) continue;
    const key = columns.join(',');
    const group = groups.get(key);
    if (group) group.patches.push(patch);
    else groups.set(key, { columns, patches: [patch] });
  }
  for (const group of groups.values())
    await sql.run(statementOf(patched, group.columns), [JSON.stringify(group.patches)]);
}
