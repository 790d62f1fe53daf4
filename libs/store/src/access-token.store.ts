import { IsNull } from 'typeorm';
import * as SQL from './access.sql.js';
import { AccessRefreshTokenEntity } from './entities/access-refresh-token.entity.js';
import { AccessSecretEntity } from './entities/access-secret.entity.js';
import { NOW } from './entities/columns.js';
import type { Sql } from './sql.js';

/** A token that is kept as its hash: a refresh token, or the session of a browser. */
export interface IssuedToken {
  client_id: string;
  /** The generation of its client when it was issued. */
  generation: number;
  issued_at: Date;
  expires_at: Date;
}

export const refreshTokenStore = {
  async insert(
    sql: Sql,
    token: { hash: Buffer; client_id: string; generation: number; expires_at: Date },
  ): Promise<void> {
    await sql.entities(AccessRefreshTokenEntity, (tokens) => tokens.insert(token));
  },

  /** The client of a valid token, which is used by this. A token of another generation than its client's is none. */
  async use(sql: Sql, hash: Buffer): Promise<string | null> {
    const rows = await sql.rows<{ client_id: string }>(SQL.USE_REFRESH_TOKEN, [hash]);
    return rows[0]?.client_id ?? null;
  },

  /** A valid token as it was issued, without using it; null: unknown, revoked or expired. */
  async find(sql: Sql, hash: Buffer): Promise<IssuedToken | null> {
    return (await sql.rows<IssuedToken>(SQL.VALID_TOKEN, [hash]))[0] ?? null;
  },

  /** False: unknown, or revoked before. */
  async revoke(sql: Sql, hash: Buffer): Promise<boolean> {
    const { affected } = await sql.entities(AccessRefreshTokenEntity, (tokens) =>
      tokens.update({ hash, revoked_at: IsNull() }, { revoked_at: NOW }),
    );
    return (affected ?? 0) > 0;
  },

  async forgetUnused(sql: Sql, days: number): Promise<number> {
    return sql.run(SQL.FORGET_REFRESH_TOKENS, [days]);
  },
};

export const secretStore = {
  async put(
    sql: Sql,
    secret: { client_id: string; path: string; sealed: Buffer; ephemeral: boolean; expires_at: Date | null },
  ): Promise<void> {
    await sql.run(SQL.PUT_SECRET, [secret.client_id, secret.path, secret.sealed, secret.ephemeral, secret.expires_at]);
  },

  /** Takes a secret that has not expired, for a job that was made at this time; an ephemeral one is deleted by this. */
  async take(sql: Sql, clientId: string, path: string, jobMadeAt: Date): Promise<Buffer | null> {
    const gone = await sql.rows<{ sealed: Buffer }>(SQL.TAKE_EPHEMERAL_SECRET, [clientId, path, jobMadeAt]);
    if (gone[0]) return gone[0].sealed;
    const rows = await sql.rows<{ sealed: Buffer }>(SQL.LASTING_SECRET, [clientId, path, jobMadeAt]);
    return rows[0]?.sealed ?? null;
  },

  /** Which of these paths have no value. */
  async missing(sql: Sql, clientId: string, paths: string[]): Promise<string[]> {
    const rows = await sql.rows<{ path: string }>(SQL.SECRET_PATHS, [clientId, paths]);
    const known = new Set(rows.map((row) => row.path));
    return paths.filter((path) => !known.has(path));
  },

  async delete(sql: Sql, clientId: string, path: string): Promise<void> {
    await sql.entities(AccessSecretEntity, (secrets) => secrets.delete({ client_id: clientId, path }));
  },

  /** The next ones in the order of owner and path, to seal them anew. */
  async after(
    sql: Sql,
    last: { client_id: string; path: string },
    limit: number,
  ): Promise<{ client_id: string; path: string; sealed: Buffer }[]> {
    return sql.rows(SQL.SECRETS_AFTER, [last.client_id, last.path, limit]);
  },

  /** Nothing happens when the value was changed meanwhile. */
  async reseal(
    sql: Sql,
    { client_id, path, sealed }: { client_id: string; path: string; sealed: Buffer },
    renewed: Buffer,
  ): Promise<void> {
    await sql.entities(AccessSecretEntity, (secrets) =>
      secrets.update({ client_id, path, sealed }, { sealed: renewed }),
    );
  },

  async forgetExpired(sql: Sql): Promise<void> {
    await sql.run(SQL.FORGET_EXPIRED_SECRETS);
  },
};
