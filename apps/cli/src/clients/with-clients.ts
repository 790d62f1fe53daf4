import { auditFromCommandLine, ClientsService } from '@drover/access';
import { loadConfig, type Config } from '@drover/config';
import { tablesOfDialects } from '@drover/dialects';
import { DroverError } from '@drover/domain';
import { runningPostgresUrl } from '@drover/embedded';
import { assertSchema, Store } from '@drover/store';

/**
 * Works on the record itself.
 *
 * @throws DroverError when there is no database to work on, or its schema is another version's
 */
export async function withStore<T>(work: (store: Store, config: Config) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const url = config.databaseUrl ?? runningPostgresUrl(config.dataDir);
  if (url === null)
    throw new DroverError(
      'unavailable',
      'There is no database: set DROVER_DATABASE_URL, or start Drover (`drover up`) with the same DROVER_DATA_DIR.',
    );
  const store = await Store.open({ url, pool: 2, applicationName: 'drover-cli' });
  try {
    await assertSchema(store, await tablesOfDialects());
    return await work(store, config);
  } finally {
    await store.close();
  }
}

/**
 * Works on the clients in the record itself: the first admin has to come from somewhere, and whoever reaches the
 * database may make one.
 */
export const withClients = <T>(work: (clients: ClientsService) => Promise<T>): Promise<T> =>
  withStore((store) => work(new ClientsService(store, { record: auditFromCommandLine })));
