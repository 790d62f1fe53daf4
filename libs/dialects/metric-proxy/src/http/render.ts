import { currentCaller } from '@drover/access';
import type { JobDesc, Series } from '@drover/domain';
import { type Entry, type ViewSource, seriesOf, type CountersService, type SeriesTable } from '@drover/metrics';

export type Flavour = 'seed' | 'head';

/** The nine keys in their order. */
export function descJson(desc: JobDesc, flavour: Flavour): string {
  const unit = flavour === 'head' ? 1000 : 1;
  return JSON.stringify({
    jobid: desc.jobid,
    command: desc.command,
    size: desc.size,
    nodelist: desc.nodelist,
    partition: desc.partition,
    cluster: desc.cluster,
    run_dir: desc.run_dir,
    start_time: desc.start_time * unit,
    end_time: desc.end_time * unit,
  });
}

/** The text before the numbers of a series; the same as long as its table is. */
const heads = new WeakMap<SeriesTable, string[]>();
function headsOf(table: SeriesTable): string[] {
  let known = heads.get(table);
  if (!known) heads.set(table, (known = table.defs.map((def) => headOf(def))));
  return known;
}
const headOf = (def: { name: string; doc: string }): string =>
  `{"name":${JSON.stringify(def.name)},"doc":${JSON.stringify(def.doc)},"ctype":`;

/** JSON has no infinities and no NaN; the sums never make any. */
function tailOf(series: Series, ts: number | null): string {
  if (series.type === 'counter') return `{"Counter":{${ts === null ? '' : `"ts":${ts},`}"value":${series.value}}}}`;
  return `{"Gauge":{"min":${series.min},"max":${series.max},"hits":${series.hits},"total":${series.total}}}}`;
}

export const seriesJson = (series: Series, ts: number | null): string => headOf(series) + tailOf(series, ts);

/** The series of one source, by name. */
interface Pieces {
  version: number;
  names: string[];
  texts: string[];
  /** All of them with commas between. */
  joined: Buffer;
}

/** Bodies of the whole list that are kept, one a project. */
const KEPT_BODIES = 16;
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']}');

/**
 * Writes entries as JSON. Keeps what did not change, as bytes: with hundreds of jobs the node's system metrics stand in
 * each of them.
 */
export class EntryWriter {
  private readonly pieces = new WeakMap<ViewSource, Pieces>();
  private readonly last = new Map<string | null, { revision: number; body: Buffer }>();

  constructor(
    private readonly counters: CountersService,
    private readonly flavour: Flavour,
  ) {}

  /** Every entry in one list. The same bytes until something changes. */
  all(): Buffer {
    const { revision } = this.counters;
    const scope = currentCaller()?.scope ?? null;
    let last = this.last.get(scope);
    if (last?.revision !== revision) {
      const parts: Buffer[] = [];
      for (const entry of this.counters.entries()) {
        parts.push(parts.length === 0 ? Buffer.from('[') : COMMA);
        this.write(entry, parts);
      }
      parts.push(Buffer.from(']'));
      last = { revision, body: Buffer.concat(parts) };
      // Each project sees other jobs; more bodies than this are made anew.
      if (this.last.size >= KEPT_BODIES) this.last.clear();
      this.last.set(scope, last);
    }
    return last.body;
  }

  profile(entry: Entry): Buffer {
    const parts: Buffer[] = [];
    this.write(entry, parts);
    return Buffer.concat(parts);
  }

  private write(entry: Entry, parts: Buffer[]): void {
    parts.push(
      Buffer.from(`{"desc":${descJson(entry.desc, this.flavour)},"counters":[`),
      ...this.counterList(entry),
      CLOSE,
    );
  }

  private counterList(entry: Entry): Buffer[] {
    const sources = [...entry.own, ...entry.system];
    if (sources.length <= 2) {
      const pieces = sources.map((source) => this.piecesOf(source)).filter((one) => one.names.length > 0);
      const merged =
        pieces.length === 2 ? merge(pieces[0] as Pieces, pieces[1] as Pieces) : pieces.map((one) => one.joined);
      if (merged !== null) return merged;
    }
    const ts = this.flavour === 'head' ? newest(sources) : null;
    return [
      Buffer.from(
        this.counters
          .seriesOf(entry)
          .map((series) => seriesJson(series, ts))
          .join(','),
      ),
    ];
  }

  private piecesOf(source: ViewSource): Pieces {
    const known = this.pieces.get(source);
    if (known?.version === source.version) return known;
    const { table } = source.contribution;
    const ts = this.flavour === 'head' ? newest([source]) : null;
    const before = headsOf(table);
    const names: string[] = [];
    const texts: string[] = [];
    for (const place of table.sorted) {
      names.push((table.defs[place] as { name: string }).name);
      texts.push(before[place] + tailOf(seriesOf(source.contribution, place), ts));
    }
    const pieces = { version: source.version, names, texts, joined: Buffer.from(texts.join(',')) };
    this.pieces.set(source, pieces);
    return pieces;
  }
}

const newest = (sources: readonly ViewSource[]): number =>
  sources.reduce((at, source) => Math.max(at, source.updated_at.getTime()), 0) * 1000;

/** Two sorted lists, neither empty, as one; null when both hold a name: then it takes the sum. */
function merge(a: Pieces, b: Pieces): Buffer[] | null {
  if ((a.names.at(-1) as string) < (b.names[0] as string)) return [a.joined, COMMA, b.joined];
  if ((b.names.at(-1) as string) < (a.names[0] as string)) return [b.joined, COMMA, a.joined];
  const texts: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.names.length || j < b.names.length) {
    const left = a.names[i];
    const right = b.names[j];
    if (left !== undefined && left === right) return null;
    if (right === undefined || (left !== undefined && left < right)) texts.push(a.texts[i++] as string);
    else texts.push(b.texts[j++] as string);
  }
  return [Buffer.from(texts.join(','))];
}
