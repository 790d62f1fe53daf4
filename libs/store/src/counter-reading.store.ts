import * as SQL from './counter-reading.sql.js';
import type { Sql } from './sql.js';

/** Counters and gauges at a time, by name. */
export interface CounterValues {
  c?: Record<string, number>;
  g?: Record<string, number>;
}

export interface CounterReading {
  job_id: string;
  at: Date;
  vals: CounterValues;
}

/** The values of chosen series at a time, in their order. */
export interface SeriesReading {
  job_id: string;
  at: Date;
  values: (number | null)[];
}

export const counterReadingStore = {
  /** The jobs of the record that were told of within so many seconds. */
  async toldLately(sql: Sql, seconds: number, most: number): Promise<string[]> {
    return (await sql.rows<{ id: string }>(SQL.TOLD_LATELY, [seconds, most])).map(({ id }) => id);
  },

  /** Keeps readings; those of jobs that are no more are left out. */
  async insert(sql: Sql, readings: CounterReading[]): Promise<void> {
    if (readings.length > 0) await sql.run(SQL.INSERT, [JSON.stringify(readings)]);
  },

  /** Forgets every second reading of jobs with more than `most`, that were read within so many seconds. */
  async thin(sql: Sql, most: number, seconds: number): Promise<void> {
    await sql.run(SQL.THIN, [most, seconds]);
  },

  /** The readings of a job, oldest first; of too many the newest. */
  async ofJob(
    sql: Sql,
    jobId: string,
    range: { from?: Date; to?: Date; limit: number },
  ): Promise<Omit<CounterReading, 'job_id'>[]> {
    return sql.rows(SQL.OF_JOB, [jobId, range.from ?? null, range.to ?? null, range.limit]);
  },

  /** The values of some series of some jobs, in the order of names, by job and time. */
  async ofSeries(
    sql: Sql,
    jobIds: readonly string[],
    names: readonly string[],
    most: number,
  ): Promise<SeriesReading[]> {
    return sql.rows(SQL.OF_SERIES, [jobIds, names, most]);
  },

  /** Forgets readings that are older than so many seconds, at most `most`. Returns how many. */
  async forget(sql: Sql, seconds: number, most: number): Promise<number> {
    return sql.run(SQL.FORGET, [seconds, most]);
  },
};
