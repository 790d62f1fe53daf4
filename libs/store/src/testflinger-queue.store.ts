import type { Sql } from './sql.js';

/** Percentiles clients are shown. */
export const WAIT_PERCENTILES = [5, 10, 50, 90, 95] as const;

export const labQueueStore = {
  /** Upserts the description of each queue. */
  async advertise(sql: Sql, queues: Record<string, string>): Promise<void> {
    // In name order, so that two agents that post the same queues never wait for each other in a ring.
    const names = Object.keys(queues).sort();
    if (names.length === 0) return;
    await sql.run(
      `INSERT INTO testflinger_queue (name, description) SELECT * FROM unnest($1::text[], $2::text[])
       ON CONFLICT (name) DO UPDATE SET description = excluded.description, updated_at = now()`,
      [names, names.map((name) => queues[name])],
    );
  },

  /** Replaces all images of each queue. */
  async setImages(sql: Sql, images: Record<string, Record<string, string>>): Promise<void> {
    const names = Object.keys(images).sort();
    if (names.length === 0) return;
    await sql.run(
      `INSERT INTO testflinger_queue (name, images) SELECT * FROM unnest($1::text[], $2::jsonb[])
       ON CONFLICT (name) DO UPDATE SET images = excluded.images, updated_at = now()`,
      [names, names.map((name) => JSON.stringify(images[name]))],
    );
  },

  async list(sql: Sql): Promise<{ name: string; description: string | null }[]> {
    return sql.rows('SELECT name, description FROM testflinger_queue ORDER BY name LIMIT 100000');
  },

  async images(sql: Sql, name: string): Promise<Record<string, string>> {
    return (await sql.rows<{ images: Record<string, string> }>('SELECT images FROM testflinger_queue WHERE name = $1', [name]))[0]?.images ?? {};
  },

  async exists(sql: Sql, name: string): Promise<boolean> {
    return (await sql.rows('SELECT 1 FROM testflinger_queue WHERE name = $1', [name])).length > 0;
  },

  /** Counts waits of whole seconds. */
  async waited(sql: Sql, waits: { queue: string; seconds: number; n: number }[]): Promise<void> {
    if (waits.length === 0) return;
    await sql.run(
      `INSERT INTO testflinger_wait (queue, seconds, n) SELECT * FROM unnest($1::text[], $2::integer[], $3::bigint[])
       ON CONFLICT (queue, seconds) DO UPDATE SET n = testflinger_wait.n + excluded.n`,
      [waits.map((w) => w.queue), waits.map((w) => w.seconds), waits.map((w) => w.n)],
    );
  },

  /**
   * Exact percentiles of each queue (all queues without `queues`): the value at rank (count - 1) * p / 100 of the sorted samples, linear between neighbours.
   */
  async waitTimes(sql: Sql, queues?: string[]): Promise<Map<string, number[]>> {
    const rows = await sql.rows<{ queue: string; times: number[] }>(
      `WITH counted AS (
         SELECT queue, seconds, sum(n) OVER (PARTITION BY queue ORDER BY seconds) AS upto, sum(n) OVER (PARTITION BY queue) AS total
         FROM testflinger_wait WHERE $1::text[] IS NULL OR queue = ANY($1)
       ),
       ranks AS (
         SELECT DISTINCT queue, p.nr, (total - 1) * p.percent / 100.0 AS rank FROM counted, unnest($2::integer[]) WITH ORDINALITY AS p(percent, nr)
       ),
       ends AS (
         SELECT r.queue, r.nr, r.rank, min(c.seconds) FILTER (WHERE c.upto > floor(r.rank)) AS low, min(c.seconds) FILTER (WHERE c.upto > ceil(r.rank)) AS high
         FROM ranks r JOIN counted c ON c.queue = r.queue GROUP BY r.queue, r.nr, r.rank
       )
       SELECT queue, array_agg((low + (high - low) * (rank - floor(rank)))::float8 ORDER BY nr) AS times FROM ends GROUP BY queue ORDER BY queue`,
      [queues ?? null, WAIT_PERCENTILES],
    );
    return new Map(rows.map((row) => [row.queue, row.times]));
  },

  async forgetSilent(sql: Sql, seconds: number): Promise<void> {
    await sql.run('DELETE FROM testflinger_queue WHERE updated_at < now() - make_interval(secs => $1)', [seconds]);
  },
};
