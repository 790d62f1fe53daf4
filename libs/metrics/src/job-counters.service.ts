import { currentOf, type Series } from '@drover/domain';
import { counterReadingStore, type CounterReading, type CounterValues, type Sql, type Store } from '@drover/store';
import type { CountersService } from './counters/counters.service.js';

/** Seconds between two readings; what was told since the last one is read. */
export const KEEP_S = 5;
/** Jobs that are read each time, so many at once: one may have thousands of series. */
const MOST_JOBS = 2_000;
const AT_ONCE = 50;
/** Series that are kept of a reading, and columns that the readings of a job have together. */
const MOST_SERIES = 40;
const MOST_COLUMNS = 100;
/** A longer name, with its labels, is not kept. */
const LONGEST_NAME = 200;
/** With more readings every second one is forgotten: a long job is read as well as a short one. */
const MOST_READINGS = 480;
/** Seconds between two looks for jobs with too many. */
export const THIN_S = 300;
const FORGOTTEN_AT_ONCE = 20_000;

/** The series of a job over time, as columns. */
export interface JobCounters {
  series: { name: string; type: 'counter' | 'gauge' }[];
  /** Oldest first; a value for each series, null where it was not told by then. */
  readings: { at: Date; values: (number | null)[] }[];
}

/** The history of the counters and gauges that jobs push: read every few seconds, thinned as it grows. */
export class JobCountersService {
  constructor(
    private readonly store: Store,
    private readonly counters: CountersService,
  ) {
    counters.onSettled((sql, job, own) => this.put(sql, new Map([[job, own]]), new Date()));
  }

  /** Reads the series of the jobs that told something lately. Periodic work, one owner a tick. */
  async keep(now = new Date()): Promise<number> {
    const { sql } = this.store;
    const jobs = await counterReadingStore.toldLately(sql, KEEP_S + 1, MOST_JOBS);
    let read = 0;
    for (let start = 0; start < jobs.length; start += AT_ONCE) {
      const owns = await this.counters.ownOfJobs(sql, jobs.slice(start, start + AT_ONCE));
      await this.put(sql, new Map([...owns].map(([job, { own }]) => [job, own])), now);
      read += owns.size;
    }
    return read;
  }

  /** Forgets every second reading of jobs with many. Periodic work, one owner a tick. */
  async thin(): Promise<void> {
    await counterReadingStore.thin(this.store.sql, MOST_READINGS, 2 * THIN_S);
  }

  /** Forgets readings that are older than so many seconds; 0: none. */
  async forget(seconds: number, atOnce = FORGOTTEN_AT_ONCE): Promise<void> {
    if (seconds > 0) while ((await counterReadingStore.forget(this.store.sql, seconds, atOnce)) === atOnce);
  }

  /** The series of a job over time. Ask for the job first: nobody's rights are asked here. */
  async ofJob(jobId: string, range: { from?: Date; to?: Date; limit: number }): Promise<JobCounters> {
    return columnsOf(await counterReadingStore.ofJob(this.store.sql, jobId, range));
  }

  private async put(sql: Sql, owns: ReadonlyMap<string, Series[]>, at: Date): Promise<void> {
    const readings = [...owns].flatMap(([job_id, own]): CounterReading[] => {
      const vals = valuesOf(own);
      return vals === null ? [] : [{ job_id, at, vals }];
    });
    await counterReadingStore.insert(sql, readings);
  }
}

/** The values that are kept, the first by name; null: there are none. */
function valuesOf(own: readonly Series[]): CounterValues | null {
  const kept = own.filter(({ name }) => name.length <= LONGEST_NAME).slice(0, MOST_SERIES);
  if (kept.length === 0) return null;
  const byName = (type: Series['type']): Record<string, number> =>
    Object.fromEntries(
      kept.flatMap((series) => {
        const value = currentOf(series);
        return series.type === type && value !== null && Number.isFinite(value) ? [[series.name, value]] : [];
      }),
    );
  return { c: byName('counter'), g: byName('gauge') };
}

/**
 * Readings by name as columns, in the order of names. A job that tells other series each time has the newest of them:
 * with a column for each, the answer would grow by the square of the readings.
 */
export function columnsOf(readings: readonly Omit<CounterReading, 'job_id'>[]): JobCounters {
  const types = new Map<string, 'counter' | 'gauge'>();
  for (const { vals } of readings.toReversed()) {
    for (const [type, values] of [['gauge', vals.g] as const, ['counter', vals.c] as const])
      for (const name of Object.keys(values ?? {}))
        if (types.size < MOST_COLUMNS && !types.has(name)) types.set(name, type);
  }
  const series = [...types]
    .map(([name, type]) => ({ name, type }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return {
    series,
    readings: readings.map(({ at, vals }) => ({
      at,
      values: series.map(({ name, type }) => valueOf(type === 'counter' ? vals.c : vals.g, name)),
    })),
  };
}

/** A job's programs choose the names: `__proto__` is one like any other. */
const valueOf = (values: Record<string, number> | undefined, name: string): number | null =>
  values !== undefined && Object.hasOwn(values, name) ? (values[name] ?? null) : null;
