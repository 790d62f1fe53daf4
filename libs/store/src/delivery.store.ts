import type { DeliveryKind, DeliveryState } from '@drover/domain';
import type { Sql } from './sql.js';

/** A message to be sent: where, and because of what. */
export interface NewDelivery {
  id: string;
  /** The job of the record that it tells of; null: it tells of something else. */
  job_id: string | null;
  /** The API that writes what it says: native, or a dialect. */
  source: string;
  kind: DeliveryKind;
  /** A job state, or a dialect's word. */
  event: string;
  /** A URL or a mail address. */
  target: string;
  /** The content. Absent: its source writes it when it is sent. */
  content?: Record<string, unknown> | null;
  /** Headers and HMAC key of a webhook; forgotten when the delivery is done. */
  request: { headers?: Record<string, string>; secret?: string };
  max_tries: number;
  backoff_min_ms: number;
  backoff_factor: number;
}

export interface Delivery extends NewDelivery {
  seq: string;
  state: DeliveryState;
  tries: number;
  due_at: Date;
  created_at: Date;
  done_at: Date | null;
}

/** One try to deliver. */
export interface DeliveryTry {
  at: Date;
  took_ms: number;
  /** HTTP status, or the mail server's code; null: no answer. */
  status: number | null;
  error: string | null;
  /** Names only: values may be secrets. */
  headers: string[];
  /** The body of the answer, cut; the request's when there was no answer. */
  body: string;
}

/** How persistently webhooks of the native API are tried: about eight minutes. */
export const NATIVE_WEBHOOK = { max_tries: 10, backoff_min_ms: 1_000, backoff_factor: 2 } as const;

/** Writes the webhooks that jobs of `jobs` (an SQL name with id and spec) want for their claim. */
export const claimHooks = (jobs: string): string => `
    INSERT INTO delivery (id, job_id, source, kind, event, target, request, max_tries, backoff_min_ms, backoff_factor)
    SELECT gen_random_uuid(), hooked.id, 'native', 'webhook', 'claimed', hook->>'url', jsonb_strip_nulls(jsonb_build_object('secret', hook->'secret')),
      ${NATIVE_WEBHOOK.max_tries}, ${NATIVE_WEBHOOK.backoff_min_ms}, ${NATIVE_WEBHOOK.backoff_factor}
    FROM ${jobs} AS hooked CROSS JOIN LATERAL jsonb_array_elements(hooked.spec->'webhooks') AS hook WHERE hook->'on' ? 'claimed'`;

const COLUMNS = `id, seq, job_id, source, kind, event, target, content, request, state, tries, max_tries, backoff_min_ms::float8 AS backoff_min_ms, backoff_factor,
  due_at, created_at, done_at`;

export const deliveryStore = {
  /** One whose id is known is there already. */
  async insert(sql: Sql, rows: NewDelivery[]): Promise<void> {
    if (rows.length === 0) return;
    await sql.run(
      `INSERT INTO delivery (id, job_id, source, kind, event, target, content, request, max_tries, backoff_min_ms, backoff_factor)
       SELECT id, job_id, source, kind, event, target, content, request, max_tries, backoff_min_ms, backoff_factor
       FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, job_id uuid, source text, kind text, event text, target text, content jsonb, request jsonb,
         max_tries integer, backoff_min_ms bigint, backoff_factor integer)
       ON CONFLICT (id) DO NOTHING`,
      [JSON.stringify(rows)],
    );
  },

  /** Takes one that is due for so long; null: it is done, not due, or in other hands. */
  async take(sql: Sql, id: string, leaseMs: number): Promise<Delivery | null> {
    const rows = await sql.rows<Delivery>(
      `UPDATE delivery SET tries = tries + 1, leased_until = now() + $2 * interval '1 millisecond'
       WHERE id = $1 AND state = 'pending' AND due_at <= now() + interval '100 milliseconds' AND (leased_until IS NULL OR leased_until < now())
       RETURNING ${COLUMNS}`,
      [id, leaseMs],
    );
    return rows[0] ?? null;
  },

  /** Gives one back that was taken and not tried. */
  async putBack(sql: Sql, id: string, dueInMs: number): Promise<void> {
    await sql.run(
      `UPDATE delivery SET tries = greatest(0, tries - 1), leased_until = NULL, due_at = now() + $2 * interval '1 millisecond' WHERE id = $1 AND state = 'pending'`,
      [id, dueInMs],
    );
  },

  /** Writes down a try and what it means for the delivery: done, or due again. */
  async tried(
    sql: Sql,
    id: string,
    one: DeliveryTry | null,
    next: { state: Delivery['state'] } | { due_in_ms: number },
  ): Promise<void> {
    if (one) {
      await sql.run(
        'INSERT INTO delivery_try (delivery_id, at, took_ms, status, error, headers, body) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [id, one.at, one.took_ms, one.status, one.error, one.headers, one.body],
      );
    }
    if ('state' in next)
      await sql.run(
        `UPDATE delivery SET state = $2, leased_until = NULL, done_at = now(), request = '{}', content = NULL WHERE id = $1`,
        [id, next.state],
      );
    else
      await sql.run(
        `UPDATE delivery SET leased_until = NULL, due_at = now() + $2 * interval '1 millisecond' WHERE id = $1`,
        [id, next.due_in_ms],
      );
  },

  /** The deliveries that should be under way: due, and in nobody's hands. With the number of the next try. */
  async due(sql: Sql, limit: number): Promise<{ id: string; tries: number }[]> {
    return sql.rows(
      `SELECT id, tries FROM delivery WHERE state = 'pending' AND due_at <= now() AND (leased_until IS NULL OR leased_until < now()) ORDER BY due_at LIMIT $1`,
      [limit],
    );
  },

  /** In the order of their making. */
  async ofJob(sql: Sql, jobId: string, limit: number): Promise<(Delivery & { log: DeliveryTry[] })[]> {
    const rows = await sql.rows<Delivery>(`SELECT ${COLUMNS} FROM delivery WHERE job_id = $1 ORDER BY seq LIMIT $2`, [
      jobId,
      limit,
    ]);
    const tries = await sql.rows<DeliveryTry & { delivery_id: string }>(
      'SELECT delivery_id, at, took_ms, status, error, headers, body FROM delivery_try WHERE delivery_id = ANY($1::uuid[]) ORDER BY id',
      [rows.map((row) => row.id)],
    );
    return rows.map((row) => ({
      ...row,
      log: tries.filter((one) => one.delivery_id === row.id).map(({ delivery_id: _, ...one }) => one),
    }));
  },

  /** The last tries of webhooks of each of these jobs, oldest first. */
  async lastTries(
    sql: Sql,
    jobIds: string[],
    each: number,
  ): Promise<(DeliveryTry & { job_id: string; target: string })[]> {
    if (jobIds.length === 0) return [];
    return sql.rows(
      `SELECT job_id, target, at, took_ms, status, error, headers, body FROM (
         SELECT d.job_id, d.target, t.*, row_number() OVER (PARTITION BY d.job_id ORDER BY t.id DESC) AS n
         FROM delivery d JOIN delivery_try t ON t.delivery_id = d.id WHERE d.job_id = ANY($1::uuid[]) AND d.kind = 'webhook'
       ) last WHERE n <= $2 ORDER BY id`,
      [jobIds, each],
    );
  },

  /** How many are not done yet. */
  async pending(sql: Sql): Promise<Record<DeliveryKind, number>> {
    const rows = await sql.rows<{ kind: DeliveryKind; n: string }>(
      `SELECT kind, count(*) AS n FROM delivery WHERE state = 'pending' GROUP BY kind`,
    );
    return { webhook: 0, mail: 0, ...Object.fromEntries(rows.map((row) => [row.kind, Number(row.n)])) };
  },

  /** Forgets those done longer ago, with their tries. */
  async forget(sql: Sql, olderThanS: number, limit: number): Promise<number> {
    return sql.run(
      `DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE done_at < now() - $1 * interval '1 second' ORDER BY done_at LIMIT $2)`,
      [olderThanS, limit],
    );
  },
};
