import { IsNull, Not } from 'typeorm';
import * as SQL from './access.sql.js';
import { AccessClientEntity } from './entities/access-client.entity.js';
import { AccessRefreshTokenEntity } from './entities/access-refresh-token.entity.js';
import { AccessRestrictedQueueEntity } from './entities/access-restricted-queue.entity.js';
import { AccessSecretEntity } from './entities/access-secret.entity.js';
import { NOW } from './entities/columns.js';
import type { Sql } from './sql.js';

/** A client as it is stored; `role` is one of libs/access's words. */
export interface ClientRow {
  id: string;
  role: string;
  project: string;
  key_hash: string | null;
  /** By queue name, or `*`. */
  max_priority: Record<string, number>;
  allowed_queues: string[];
  /** Seconds, by queue name, or `*`. */
  max_reservation_time: Record<string, number>;
  email: string | null;
  created_at: Date;
  updated_at: Date;
  revoked_at: Date | null;
  /** Counts new keys, revocations and new beginnings. A token of another generation is no good. */
  token_generation: number;
  /** Time of the last of these events. Null: there was none. */
  tokens_since: Date | null;
}

export type ClientValues = Pick<
  ClientRow,
  'id' | 'role' | 'project' | 'key_hash' | 'max_priority' | 'allowed_queues' | 'max_reservation_time' | 'email'
>;

/** The change that revokes a client or a token. */
const REVOKED_NOW = { revoked_at: NOW };
/** Clients that are listed at most. */
const MOST = 100_000;

export const clientStore = {
  /** Revoked ones, too. `lock`: nobody else changes it until the transaction ends. */
  async get(sql: Sql, id: string, options: { lock: boolean } = { lock: false }): Promise<ClientRow | null> {
    const lock = options.lock ? { mode: 'pessimistic_write' as const } : undefined;
    return sql.entities(AccessClientEntity, (clients) => clients.findOne({ where: { id }, lock }));
  },

  /** The clients of these ids that there are, revoked ones too. */
  async getMany(sql: Sql, ids: readonly string[]): Promise<ClientRow[]> {
    return sql.rows<ClientRow>(SQL.CLIENTS, [ids]);
  },

  /** Holds this id until the end of the transaction, whether there is such a client yet or not. */
  async hold(sql: Sql, id: string): Promise<void> {
    await sql.run(SQL.HOLD_CLIENT, [id]);
  },

  /** By id. */
  async list(sql: Sql, options: { revoked: boolean }): Promise<ClientRow[]> {
    const where = options.revoked ? {} : { revoked_at: IsNull() };
    return sql.entities(AccessClientEntity, (clients) => clients.find({ where, order: { id: 'ASC' }, take: MOST }));
  },

  /**
   * Makes a client, or replaces everything of one with this id (who was revoked is welcome again: whoever calls this
   * has asked whether that is meant). A new key, or a new beginning, ends every token that was made before.
   */
  async put(sql: Sql, client: ClientValues): Promise<ClientRow> {
    const rows = await sql.rows<ClientRow>(SQL.PUT_CLIENT, [
      client.id,
      client.role,
      client.key_hash,
      JSON.stringify(client.max_priority),
      client.allowed_queues,
      JSON.stringify(client.max_reservation_time),
      client.email,
      client.project,
    ]);
    const row = rows[0] as ClientRow;
    await sql.entities(AccessRefreshTokenEntity, (tokens) =>
      tokens.update({ client_id: row.id, revoked_at: IsNull(), generation: Not(row.token_generation) }, REVOKED_NOW),
    );
    return row;
  },

  /** False: there is no such client, or it was revoked before. Its refresh tokens and secrets go with it. */
  async revoke(sql: Sql, id: string, options: { endJobs: boolean }): Promise<boolean> {
    const { affected } = await sql.entities(AccessClientEntity, (clients) =>
      clients.update(
        { id, revoked_at: IsNull() },
        {
          ...REVOKED_NOW,
          updated_at: NOW,
          key_hash: null,
          token_generation: () => 'token_generation + 1',
          tokens_since: NOW,
          end_jobs: options.endJobs,
        },
      ),
    );
    await sql.entities(AccessRefreshTokenEntity, (tokens) =>
      tokens.update({ client_id: id, revoked_at: IsNull() }, REVOKED_NOW),
    );
    await sql.entities(AccessSecretEntity, (secrets) => secrets.delete({ client_id: id }));
    return (affected ?? 0) > 0;
  },

  /**
   * Jobs of revoked clients (but those named) that wait, or run although their client was revoked with `end_jobs`; what
   * runs elsewhere is not ours to end.
   */
  async orphans(sql: Sql, but: readonly string[], limit: number): Promise<{ job_id: string; owner: string }[]> {
    return sql.rows(SQL.ORPHANS, [but, limit]);
  },

  async addQueue(sql: Sql, id: string, queue: string): Promise<void> {
    await sql.run(SQL.ADD_QUEUE, [id, queue]);
  },

  async removeQueue(sql: Sql, id: string, queue: string): Promise<void> {
    await sql.run(SQL.REMOVE_QUEUE, [id, queue]);
  },
};

export const restrictedQueueStore = {
  /** One that is restricted stays so. */
  async add(sql: Sql, queue: string): Promise<void> {
    await sql.entities(AccessRestrictedQueueEntity, (queues) =>
      queues.createQueryBuilder().insert().values({ queue }).orIgnore().updateEntity(false).execute(),
    );
  },

  /** False: it was not restricted. */
  async remove(sql: Sql, queue: string): Promise<boolean> {
    const { affected } = await sql.entities(AccessRestrictedQueueEntity, (queues) => queues.delete({ queue }));
    return (affected ?? 0) > 0;
  },

  async names(sql: Sql): Promise<string[]> {
    const found = await sql.entities(AccessRestrictedQueueEntity, (queues) => queues.find());
    return found.map(({ queue }) => queue);
  },

  /** Restricted queues with the clients that may use them; all, or those among `queues`. */
  async list(sql: Sql, queues?: string[]): Promise<{ queue: string; owners: string[] }[]> {
    return sql.rows(SQL.RESTRICTED_QUEUES, [queues ?? null]);
  },
};
