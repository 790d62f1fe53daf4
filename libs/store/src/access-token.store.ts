import type { Sql } from './sql.js';

export const refreshTokenStore = {
  async insert(
    sql: Sql,
    token: { hash: Buffer; client_id: string; generation: number; expires_at: Date },
  ): Promise<void> {
    await sql.run(
      'INSERT INTO access_refresh_token (hash, client_id, generation, expires_at) VALUES ($1, $2, $3, $4)',
      [token.hash, token.client_id, token.generation, token.expires_at],
    );
  },

  /** The client of a valid token, which is used by this. A token of another generation than its client's is none. */
  async use(sql: Sql, hash: Buffer): Promise<string | null> {
    const rows = await sql.rows<{ client_id: string }>(
      `UPDATE access_refresh_token t SET used_at = now() FROM access_client c
       WHERE t.hash = $1 AND t.revoked_at IS NULL AND t.expires_at > now()
         AND c.id = t.client_id AND c.revoked_at IS NULL AND c.token_generation = t.generation
       RETURNING t.client_id`,
      [hash],
    );
    return rows[0]?.client_id ?? null;
  },

  /** False: unknown, or revoked before. */
  async revoke(sql: Sql, hash: Buffer): Promise<boolean> {
    return (
      (await sql.run('UPDATE access_refresh_token SET revoked_at = now() WHERE hash = $1 AND revoked_at IS NULL', [
        hash,
      ])) > 0
    );
  },

  async forgetUnused(sql: Sql, days: number): Promise<number> {
    return sql.run('DELETE FROM access_refresh_token WHERE used_at < now() - make_interval(days => $1)', [days]);
  },
};

/** It has not expired, and the job ($3) is not one of an earlier client of the same name. */
const USABLE = `(expires_at IS NULL OR expires_at > now())
  AND NOT EXISTS (SELECT FROM access_client c WHERE c.id = client_id AND c.made_again_at > $3)`;

export const secretStore = {
  async put(
    sql: Sql,
    secret: { client_id: string; path: string; sealed: Buffer; ephemeral: boolean; expires_at: Date | null },
  ): Promise<void> {
    await sql.run(
      `INSERT INTO access_secret (client_id, path, sealed, ephemeral, expires_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (client_id, path) DO UPDATE SET sealed = excluded.sealed, ephemeral = excluded.ephemeral, expires_at = excluded.expires_at, created_at = now()`,
      [secret.client_id, secret.path, secret.sealed, secret.ephemeral, secret.expires_at],
    );
  },

  /** Takes a secret that has not expired, for a job that was made at this time; an ephemeral one is deleted by this. */
  async take(sql: Sql, clientId: string, path: string, jobMadeAt: Date): Promise<Buffer | null> {
    const gone = await sql.rows<{ sealed: Buffer }>(
      `DELETE FROM access_secret WHERE client_id = $1 AND path = $2 AND ephemeral AND ${USABLE} RETURNING sealed`,
      [clientId, path, jobMadeAt],
    );
    if (gone[0]) return gone[0].sealed;
    const rows = await sql.rows<{ sealed: Buffer }>(
      `SELECT sealed FROM access_secret WHERE client_id = $1 AND path = $2 AND NOT ephemeral AND ${USABLE}`,
      [clientId, path, jobMadeAt],
    );
    return rows[0]?.sealed ?? null;
  },

  /** Which of these paths have no value. */
  async missing(sql: Sql, clientId: string, paths: string[]): Promise<string[]> {
    const rows = await sql.rows<{ path: string }>(
      'SELECT path FROM access_secret WHERE client_id = $1 AND path = ANY($2) AND (expires_at IS NULL OR expires_at > now())',
      [clientId, paths],
    );
    const known = new Set(rows.map((row) => row.path));
    return paths.filter((path) => !known.has(path));
  },

  async delete(sql: Sql, clientId: string, path: string): Promise<void> {
    await sql.run('DELETE FROM access_secret WHERE client_id = $1 AND path = $2', [clientId, path]);
  },

  /** The next ones in the order of owner and path, to seal them anew. */
  async after(
    sql: Sql,
    last: { client_id: string; path: string },
    limit: number,
  ): Promise<{ client_id: string; path: string; sealed: Buffer }[]> {
    return sql.rows(
      'SELECT client_id, path, sealed FROM access_secret WHERE (client_id, path) > ($1, $2) ORDER BY client_id, path LIMIT $3',
      [last.client_id, last.path, limit],
    );
  },

  /** Nothing happens when the value was changed meanwhile. */
  async reseal(
    sql: Sql,
    { client_id, path, sealed }: { client_id: string; path: string; sealed: Buffer },
    renewed: Buffer,
  ): Promise<void> {
    await sql.run('UPDATE access_secret SET sealed = $4 WHERE client_id = $1 AND path = $2 AND sealed = $3', [
      client_id,
      path,
      sealed,
      renewed,
    ]);
  },

  async forgetExpired(sql: Sql): Promise<void> {
    await sql.run('DELETE FROM access_secret WHERE expires_at <= now()');
  },
};
