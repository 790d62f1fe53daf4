import type { Sql } from '@drover/store';
import * as SQL from './queue.sql.js';

export const labQueueStore = {
  /** Upserts the description of each queue. */
  async advertise(sql: Sql, queues: Record<string, string>): Promise<void> {
    // In name order, so that two agents that post the same queues never wait for each other in a ring.
    const names = Object.keys(queues).sort();
    if (names.length === 0) return;
    await sql.run(SQL.ADVERTISE, [names, names.map((name) => queues[name])]);
  },

  /** Replaces all images of each queue. */
  async setImages(sql: Sql, images: Record<string, Record<string, string>>): Promise<void> {
    const names = Object.keys(images).sort();
    if (names.length === 0) return;
    await sql.run(SQL.SET_IMAGES, [names, names.map((name) => JSON.stringify(images[name]))]);
  },

  async list(sql: Sql): Promise<{ name: string; description: string | null }[]> {
    return sql.rows(SQL.LIST);
  },

  async images(sql: Sql, name: string): Promise<Record<string, string>> {
    return (await sql.rows<{ images: Record<string, string> }>(SQL.IMAGES, [name]))[0]?.images ?? {};
  },

  async exists(sql: Sql, name: string): Promise<boolean> {
    return (await sql.rows(SQL.EXISTS, [name])).length > 0;
  },

  /** Counts waits of whole seconds. */
  async waited(sql: Sql, waits: { queue: string; seconds: number; n: number }[]): Promise<void> {
    if (waits.length === 0) return;
    await sql.run(SQL.WAITED, [waits.map((w) => w.queue), waits.map((w) => w.seconds), waits.map((w) => w.n)]);
  },

  /**
   * How many jobs were ever taken from each queue (all queues without `queues`): while that stays the same, so do its
   * waits.
   */
  async waitTotals(sql: Sql, queues?: string[]): Promise<Map<string, number>> {
    const rows = await sql.rows<{ queue: string; total: number }>(SQL.WAIT_TOTALS, [queues ?? null]);
    return new Map(rows.map((row) => [row.queue, row.total]));
  },

  /**
   * How many jobs of each queue waited how many seconds, shortest first. As two lists a queue: 100,000 rows of their
   * own would cost ten times as much on their way.
   */
  async waits(sql: Sql, queues: string[]): Promise<{ queue: string; seconds: number[]; counts: number[] }[]> {
    const rows = await sql.rows<{ queue: string; seconds: string; counts: string }>(SQL.WAITS, [queues]);
    return rows.map((row) => {
      const [seconds, counts] = [JSON.parse(row.seconds) as number[], JSON.parse(row.counts) as number[]];
      // Sorted here: Postgres would sort by the queue's name as well, and compare texts for that.
      const order = seconds.map((_, at) => at).sort((a, b) => (seconds[a] as number) - (seconds[b] as number));
      return {
        queue: row.queue,
        seconds: order.map((at) => seconds[at] as number),
        counts: order.map((at) => counts[at] as number),
      };
    });
  },

  async forgetSilent(sql: Sql, seconds: number): Promise<void> {
    await sql.run(SQL.FORGET, [seconds]);
  },
};
