import { metricStore, type Sql, type StoredSource } from '@drover/store';
import { fold } from './aggregate.js';
import { EMPTY, gaugesOf, type Contribution } from './contribution.js';
import { EMPTY_TABLE, SeriesTable } from './series-table.js';
import type { TableCache } from './tables.js';

/** Ended jobs whose gauges stand in the sums one by one; those before are added up. */
const ENDED_KEPT = 1_000;

/** The key of the row that keeps what is over: its totals stay in the sums of main and node. One row a node. */
const archiveKey = (node: string | null): string => `archive:${node ?? ''}`;
/** The last gauges of an ended job. */
export const endedKey = (node: string | null, job: string): string => `ended:${node ?? ''}:${job}`;

const contributionOf = (source: StoredSource, tables: Map<string, SeriesTable>): Contribution => ({
  table: tables.get(source.table_id) ?? EMPTY_TABLE,
  values: source.vals,
});
const countersOf = (from: Contribution): Contribution => {
  const defs = from.table.defs.filter((def) => def.type === 'counter');
  const table = new SeriesTable(defs);
  const values = new Float64Array(table.width);
  defs.forEach((def, i) => {
    const at = from.table.offsets[from.table.find(def.name)] as number;
    values.set(from.values.subarray(at, at + 2), table.offsets[i]);
  });
  return { table, values };
};

/**
 * Puts sources away that will not be told again, so that the sums they feed stay what they are. The rows must be locked
 * by the caller.
 */
export class Archive {
  constructor(private readonly tables: TableCache) {}

  /** Counters go into the node's archive, gauges stay as those of an ended job. */
  async putAway(sql: Sql, sources: StoredSource[]): Promise<void> {
    const tables = await this.tables.load(sql, new Set(sources.map((source) => source.table_id)));
    const feeding = sources.filter((source) => source.feeds_main || source.node !== null);
    const parts = new Map<string | null, Contribution>();
    for (const source of feeding.filter((one) => one.feeds_main)) {
      const counters = countersOf(contributionOf(source, tables));
      if (counters.table.defs.length > 0) parts.set(source.node, fold(parts.get(source.node) ?? EMPTY, counters));
    }
    await this.addTo(sql, parts);
    const gauges = feeding
      .filter((source) => source.kind === 'client' || source.kind === 'execution')
      .map((source) => ({ source, left: gaugesOf(contributionOf(source, tables)) }))
      .filter(({ left }) => left.table.defs.length > 0);
    await this.tables.store(
      sql,
      gauges.map(({ left }) => left.table),
    );
    await metricStore.put(
      sql,
      gauges.map(({ source, left }) => ({
        key: endedKey(source.node, source.job ?? source.key),
        kind: 'ended',
        feeds_main: true,
        node: source.node,
        job: null,
        live: false,
        held_by: null,
        incarnation: '',
        seq: 0,
        description: null,
        table_id: left.table.id,
        vals: left.values,
      })),
    );
    await metricStore.remove(
      sql,
      sources.map((source) => source.key),
    );
  }

  /** Adds up the oldest of the ended jobs' gauges. */
  async trim(sql: Sql, keep = ENDED_KEPT): Promise<number> {
    const keys = await metricStore.oldestEnded(sql, keep, 500);
    const sources = [...(await metricStore.lock(sql, keys)).values()];
    const tables = await this.tables.load(sql, new Set(sources.map((source) => source.table_id)));
    const parts = new Map<string | null, Contribution>();
    for (const source of sources)
      parts.set(source.node, fold(parts.get(source.node) ?? EMPTY, contributionOf(source, tables)));
    await this.addTo(sql, parts);
    await metricStore.remove(
      sql,
      sources.map((source) => source.key),
    );
    return sources.length;
  }

  /** A node that is no more: its counters stay in the sum of everything, its levels and its entry go. */
  async retireNode(sql: Sql, node: string): Promise<void> {
    const sources = await metricStore.ofNode(sql, node);
    if (sources.some((source) => source.live || source.kind === 'proxy-node' || source.kind === 'target')) return;
    const tables = await this.tables.load(sql, new Set(sources.map((source) => source.table_id)));
    let part = EMPTY;
    for (const source of sources.filter((one) => one.feeds_main))
      part = fold(part, countersOf(contributionOf(source, tables)));
    await this.addTo(sql, new Map([[null, part]]));
    await metricStore.remove(
      sql,
      sources.map((source) => source.key),
    );
  }

  private async addTo(sql: Sql, parts: Map<string | null, Contribution>): Promise<void> {
    const nodes = [...parts.keys()];
    await metricStore.ensure(sql, nodes.map(archiveKey), EMPTY_TABLE.id);
    const rows = await metricStore.lock(sql, nodes.map(archiveKey));
    const tables = await this.tables.load(sql, new Set([...rows.values()].map((row) => row.table_id)));
    const sums = nodes.map((node) => {
      const before = rows.get(archiveKey(node));
      return { node, sum: fold(before ? contributionOf(before, tables) : EMPTY, parts.get(node) as Contribution) };
    });
    await this.tables.store(
      sql,
      sums.map(({ sum }) => sum.table),
    );
    await metricStore.put(
      sql,
      sums.map(({ node, sum }) => ({
        key: archiveKey(node),
        kind: 'archive',
        feeds_main: true,
        node,
        job: null,
        live: false,
        held_by: null,
        incarnation: '',
        seq: 0,
        description: null,
        table_id: sum.table.id,
        vals: sum.values,
      })),
    );
  }
}
