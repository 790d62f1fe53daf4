import type { JobDesc, SeriesType } from '@drover/domain';
import { baseOf, hasUnmatchedBrace } from '@drover/exposition';
import type { WireSeries } from '@drover/protocol';

export interface Refusal {
  name: string;
  reason: string;
}

const NAME_LENGTH = 1_000;
const DOC_LENGTH = 2_000;

/**
 * The counters that the programs of one job have told this worker: counters as running totals of all of them, gauges as
 * the last level any of them set.
 */
export class Ledger {
  readonly series: WireSeries = [];
  readonly values: (number | null)[] = [];
  /** Programs connected by the socket. */
  clients = 0;
  /** How the first one described the job. */
  description: JobDesc | null = null;
  /** Changed since the API was told. */
  dirty = true;
  private readonly places = new Map<string, number>();
  /** Last totals of programs that tell totals, by program and place. */
  private readonly lasts = new Map<string, Map<number, number>>();

  constructor(
    /** The job's name in its programs. Empty: the value belongs to no job. */
    readonly job: string,
    private readonly budget: number,
  ) {}

  /** Makes a series known. A name that is known stays what it is. Null: fine. */
  declare(name: string, type: SeriesType, doc: string): Refusal | null {
    const place = this.places.get(name);
    const wire = type === 'counter' ? 'c' : 'g';
    if (place !== undefined)
      return this.series[place]?.[1] === wire
        ? null
        : { name, reason: `is a ${type === 'counter' ? 'gauge' : 'counter'} already` };
    // eslint-disable-next-line no-control-regex
    if (
      baseOf(name) === '' ||
      name.length > NAME_LENGTH ||
      hasUnmatchedBrace(name) ||
      /[\u0000-\u001f\u007f]/.test(name) ||
      !name.isWellFormed()
    )
      return { name: name.slice(0, 100), reason: 'is no name of a metric' };
    if (this.series.length >= this.budget)
      return { name, reason: `the job has ${this.budget} series already, as many as it may (DROVER_JOB_SERIES)` };
    this.places.set(name, this.series.length);
    this.series.push([name, wire, doc.slice(0, DOC_LENGTH).toWellFormed().replaceAll('\u0000', '')]);
    this.values.push(null);
    this.dirty = true;
    return null;
  }

  has(name: string): boolean {
    return this.places.has(name);
  }

  /** An increment of a counter. It must be declared. */
  add(name: string, type: SeriesType, amount: number): Refusal | null {
    const place = this.placeOf(name, type);
    if (place === null || !Number.isFinite(amount))
      return { name, reason: place === null ? 'has another type' : 'is no finite number' };
    const next = (this.values[place] ?? 0) + amount;
    if (Number.isFinite(next)) this.values[place] = next;
    this.dirty = true;
    return null;
  }

  /** The level of a gauge. */
  level(name: string, value: number): Refusal | null {
    const place = this.placeOf(name, 'gauge');
    if (place === null || !Number.isFinite(value))
      return { name, reason: place === null ? 'has another type' : 'is no finite number' };
    this.values[place] = value;
    this.dirty = true;
    return null;
  }

  /** The running total one program has of a counter; a lower one than before is a restart of the program. */
  total(program: string, name: string, value: number): Refusal | null {
    const place = this.placeOf(name, 'counter');
    if (place === null || !Number.isFinite(value) || value < 0)
      return { name, reason: place === null ? 'has another type' : 'is no total' };
    let lasts = this.lasts.get(program);
    if (!lasts) this.lasts.set(program, (lasts = new Map<number, number>()));
    const last = lasts.get(place) ?? 0;
    lasts.set(place, value);
    return this.add(name, 'counter', value >= last ? value - last : value);
  }

  private placeOf(name: string, type: SeriesType): number | null {
    const place = this.places.get(name);
    return place !== undefined && this.series[place]?.[1] === (type === 'counter' ? 'c' : 'g') ? place : null;
  }
}
