import * as SQL from './patch.sql.js';
import type { Sql } from './sql.js';

/** Applies patches, in one statement for those that name the same columns. The rows must be locked by the caller. */
export async function applyPatches(sql: Sql, patched: SQL.Patched, patches: readonly { id: string }[]): Promise<void> {
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
    await sql.run(SQL.patch(patched, group.columns), [JSON.stringify(group.patches)]);
}
