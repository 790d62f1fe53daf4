import type { GaugeValue, Series, SeriesDef } from '@drover/domain';
import { EMPTY_TABLE, GAUGE_WIDTH, SeriesTable } from './series-table.js';

/** The contribution of one source to the sums so far. Never changed in place. */
export interface Contribution {
  table: SeriesTable;
  /** The numbers, at the places that `table.offsets` says. */
  values: Float64Array;
}

export const EMPTY: Contribution = { table: EMPTY_TABLE, values: new Float64Array(0) };

/**
 * A reading of a source: counters are its running totals, gauges its present levels (a number = one contributor); null
 * = declared, no data yet.
 */
export interface Reading {
  defs: readonly SeriesDef[];
  values: readonly (number | GaugeValue | null)[];
}

export interface Refused {
  name: string;
  reason: 'other_type' | 'budget' | 'not_finite';
}

export interface Applied extends Contribution {
  refused: Refused[];
}

export interface ApplyOptions {
  /** The source started anew: its totals count from 0. */
  restarted?: boolean;
  /** Most series the source may have. */
  budget?: number;
}

/**
 * Takes a reading in. A total lower than the one before is a restart of the source: what it gave stays, and it counts
 * on from 0. Series that the reading does not name stay as they are. A sample of a name that is known with the other
 * type is refused alone.
 */
export function applyReading(before: Contribution, reading: Reading, options: ApplyOptions = {}): Applied {
  const refused: Refused[] = [];
  const { table, places } = placesOf(before.table, reading, options.budget ?? Infinity, refused);
  const values = new Float64Array(table.width);
  values.set(before.values);
  for (let i = before.table.defs.length; i < table.defs.length; i += 1)
    if ((table.defs[i] as SeriesDef).type === 'gauge') startGauge(values, table.offsets[i] as number);
  if (options.restarted) restart(table, values);
  for (let i = 0; i < reading.defs.length; i += 1) {
    const place = places[i] as number;
    const value = reading.values[i];
    if (place < 0 || value === null || value === undefined) continue;
    const at = table.offsets[place] as number;
    if ((table.defs[place] as SeriesDef).type === 'counter') {
      if (typeof value !== 'number' || !Number.isFinite(value))
        refused.push({ name: (table.defs[place] as SeriesDef).name, reason: 'not_finite' });
      else setTotal(values, at, value);
    } else if (!setGauge(values, at, value))
      refused.push({ name: (table.defs[place] as SeriesDef).name, reason: 'not_finite' });
  }
  return { table, values, refused };
}

/** Adds to a counter of the source, declaring it when it is new. */
export function addToCounter(before: Contribution, name: string, doc: string, amount: number): Contribution {
  const { table, values } = applyReading(before, { defs: [{ name, type: 'counter', doc }], values: [null] });
  const at = table.offsets[table.find(name)] as number;
  values[at + 1] = finite((values[at + 1] as number) + amount);
  return { table, values };
}

function placesOf(
  known: SeriesTable,
  reading: Reading,
  budget: number,
  refused: Refused[],
): { table: SeriesTable; places: Int32Array } {
  const places = new Int32Array(reading.defs.length);
  const added: SeriesDef[] = [];
  let documented: SeriesDef[] | undefined;
  const newPlaces = new Map<string, number>();
  for (let i = 0; i < reading.defs.length; i += 1) {
    const def = reading.defs[i] as SeriesDef;
    // A reading of the same program has the same series in the same places: no look-up for it.
    let place = known.defs[i]?.name === def.name ? i : (newPlaces.get(def.name) ?? known.find(def.name));
    const present =
      place < 0
        ? undefined
        : place < known.defs.length
          ? (known.defs[place] as SeriesDef)
          : added[place - known.defs.length];
    if (present === undefined) {
      if (known.defs.length + added.length >= budget) {
        refused.push({ name: def.name, reason: 'budget' });
        place = -1;
      } else {
        place = known.defs.length + added.length;
        added.push({ name: def.name, type: def.type, doc: def.doc });
        newPlaces.set(def.name, place);
      }
    } else if (present.type !== def.type) {
      refused.push({ name: def.name, reason: 'other_type' });
      place = -1;
    } else if (present.doc === '' && def.doc !== '' && place < known.defs.length) {
      documented ??= [...known.defs];
      documented[place] = { ...present, doc: def.doc };
    }
    places[i] = place;
  }
  const table = added.length === 0 && !documented ? known : new SeriesTable([...(documented ?? known.defs), ...added]);
  return { table, places };
}

/** All of a source's totals count from 0 again; what they gave stays. */
function restart(table: SeriesTable, values: Float64Array): void {
  for (let i = 0; i < table.defs.length; i += 1) {
    if ((table.defs[i] as SeriesDef).type !== 'counter') continue;
    const at = table.offsets[i] as number;
    values[at] = finite((values[at] as number) + (values[at + 1] as number));
    values[at + 1] = 0;
  }
}

function setTotal(values: Float64Array, at: number, total: number): void {
  const last = values[at + 1] as number;
  if (total < last) values[at] = finite((values[at] as number) + last);
  values[at + 1] = total;
}

function startGauge(values: Float64Array, at: number): void {
  values[at + 4] = Infinity;
  values[at + 5] = -Infinity;
}

/** False when the value is no finite number. A level without contributors says nothing and changes nothing. */
function setGauge(values: Float64Array, at: number, value: number | GaugeValue): boolean {
  const { min, max, hits, total } =
    typeof value === 'number' ? { min: value, max: value, hits: 1, total: value } : value;
  if (![min, max, hits, total].every((n) => Number.isFinite(n))) return false;
  if (hits <= 0) return true;
  values[at] = min;
  values[at + 1] = max;
  values[at + 2] = hits;
  values[at + 3] = total;
  values[at + 4] = Math.min(values[at + 4] as number, min);
  values[at + 5] = Math.max(values[at + 5] as number, max);
  return true;
}

/** Sums of huge numbers stay numbers. */
export function finite(value: number): number {
  return Number.isFinite(value) ? value : value > 0 ? Number.MAX_VALUE : -Number.MAX_VALUE;
}

/** The value of one counter, or of one gauge as its source last told it. */
export function seriesOf({ table, values }: Contribution, place: number): Series {
  const { name, doc, type } = table.defs[place] as SeriesDef;
  const at = table.offsets[place] as number;
  if (type === 'counter')
    return { name, doc, type, value: finite((values[at] as number) + (values[at + 1] as number)) };
  return {
    name,
    doc,
    type,
    min: values[at] as number,
    max: values[at + 1] as number,
    hits: values[at + 2] as number,
    total: values[at + 3] as number,
  };
}

/** Only the gauges (of an ended job), or nothing when there are none. */
export function gaugesOf(from: Contribution): Contribution {
  const places = [...from.table.defs.keys()].filter((i) => (from.table.defs[i] as SeriesDef).type === 'gauge');
  const table = new SeriesTable(places.map((i) => from.table.defs[i] as SeriesDef));
  const values = new Float64Array(table.width);
  places.forEach((place, i) =>
    values.set(
      from.values.subarray(from.table.offsets[place], (from.table.offsets[place] as number) + GAUGE_WIDTH),
      table.offsets[i],
    ),
  );
  return { table, values };
}
