import { Any } from 'typeorm';
import type { DeliveryKind, DeliveryState, WebhookFormat } from '@drover/domain';
import * as SQL from './delivery.sql.js';
import { NOW } from './entities/columns.js';
import { DeliveryTryEntity } from './entities/delivery-try.entity.js';
import { DeliveryEntity } from './entities/delivery.entity.js';
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
  /** Headers, HMAC key and form of a webhook; forgotten when the delivery is done. */
  request: { headers?: Record<string, string>; secret?: string; format?: WebhookFormat };
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

export const deliveryStore = {
  /** One whose id is known is there already. */
  async insert(sql: Sql, rows: NewDelivery[]): Promise<void> {
    if (rows.length === 0) return;
    await sql.run(SQL.INSERT, [JSON.stringify(rows)]);
  },

  /** Takes one that is due for so long; null: it is done, not due, or in other hands. */
  async take(sql: Sql, id: string, leaseMs: number): Promise<Delivery | null> {
    const rows = await sql.rows<Delivery>(SQL.TAKE, [id, leaseMs]);
    return rows[0] ?? null;
  },

  /** Gives one back that was taken and not tried. */
  async putBack(sql: Sql, id: string, dueInMs: number): Promise<void> {
    await sql.run(SQL.PUT_BACK, [id, dueInMs]);
  },

  /** Writes down a try and what it means for the delivery: done, or due again. */
  async tried(
    sql: Sql,
    id: string,
    one: DeliveryTry | null,
    next: { state: Delivery['state'] } | { due_in_ms: number },
  ): Promise<void> {
    if (one) {
      await sql.entities(DeliveryTryEntity, (tries) => tries.insert({ delivery_id: id, ...one }));
    }
    if ('state' in next) {
      // Its secrets are forgotten.
      const done = { state: next.state, leased_until: null, done_at: NOW, request: {}, content: null };
      await sql.entities(DeliveryEntity, (deliveries) => deliveries.update({ id }, done));
    } else await sql.run(SQL.AGAIN, [id, next.due_in_ms]);
  },

  /** The deliveries that should be under way: due, and in nobody's hands. With the number of the next try. */
  async due(sql: Sql, limit: number): Promise<{ id: string; tries: number }[]> {
    return sql.rows(SQL.DUE, [limit]);
  },

  /** In the order of their making. */
  async ofJob(sql: Sql, jobId: string, limit: number): Promise<(Delivery & { log: DeliveryTry[] })[]> {
    const rows = await sql.entities(DeliveryEntity, (deliveries) =>
      deliveries.find({ where: { job_id: jobId }, order: { seq: 'ASC' }, take: limit }),
    );
    const ids = rows.map((row) => row.id);
    const tries = await sql.entities(DeliveryTryEntity, (all) =>
      all.find({ where: { delivery_id: Any(ids) }, order: { id: 'ASC' } }),
    );
    return rows.map((row) => ({
      ...row,
      log: tries.filter((one) => one.delivery_id === row.id).map(({ delivery_id: _, id: __, ...one }) => one),
    }));
  },

  /** The last tries of webhooks of each of these jobs, oldest first. */
  async lastTries(
    sql: Sql,
    jobIds: string[],
    each: number,
  ): Promise<(DeliveryTry & { job_id: string; target: string })[]> {
    if (jobIds.length === 0) return [];
    return sql.rows(SQL.LAST_TRIES, [jobIds, each]);
  },

  /** How many are not done yet. */
  async pending(sql: Sql): Promise<Record<DeliveryKind, number>> {
    const rows = await sql.rows<{ kind: DeliveryKind; n: string }>(SQL.PENDING);
    return { webhook: 0, mail: 0, ...Object.fromEntries(rows.map((row) => [row.kind, Number(row.n)])) };
  },

  /** Forgets those done longer ago, with their tries. */
  async forget(sql: Sql, olderThanS: number, limit: number): Promise<number> {
    return sql.run(SQL.FORGET, [olderThanS, limit]);
  },
};
