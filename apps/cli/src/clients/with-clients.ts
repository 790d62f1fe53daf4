import { ClientsService } from '@drover/access';
import { loadConfig } from '@drover/config';
import { DroverError } from '@drover/domain';
import { runningPostgresUrl } from '@drover/embedded';
import { assertSchema, Store } from '@drover/store';

/**
 * Works on the clients in the record itself: the first admin has to come from somewhere, and whoever reaches the database may make one.
 * @throws DroverError when there is no database to work on, or its schema is another version's
 */
export async function withClients<T>(work: (clients: ClientsService) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const url = config.databaseUrl ?? runningPostgresUrl(config.dataDir);
  if (url === null) throw new DroverError('unavailable', 'There is no database: set DROVER_DATABASE_URL, or start Drover (`drover up`) with the same DROVER_DATA_DIR.');
  const store = await Store.open({ url, pool: 2, applicationName: 'drover-clients' });
  try {
    await assertSchema(store);
    return await work(new ClientsService(store));
  } finally {
    await store.close();
  }
}
