import { ADVISORY_LOCKS, DroverError } from '@drover/domain';
import { Gate } from './gate.js';
import { giveWay } from './in-the-way.js';
import { LOCK as LOCK_CONNECTION, UNLOCK as UNLOCK_CONNECTION } from './instance.sql.js';
import * as SQL from './login.sql.js';
import { poolSql, type Sql } from './sql.js';
import { createDataSource } from './store.js';

export interface Logins {
  /** The login of the schema's owner. */
  ownerUrl: string;
  /** The login of the API. */
  appUrl: string;
  /** The login of workers whose tickets are in Postgres; null: the API makes one, where its own login may. */
  ticketsUrl: string | null;
}

/** The name and the password of a login to the database. */
export function loginOf(url: string): { name: string; password: string } {
  const { username, password } = new URL(url);
  return { name: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** Whether the login of a connection may do everything on the server, running programs included. */
export async function isSuperuser(sql: Sql): Promise<boolean> {
  const [me] = await sql.rows<{ superuser: boolean }>(SQL.IS_SUPERUSER);
  return me?.superuser ?? false;
}

/** Makes the logins that are not there yet. @throws DroverError with the statement for somebody who may */
export async function makeLogins({ ownerUrl, appUrl, ticketsUrl }: Logins): Promise<void> {
  await asOwner(ownerUrl, async (sql) => {
    for (const url of [appUrl, ...(ticketsUrl === null ? [] : [ticketsUrl])]) {
      const { name, password } = loginOf(url);
      if (name === '' || (await sql.rows(SQL.LOGIN, [name])).length > 0) continue;
      const [me] = await sql.rows<{ can: boolean }>(SQL.MAY_MAKE_LOGINS);
      if (!me?.can) {
        throw new DroverError(
          'unavailable',
          `The database has no login ${name}, and that of DROVER_MIGRATE_URL may not make one: CREATE ROLE ${SQL.ident(name)} LOGIN PASSWORD '...'; then run \`drover migrate\` again.`,
        );
      }
      await sql.run(SQL.makeLogin(name, password, { known: false }));
    }
  });
}

/**
 * Lets the logins do what they are for, and nothing else: rows of the record and of the ticket store for the API, the
 * ticket store for workers. After each migration.
 */
export async function grantAccess({ ownerUrl, appUrl, ticketsUrl }: Logins, ticketSchema: string): Promise<void> {
  const owner = loginOf(ownerUrl).name;
  const grant = async (sql: Sql): Promise<void> => {
    const [place] = await sql.rows<{ schema: string; database: string; tickets: boolean }>(SQL.PLACE, [ticketSchema]);
    const app = loginOf(appUrl).name;
    const ticketSchemas = place?.tickets ? [ticketSchema] : [];
    const tickets = ticketsUrl === null ? null : loginOf(ticketsUrl).name;
    // A database may let nobody in but its owner. An owner of the schema only has nothing to grant there: Postgres says
    // so in a notice, and somebody else has let them in.
    for (const login of new Set([app, ...(tickets === null ? [] : [tickets])]))
      await sql.run(SQL.letIn(login, place?.database ?? ''));
    if (app !== owner) {
      for (const schema of [place?.schema ?? 'public', ...ticketSchemas]) await grantRows(sql, schema, app);
      // Which migrations were applied is not the API's to change.
      await sql.run(SQL.keepMigrations(app, place?.schema ?? 'public'));
    }
    if (tickets !== null && tickets !== owner && tickets !== app)
      for (const schema of ticketSchemas) await grantRows(sql, schema, tickets);
  };
  // A grant says the same when it is said twice.
  await asOwner(ownerUrl, (sql) => giveWay(() => grant(sql)));
}

async function grantRows(sql: Sql, schema: string, role: string): Promise<void> {
  // Later objects are such as the days of samples.
  for (const grant of SQL.grantRows(role, schema, { later: true })) await sql.run(grant);
}

/** One connection, whose lock is asked for by as many migrations as are started at once. Milliseconds. */
const ONE_AFTER_ANOTHER = { places: 1, most: 100, withinMs: 60_000 };

async function asOwner(url: string, work: (sql: Sql) => Promise<void>): Promise<void> {
  const source = await createDataSource({ url, pool: 1, applicationName: 'drover-migrate' }).initialize();
  try {
    const sql = poolSql({ source, mode: 'plain', gate: new Gate(ONE_AFTER_ANOTHER) });
    // This pool has one connection, which holds the lock.
    await sql.rows(LOCK_CONNECTION, [ADVISORY_LOCKS.logins]);
    try {
      await work(sql);
    } finally {
      await sql.rows(UNLOCK_CONNECTION, [ADVISORY_LOCKS.logins]);
    }
  } finally {
    await source.destroy();
  }
}
