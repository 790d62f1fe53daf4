import { metricStore, type Sql } from '@drover/store';
import { fromWire, SeriesTable, toWire, type WireDefs } from './series-table.js';

/** More than a busy replica sees at once; what is dropped is read again. */
const TABLES_KEPT = 5_000;

/** The lists of series this process has seen, by their hash. */
export class TableCache {
  private readonly known = new Map<string, SeriesTable>();

  get(id: string): SeriesTable | undefined {
    return this.known.get(id);
  }

  /** One object a content: its look-ups are built once. */
  keep(table: SeriesTable): SeriesTable {
    const before = this.known.get(table.id);
    if (before) return before;
    if (this.known.size >= TABLES_KEPT) this.known.clear();
    this.known.set(table.id, table);
    return table;
  }

  /** Reads those that are not known yet. Ids that nobody stored are absent from the answer. */
  async load(sql: Sql, ids: Iterable<string>): Promise<Map<string, SeriesTable>> {
    const found = new Map<string, SeriesTable>();
    const missing = new Set<string>();
    for (const id of ids) {
      const table = this.known.get(id);
      if (table) found.set(id, table);
      else missing.add(id);
    }
    for (const row of await metricStore.tables(sql, [...missing]))
      found.set(row.id, this.keep(new SeriesTable(fromWire(row.defs as WireDefs), row.id)));
    return found;
  }

  async store(sql: Sql, tables: Iterable<SeriesTable>): Promise<void> {
    const unique = new Map([...tables].map((table) => [table.id, this.keep(table)]));
    await metricStore.putTables(
      sql,
      [...unique.values()].map((table) => ({ id: table.id, defs: toWire(table.defs) })),
    );
  }
}
