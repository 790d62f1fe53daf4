import * as SQL from './sample.sql.js';
import type { Sql } from './sql.js';

const DAY_MS = 86_400_000;
/** Partitions made ahead of time: an API that is down for two days finds its table ready. */
const DAYS_AHEAD = 3;
const NAME = /^sample_(\d{4})(\d{2})(\d{2})$/;

const dayOf = (time: number): number => Math.floor(time / DAY_MS);
const nameOf = (day: number): string =>
  `sample_${new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;
const borderOf = (day: number): string => new Date(day * DAY_MS).toISOString();

/** The days of `sample`: a partition each, made ahead, dropped whole. */
export const samplePartitions = {
  /** Names of the partitions, oldest first, without the default one. */
  async list(sql: Sql): Promise<string[]> {
    const rows = await sql.rows<{ name: string }>(SQL.PARTITIONS);
    return rows.map((row) => row.name).filter((name) => NAME.test(name));
  },

  /** The day since which samples are kept; null: none has been made yet. */
  async since(sql: Sql): Promise<Date | null> {
    const [oldest] = await samplePartitions.list(sql);
    const [, year, month, day] = NAME.exec(oldest ?? '') ?? [];
    return year === undefined ? null : new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  },

  /**
   * Makes the partitions of today and the next days. Rows of such a day that are in the default partition already move
   * over. Call inside a transaction of its own.
   */
  async ensure(sql: Sql, now = Date.now()): Promise<string[]> {
    const known = new Set(await samplePartitions.list(sql));
    const made: string[] = [];
    for (let day = dayOf(now); day <= dayOf(now) + DAYS_AHEAD; day += 1) {
      const name = nameOf(day);
      if (known.has(name)) continue;
      await sql.run(SQL.MAKE_PARTITION, [borderOf(day).slice(0, 10)]);
      made.push(name);
    }
    return made;
  },

  /** Drops the days that ended before `keepFrom`, and older rows of the default partition. */
  async dropBefore(sql: Sql, keepFrom: number): Promise<string[]> {
    const old = (await samplePartitions.list(sql)).filter((name) => {
      const [, year, month, day] = NAME.exec(name) as RegExpExecArray;
      return Date.UTC(Number(year), Number(month) - 1, Number(day)) + DAY_MS <= keepFrom;
    });
    for (const name of old) await sql.run(SQL.DROP_PARTITION, [name.slice('sample_'.length)]);
    await sql.run(SQL.FORGET_OF_DEFAULT, [new Date(keepFrom)]);
    return old;
  },
};
