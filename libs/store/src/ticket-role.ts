import { createHash } from 'node:crypto';
import type { Sql } from './sql.js';

/**
 * A login that sees the ticket store's schema and nothing of the record, for workers whose tickets are in Postgres. Made anew (rights and password)
 * at each start of an API; any number of them at once. Returns its name, or null where our own login may not make roles.
 */
export async function ensureTicketRole(tx: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>, schema: string, password: string): Promise<string | null> {
  if (!/^[a-z_][a-z0-9_]*$/.test(schema)) throw new Error(`not a schema name: ${schema}`);
  return tx(async (sql) => {
    const [me] = await sql.rows<{ db: string; can: boolean }>(
      'SELECT current_database() AS db, rolcreaterole OR rolsuper AS can FROM pg_roles WHERE rolname = current_user',
    );
    if (!me?.can) return null;
    // Roles belong to the whole server, so the database's name is part of theirs.
    const role = `drover_tickets_${createHash('sha256').update(me.db).digest('hex').slice(0, 12)}`;
    await sql.run('SELECT pg_advisory_xact_lock(7267451002)');
    const [found] = await sql.rows('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
    const secret = password.replaceAll("'", "''");
    await sql.run(`${found ? 'ALTER' : 'CREATE'} ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '${secret}'`);
    await sql.run(`GRANT CONNECT ON DATABASE "${me.db.replaceAll('"', '""')}" TO ${role}`);
    await sql.run(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
    await sql.run(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role}`);
    await sql.run(`GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`);
    await sql.run(`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${role}`);
    return role;
  });
}
