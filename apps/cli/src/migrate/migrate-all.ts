import { loadConfig } from '@drover/config';
import { tablesOfDialects } from '@drover/dialects';
import { DroverError } from '@drover/domain';
import { runningPostgres, startEmbeddedPostgres, type PostgresUrls } from '@drover/embedded';
import { migrateTicketStore, TICKET_SCHEMA } from '@drover/queue';
import { assertSchema, grantAccess, isMigrated, loginOf, makeLogins, migrate, Store, type Logins } from '@drover/store';

/**
 * Brings record and ticket store to this version's schema; locks in both let any number of callers run at once. Without
 * DROVER_DATABASE_URL it works on the embedded Postgres: the running one, else one it starts for the purpose. Where
 * owner, API and workers have logins of their own (DROVER_MIGRATE_URL, DROVER_TICKETS_URL) it gives them their rights.
 * `onlyNew`: an existing schema is checked, not changed.
 *
 * @returns one line about what was done
 */
export async function migrateAll({ onlyNew }: { onlyNew: boolean }): Promise<string> {
  const config = loadConfig();
  const { databaseUrl, migrateUrl, ticketsUrl, redisUrl, dataDir } = config;
  const running =
    databaseUrl === null
      ? runningPostgres(dataDir)
      : { url: databaseUrl, ownerUrl: migrateUrl ?? databaseUrl, ticketsUrl };
  const own = running === null ? await startEmbeddedPostgres({ dataDir }) : null;
  try {
    const logins = loginsOf(running ?? (own as PostgresUrls));
    const { ownerUrl, appUrl } = logins;
    const isSplit = loginOf(ownerUrl).name !== loginOf(appUrl).name || logins.ticketsUrl !== null;
    if (isSplit) await makeLogins(logins);
    const applied =
      onlyNew && !(await isEmpty(ownerUrl)) ? [] : (await migrate(ownerUrl, await tablesOfDialects())).applied;
    await check(ownerUrl);
    await migrateTicketStore(redisUrl ? { backend: 'redis', url: redisUrl } : { backend: 'postgres', url: ownerUrl });
    if (isSplit) await grantAccess(logins, TICKET_SCHEMA);
    return applied.length === 0 ? 'The schema is up to date.' : `Applied ${applied.join(', ')}.`;
  } catch (error) {
    throw readable(error);
  } finally {
    await own?.stop();
  }
}

const loginsOf = ({
  url,
  ownerUrl,
  ticketsUrl,
}: Omit<PostgresUrls, 'ticketsUrl'> & { ticketsUrl: string | null }): Logins => ({ appUrl: url, ownerUrl, ticketsUrl });

async function check(url: string): Promise<void> {
  const store = await Store.open({ url, pool: 1, applicationName: 'drover-migrate' });
  try {
    await assertSchema(store, await tablesOfDialects());
  } finally {
    await store.close();
  }
}

async function isEmpty(url: string): Promise<boolean> {
  const store = await Store.open({ url, pool: 1, applicationName: 'drover-migrate' });
  try {
    return !(await isMigrated(store.sql));
  } finally {
    await store.close();
  }
}

/** The driver's error for a database that cannot be reached, with the remedy. */
function readable(error: unknown): unknown {
  const { code, message } = error as { code?: string; message?: string };
  const remedies: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there: start PostgreSQL, or correct DROVER_DATABASE_URL',
    ENOTFOUND: 'the host name is not known: correct DROVER_DATABASE_URL',
    ETIMEDOUT: 'it does not answer: check address and firewall, or correct DROVER_DATABASE_URL',
    '28P01': 'the password is wrong: correct DROVER_DATABASE_URL',
    '3D000': 'the database does not exist: create it, or correct DROVER_DATABASE_URL',
    '42501':
      'the user may not create tables there: name the owner of the schema in DROVER_MIGRATE_URL, or grant the user CREATE on the database and the schema',
  };
  const remedy = remedies[code ?? ''];
  return remedy === undefined
    ? error
    : new DroverError('unavailable', `The database cannot be used (${message || code}): ${remedy}.`);
}
