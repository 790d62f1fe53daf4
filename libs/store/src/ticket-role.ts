import { createHash } from 'node:crypto';
import * as SQL from './login.sql.js';
import { holdLock } from './session.js';
import type { Sql } from './sql.js';

/** A login for one key of the installation. */
export interface TicketLogin {
  /** Distinguishes it from those of other keys; empty for the first one. */
  suffix: string;
  password: string;
}

/**
 * Logins that see the ticket store's schema and nothing of the record, for workers whose tickets are in Postgres: where
 * an operator has made none. Made anew (rights and password) at each start of an API; any number of them at once. Those
 * of keys that are not among `logins` any more are closed. Returns the first one's name, or null where our own login
 * may not make roles.
 */
export async function ensureTicketRole(
  tx: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>,
  schema: string,
  logins: readonly [TicketLogin, ...TicketLogin[]],
): Promise<string | null> {
  if (!/^[a-z_][a-z0-9_]*$/.test(schema)) throw new Error(`not a schema name: ${schema}`);
  return tx(async (sql) => {
    const [me] = await sql.rows<{ db: string; can: boolean }>(SQL.MAY_MAKE_LOGINS);
    if (!me?.can) return null;
    // Roles belong to the whole server, so the database's name is part of theirs.
    const base = `drover_tickets_${createHash('sha256').update(me.db).digest('hex').slice(0, 12)}`;
    const nameOf = ({ suffix }: TicketLogin): string => (suffix === '' ? base : `${base}_${suffix}`);
    await holdLock(sql, 'ticketLogins');
    const there = new Set((await sql.rows<{ rolname: string }>(SQL.LOGINS_OF, [base])).map(({ rolname }) => rolname));
    for (const login of logins) {
      const role = nameOf(login);
      await sql.run(SQL.makeLogin(role, login.password, { known: there.delete(role) }));
      await sql.run(SQL.letIn(role, me.db));
      for (const grant of SQL.grantRows(role, schema, { later: false })) await sql.run(grant);
    }
    for (const old of there) await sql.run(SQL.closeLogin(old));
    return nameOf(logins[0]);
  });
}
