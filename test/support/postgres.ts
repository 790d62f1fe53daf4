import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { ROLES } from '@drover/embedded';

/** The logins of the API, of workers and of the schema's owner, with the rights that production gives them. */
export type Login = 'app' | 'tickets' | 'owner';

/** A database that a run's global set-up has migrated; test databases are copies of it. */
export const TEMPLATE = 'drover_template';

/** `url` with another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/**
 * The same database with the login that the API, a worker or a migration has in production; test databases are named by
 * their superuser.
 */
export function asLogin(url: string, login: Login): string {
  const [changed, own] = [new URL(url), new URL(inject('logins')[login])];
  [changed.username, changed.password] = [own.username, own.password];
  return changed.href;
}

/** Whether `url` names a login of a test's choice; else it is the run's superuser, which no program of ours is to be. */
export const hasOwnLogin = (url: string): boolean => new URL(url).username !== new URL(inject('postgresUrl')).username;

/** Statements that note what `drover migrate --finish` of a newer version would note. */
export const CONTRACTED_BY_NEWER = `
  INSERT INTO migration (timestamp, name) VALUES (9999999999999, 'FromTheFuture');
  INSERT INTO instance_setting (key, value) VALUES ('schema_contracted', '9999999999999')
  ON CONFLICT (key) DO UPDATE SET value = excluded.value`;

/** Runs one statement on a connection of its own. */
export async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'drover-test' });
  // A server that goes away is the test's concern, not an uncaught event's.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * A fresh database with the present schema, of this run's Postgres, named by its superuser. `empty`: without any
 * schema.
 */
export async function createTestDatabase({ empty = false } = {}): Promise<string> {
  const admin = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await createDatabase(admin, name, empty ? '' : ` TEMPLATE ${TEMPLATE}`);
  return withDatabase(admin, name);
}

/**
 * Makes a database with the rights of the embedded Postgres: the owner may do everything in it, everybody else what was
 * granted.
 */
export async function createDatabase(admin: string, name: string, options = ''): Promise<void> {
  const [owner, app, tickets] = (['owner', 'app', 'tickets'] as const).map((login) => ROLES[login]);
  await execute(admin, `CREATE DATABASE ${name} OWNER ${owner}${options}`);
  await execute(
    admin,
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT ON DATABASE ${name} TO ${app}, ${tickets}`,
  );
}

/** Drops a database of `createTestDatabase`, cutting who is still connected. */
export async function dropTestDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  if (!/^test_[0-9a-f]{16}$/.test(name)) throw new Error(`${name} is no test database`);
  await execute(inject('postgresUrl'), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}
