import * as SQL from './access.sql.js';
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

const COLUMNS =
  'id, role, project, key_hash, max_priority, allowed_queues, max_reservation_time, email, created_at, updated_at, revoked_at, token_generation, tokens_since';

export const clientStore = {
  /** Revoked ones, too. */
  async get(sql: Sql, id: string, lock: 'FOR UPDATE' | '' = ''): Promise<ClientRow | null> {
    return (await sql.rows<ClientRow>(`SELECT ${COLUMNS} FROM access_client WHERE id = $1 ${lock}`, [id]))[0] ?? null;
  },

  /** The clients of these ids that there are, revoked ones too. */
  async getMany(sql: Sql, ids: readonly string[]): Promise<ClientRow[]> {
    return sql.rows<ClientRow>(SQL.CLIENTS, [ids]);
  },

  /** Holds this id until the end of the transaction, whether there is such a client yet or not. */
  async hold(sql: Sql, id: string): Promise<void> {
    await sql.run(SQL.HOLD_CLIENT, [id]);
  },

  async list(sql: Sql, options: { revoked: boolean }): Promise<ClientRow[]> {
    return sql.rows<ClientRow>(
      `SELECT ${COLUMNS} FROM access_client WHERE $1 OR revoked_at IS NULL ORDER BY id LIMIT 100000`,
      [options.revoked],
    );
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
    await sql.run(
      'UPDATE access_refresh_token SET revoked_at = now() WHERE client_id = $1 AND revoked_at IS NULL AND generation <> $2',
      [row.id, row.token_generation],
    );
    return row;
  },

  /** False: there is no such client, or it was revoked before. Its refresh tokens and secrets go with it. */
  async revoke(sql: Sql, id: string, options: { endJobs: boolean }): Promise<boolean> {
    const n = await sql.run(
      `UPDATE access_client SET revoked_at = now(), updated_at = now(), key_hash = NULL, token_generation = token_generation + 1, tokens_since = now(), end_jobs = $2
       WHERE id = $1 AND revoked_at IS NULL`,
      [id, options.endJobs],
    );
    await sql.run('UPDATE access_refresh_token SET revoked_at = now() WHERE client_id = $1 AND revoked_at IS NULL', [
      id,
    ]);
    await sql.run('DELETE FROM access_secret WHERE client_id = $1', [id]);
    return n > 0;
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
  async add(sql: Sql, queue: string): Promise<void> {
    await sql.run('INSERT INTO access_restricted_queue (queue) VALUES ($1) ON CONFLICT DO NOTHING', [queue]);
  },

  /** False: it was not restricted. */
  async remove(sql: Sql, queue: string): Promise<boolean> {
    return (await sql.run('DELETE FROM access_restricted_queue WHERE queue = $1', [queue])) > 0;
  },

  async names(sql: Sql): Promise<string[]> {
    return (await sql.rows<{ queue: string }>('SELECT queue FROM access_restricted_queue')).map((row) => row.queue);
  },

  /** Restricted queues with the clients that may use them; all, or those among `queues`. */
  async list(sql: Sql, queues?: string[]): Promise<{ queue: string; owners: string[] }[]> {
    return sql.rows(SQL.RESTRICTED_QUEUES, [queues ?? null]);
  },
};
