import type { Series, SeriesDef } from '@drover/domain';
import { finite, seriesOf, type Contribution } from './contribution.js';
import { compare, COUNTER_WIDTH, GAUGE_WIDTH, SeriesTable } from './series-table.js';

interface Sum {
  def: SeriesDef;
  doc: string;
  /** Counter: value. Gauge: total. */
  total: number;
  min: number;
  max: number;
  hits: number;
  least: number;
  most: number;
  /** Contributors with data. */
  told: number;
}

/**
 * The sum of contributions, by name. Counters add up. A gauge told by one contributor is that contributor's; told by
 * several, hits and totals add up and the extremes are those seen since each came. A name's type is that of its first
 * contributor; one who tells it otherwise is left out for this name. The result depends on the order of the
 * contributions only in the last digits, and on nothing else: give them in a stable order.
 */
export function aggregate(contributions: readonly Contribution[]): Series[] {
  if (contributions.length === 1) return sortedSeries(contributions[0] as Contribution);
  const sums = new Map<string, Sum>();
  for (const contribution of contributions) addTo(sums, contribution);
  const series: Series[] = [];
  for (const sum of sums.values()) series.push(toSeries(sum));
  return series.sort((a, b) => compare(a.name, b.name));
}

/** The series of one contribution, by name. */
export function sortedSeries(contribution: Contribution): Series[] {
  return Array.from(contribution.table.sorted, (place) => seriesOf(contribution, place));
}

function addTo(sums: Map<string, Sum>, { table, values }: Contribution): void {
  for (let i = 0; i < table.defs.length; i += 1) {
    const def = table.defs[i] as SeriesDef;
    let sum = sums.get(def.name);
    if (!sum)
      sums.set(
        def.name,
        (sum = { def, doc: def.doc, total: 0, min: 0, max: 0, hits: 0, least: Infinity, most: -Infinity, told: 0 }),
      );
    else if (sum.def.type !== def.type) continue;
    else if (sum.doc === '') sum.doc = def.doc;
    const at = table.offsets[i] as number;
    if (def.type === 'counter') {
      sum.total += (values[at] as number) + (values[at + 1] as number);
      continue;
    }
    const hits = values[at + 2] as number;
    if (hits <= 0) continue;
    sum.told += 1;
    sum.hits += hits;
    sum.total += values[at + 3] as number;
    sum.min = values[at] as number;
    sum.max = values[at + 1] as number;
    sum.least = Math.min(sum.least, values[at + 4] as number);
    sum.most = Math.max(sum.most, values[at + 5] as number);
  }
}

function toSeries({ def, doc, total, min, max, hits, least, most, told }: Sum): Series {
  if (def.type === 'counter') return { name: def.name, doc, type: 'counter', value: finite(total) };
  return told > 1
    ? { name: def.name, doc, type: 'gauge', min: least, max: most, hits, total: finite(total) }
    : { name: def.name, doc, type: 'gauge', min, max, hits, total: finite(total) };
}

/** One contribution that stands for two that are over: their counters and gauges added up. */
export function fold(into: Contribution, from: Contribution): Contribution {
  const cells = new Map<string, { def: SeriesDef; values: Float64Array }>();
  for (const { table, values } of [into, from]) {
    for (let i = 0; i < table.defs.length; i += 1) {
      const def = table.defs[i] as SeriesDef;
      const at = table.offsets[i] as number;
      const own = values.slice(at, at + (def.type === 'counter' ? COUNTER_WIDTH : GAUGE_WIDTH));
      const cell = cells.get(def.name);
      if (!cell) cells.set(def.name, { def, values: own });
      else if (cell.def.type === def.type) addCell(cell.values, own, def.type === 'counter');
    }
  }
  const table = new SeriesTable([...cells.values()].map((cell) => cell.def));
  const values = new Float64Array(table.width);
  [...cells.values()].forEach((cell, i) => values.set(cell.values, table.offsets[i]));
  return { table, values };
}

function addCell(into: Float64Array, from: Float64Array, counter: boolean): void {
  if (counter) {
    into[0] = finite((into[0] as number) + (from[0] as number) + (from[1] as number));
    return;
  }
  if ((from[2] as number) <= 0) return;
  const empty = (into[2] as number) <= 0;
  into[2] = (into[2] as number) + (from[2] as number);
  into[3] = finite((into[3] as number) + (from[3] as number));
  into[4] = Math.min(into[4] as number, from[4] as number);
  into[5] = Math.max(into[5] as number, from[5] as number);
  into[0] = empty ? (from[0] as number) : (into[4] as number);
  into[1] = empty ? (from[1] as number) : (into[5] as number);
}
