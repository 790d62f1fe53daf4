import { loadConfig } from '@drover/config';
import { tablesOfDialects } from '@drover/dialects';
import { migrateTicketStore, TICKET_SCHEMA } from '@drover/queue';
import { assertSchema, grantAccess, isMigrated, loginOf, makeLogins, migrate, Store, type Logins } from '@drover/store';
import { withDatabase } from './with-database.js';

/**
 * Brings record and ticket store to this version's schema; locks in both let any number of callers run at once. Without
 * DROVER_DATABASE_URL it works on the embedded Postgres: the running one, else one it starts for the purpose. Where
 * owner, API and workers have logins of their own (DROVER_MIGRATE_URL, DROVER_TICKETS_URL) it gives them their rights.
 * `onlyNew`: an existing schema is checked, not changed. `finish`: the steps run, too, for which an API of the release
 * before must not serve any more.
 *
 * @returns one line about what was done
 */
export async function migrateAll({ onlyNew, finish = false }: { onlyNew: boolean; finish?: boolean }): Promise<string> {
  const config = loadConfig();
  return withDatabase(config, async (urls) => {
    const { redisUrl } = config;
    const logins: Logins = { appUrl: urls.url, ownerUrl: urls.ownerUrl, ticketsUrl: urls.ticketsUrl };
    const { ownerUrl, appUrl } = logins;
    const isSplit = loginOf(ownerUrl).name !== loginOf(appUrl).name || logins.ticketsUrl !== null;
    if (isSplit) await makeLogins(logins);
    const { applied, left } =
      onlyNew && !(await isEmpty(ownerUrl))
        ? { applied: [], left: [] }
        : await migrate(ownerUrl, await tablesOfDialects(), { finish });
    await check(ownerUrl);
    await migrateTicketStore(redisUrl ? { backend: 'redis', url: redisUrl } : { backend: 'postgres', url: ownerUrl });
    if (isSplit) await grantAccess(logins, TICKET_SCHEMA);
    const done = applied.length === 0 ? 'The schema is up to date.' : `Applied ${applied.join(', ')}.`;
    return left.length === 0 ? done : `${done} ${stepsLeftSentence(left.length)}`;
  });
}

/** Tells of steps that are left. */
export const stepsLeftSentence = (count: number): string =>
  `${count} step${count === 1 ? ' is' : 's are'} left for when no API of the release before serves any more: then run \`drover migrate --finish\`.`;

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
