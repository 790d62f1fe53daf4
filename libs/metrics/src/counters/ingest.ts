import { metricStore, type NewSource, type Sql, type StoredSource } from '@drover/store';
import { endedKey } from './archive.js';
import { applyReading, EMPTY, type Contribution, type Refused } from './contribution.js';
import type { SeriesRoom, SourceUpdate, UpdateResult } from './ports.js';
import { isToldOf, SeriesBudget } from './series-budget.js';
import { EMPTY_TABLE, type SeriesTable } from './series-table.js';
import type { TableCache } from './tables.js';

export interface Ingested {
  results: UpdateResult[];
  /** Jobs one of whose sources stopped holding them. */
  released: Set<string>;
}

/**
 * Takes readings in, in one transaction: what a source gave is read, merged and written under its lock. Idempotent by
 * (incarnation, seq).
 */
export async function ingest(
  sql: Sql,
  tables: TableCache,
  updates: SourceUpdate[],
  room: SeriesRoom,
): Promise<Ingested> {
  const budget = new SeriesBudget(sql, room);
  const keys = updates.map((update) => update.key);
  let rows = await metricStore.lock(sql, keys);
  const missing = keys.filter((key) => !rows.has(key));
  if (missing.length > 0) {
    await metricStore.ensure(sql, missing, EMPTY_TABLE.id);
    rows = await metricStore.lock(sql, keys);
  }
  const known = await tables.load(sql, new Set([...rows.values()].map((row) => row.table_id)));
  const changed: NewSource[] = [];
  const revalued: { key: string; seq: number; vals: Float64Array }[] = [];
  const newTables: SeriesTable[] = [];
  const results: UpdateResult[] = [];
  const released = new Set<string>();
  for (const update of updates) {
    const before = rows.get(update.key) as StoredSource;
    if (before.incarnation === update.incarnation && update.seq <= before.seq) {
      results.push({ key: update.key, refused: [] });
      continue;
    }
    let next = merged(before, known, update);
    const had = known.get(before.table_id)?.defs.length ?? 0;
    const grown = next.table.defs.length - had;
    if (grown > 0 && isToldOf(update.kind)) {
      const free = await budget.take(update.job, grown);
      // Series that are known go on; of the new ones as many as fit.
      if (free < grown) next = merged(before, known, { ...update, budget: Math.min(update.budget, had + free) });
    }
    results.push({ key: update.key, refused: next.refused });
    const source = toSource(update, next, before);
    if (before.live && !source.live && source.job !== null) released.add(source.job);
    if (next.table.id !== before.table_id || differs(before, source)) {
      newTables.push(next.table);
      changed.push(source);
    } else {
      revalued.push({ key: source.key, seq: source.seq, vals: source.vals });
    }
  }
  await tables.store(sql, newTables);
  await metricStore.put(sql, changed);
  await metricStore.putValues(sql, revalued);
  // A job that runs again is the same contributor: its last gauges of before make room.
  const begun = updates.filter((update) => missing.includes(update.key) && update.job !== null);
  await metricStore.remove(
    sql,
    begun.map((update) => endedKey(update.node, update.job as string)),
  );
  return { results, released };
}

function merged(
  before: StoredSource,
  known: Map<string, SeriesTable>,
  update: SourceUpdate,
): Contribution & { refused: Refused[] } {
  const contribution =
    before.vals.length === 0 ? EMPTY : { table: known.get(before.table_id) ?? EMPTY_TABLE, values: before.vals };
  // Values without their list of series cannot be read any more; better to begin anew than to mix numbers up.
  const usable = contribution.table.width === contribution.values.length ? contribution : EMPTY;
  return applyReading(usable, update.reading, {
    restarted: before.incarnation !== update.incarnation,
    budget: update.budget,
  });
}

const toSource = (update: SourceUpdate, { table, values }: Contribution, before: StoredSource): NewSource => ({
  key: update.key,
  kind: update.kind,
  feeds_main: update.feedsMain,
  node: update.node,
  job: update.job,
  live: update.live,
  held_by: update.heldBy,
  incarnation: update.incarnation,
  seq: update.seq,
  description: update.description ?? before.description,
  table_id: table.id,
  vals: values,
});

function differs(before: StoredSource, now: NewSource): boolean {
  return (
    before.kind !== now.kind ||
    before.feeds_main !== now.feeds_main ||
    before.node !== now.node ||
    before.job !== now.job ||
    before.live !== now.live ||
    before.held_by !== now.held_by ||
    before.incarnation !== now.incarnation ||
    JSON.stringify(before.description) !== JSON.stringify(now.description)
  );
}
