import { createHash } from 'node:crypto';
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
    const [me] = await sql.rows<{ db: string; can: boolean }>(
      'SELECT current_database() AS db, rolcreaterole OR rolsuper AS can FROM pg_roles WHERE rolname = current_user',
    );
    if (!me?.can) return null;
    // Roles belong to the whole server, so the database's name is part of theirs.
    const base = `drover_tickets_${createHash('sha256').update(me.db).digest('hex').slice(0, 12)}`;
    const nameOf = ({ suffix }: TicketLogin): string => (suffix === '' ? base : `${base}_${suffix}`);
    await sql.run('SELECT pg_advisory_xact_lock(7267451002)');
    const there = new Set(
      (
        await sql.rows<{ rolname: string }>(
          `SELECT rolname FROM pg_roles WHERE rolname = $1 OR rolname LIKE $1 || '\\_%'`,
          [base],
        )
      ).map(({ rolname }) => rolname),
    );
    for (const login of logins) {
      const role = nameOf(login);
      const secret = login.password.replaceAll("'", "''");
      await sql.run(
        `${there.delete(role) ? 'ALTER' : 'CREATE'} ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '${secret}'`,
      );
      await sql.run(`GRANT CONNECT ON DATABASE "${me.db.replaceAll('"', '""')}" TO ${role}`);
      await sql.run(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
      await sql.run(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role}`);
      await sql.run(`GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`);
      await sql.run(`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${role}`);
    }
    for (const old of there) await sql.run(`ALTER ROLE ${old} NOLOGIN PASSWORD NULL`);
    return nameOf(logins[0]);
  });
}
