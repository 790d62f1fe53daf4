import { loadConfig } from '@drover/config';
import { tablesOfDialects } from '@drover/dialects';
import { migrateTicketStore, TICKET_SCHEMA } from '@drover/queue';
import { assertSchema, grantAccess, isMigrated, loginOf, makeLogins, migrate, Store, type Logins } from '@drover/store';
import { withDatabase } from './with-database.js';

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
  return withDatabase(config, async (urls) => {
    const { redisUrl } = config;
    const logins: Logins = { appUrl: urls.url, ownerUrl: urls.ownerUrl, ticketsUrl: urls.ticketsUrl };
    const { ownerUrl, appUrl } = logins;
    const isSplit = loginOf(ownerUrl).name !== loginOf(appUrl).name || logins.ticketsUrl !== null;
    if (isSplit) await makeLogins(logins);
    const applied =
      onlyNew && !(await isEmpty(ownerUrl)) ? [] : (await migrate(ownerUrl, await tablesOfDialects())).applied;
    await check(ownerUrl);
    await migrateTicketStore(redisUrl ? { backend: 'redis', url: redisUrl } : { backend: 'postgres', url: ownerUrl });
    if (isSplit) await grantAccess(logins, TICKET_SCHEMA);
    return applied.length === 0 ? 'The schema is up to date.' : `Applied ${applied.join(', ')}.`;
  });
}

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
