import { createHash } from 'node:crypto';
import type { SeriesDef } from '@drover/domain';
import { baseOf } from '@drover/exposition';

/** Numbers a series keeps: counter [base, last]; gauge [min, max, hits, total, least seen, most seen]. */
export const COUNTER_WIDTH = 2;
export const GAUGE_WIDTH = 6;

/**
 * Which series a source has, and where their numbers are in its row of values. Sources of one program share one table:
 * it is stored once, by the hash of its content.
 */
export class SeriesTable {
  readonly id: string;
  /** The places where the numbers of series i start. */
  readonly offsets: Int32Array;
  /** Length of a row of values. */
  readonly width: number;
  private index: Map<string, number> | undefined;
  private order: Int32Array | undefined;
  private docs: ReadonlyMap<string, string> | undefined;

  constructor(
    readonly defs: readonly SeriesDef[],
    id?: string,
  ) {
    this.id = id ?? hashOf(defs);
    this.offsets = new Int32Array(defs.length);
    let at = 0;
    for (let i = 0; i < defs.length; i += 1) {
      this.offsets[i] = at;
      at += (defs[i] as SeriesDef).type === 'counter' ? COUNTER_WIDTH : GAUGE_WIDTH;
    }
    this.width = at;
  }

  /** Position of a series, -1 when it is not in. */
  find(name: string): number {
    this.index ??= new Map(this.defs.map((def, i) => [def.name, i]));
    return this.index.get(name) ?? -1;
  }

  /** The docs by base name: the doc of the first series of each group that has one, in the order in which they came. */
  get groupDocs(): ReadonlyMap<string, string> {
    if (this.docs) return this.docs;
    const docs = new Map<string, string>();
    for (const { name, doc } of this.defs) {
      const base = baseOf(name);
      if (doc !== '' && !docs.has(base)) docs.set(base, doc);
    }
    return (this.docs = docs);
  }

  /** Positions by name. */
  get sorted(): Int32Array {
    this.order ??= Int32Array.from(this.defs.keys()).sort((a, b) =>
      compare((this.defs[a] as SeriesDef).name, (this.defs[b] as SeriesDef).name),
    );
    return this.order;
  }
}

/** Compares by code units, which is the same in every process, whatever its locale. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The table as it is stored: `[[name, "c" | "g", doc], …]`. */
export type WireDefs = [name: string, type: 'c' | 'g', doc: string][];

export const toWire = (defs: readonly SeriesDef[]): WireDefs =>
  defs.map((def) => [def.name, def.type === 'counter' ? 'c' : 'g', def.doc]);
export const fromWire = (wire: WireDefs): SeriesDef[] =>
  wire.map(([name, type, doc]) => ({ name, type: type === 'c' ? 'counter' : 'gauge', doc }));

function hashOf(defs: readonly SeriesDef[]): string {
  return createHash('sha256')
    .update(JSON.stringify(toWire(defs)))
    .digest('base64url')
    .slice(0, 32);
}

export const EMPTY_TABLE = new SeriesTable([]);
