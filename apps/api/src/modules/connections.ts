import { join } from 'node:path';
import { Keyring } from '@drover/access';
import { createBlobStore, type BlobStore } from '@drover/blobs';
import { createPostgresBus, createRedisBus, type Bus } from '@drover/bus';
import type { Config } from '@drover/config';
import { tablesOfDialects } from '@drover/dialects';
import {
  checkTicketStore,
  createInternalJobs,
  createTicketQueue,
  type InternalJobs,
  type QueueOptions,
  type TicketQueue,
} from '@drover/queue';
import { assertSchema, isSuperuser, queueStore, Store } from '@drover/store';
import { createLogger, type Logger } from '@drover/telemetry';
import { Served } from './served.js';
import { ShutdownTime } from './shutdown-time.js';

/** The settings of an API that knows where its record is. */
export type ApiConfig = Config & { databaseUrl: string; ticketsUrl: string | null };

/**
 * The parts that are opened before Nest begins and closed after it has ended: the settings, the log, and the
 * connections to the record, the tickets, the bus and the large objects.
 */
export interface Connections {
  readonly config: ApiConfig;
  readonly log: Logger;
  readonly store: Store;
  readonly ticketOptions: QueueOptions;
  readonly tickets: TicketQueue;
  readonly internal: InternalJobs;
  readonly bus: Bus;
  readonly blobs: BlobStore;
  /** The keys of this installation. */
  readonly keys: Keyring;
  readonly served: Served;
  readonly shutdownTime: ShutdownTime;
}

/** Connects to everything and checks it. Throws with a reason and a remedy. */
export async function openConnections(config: ApiConfig): Promise<Connections> {
  const log = createLogger({ level: config.logLevel, name: 'api' });
  const served = await Served.open(config, log);
  const store = await Store.open({
    url: config.databaseUrl,
    pool: 10,
    keyedPool: 4,
    agentPool: 6,
    applicationName: 'drover-api',
    onError: (error) => log.warn({ error: error.message }, 'lost a database connection'),
  });
  try {
    await prepare(store, config, log);
    const onError = (error: Error): void => log.warn({ error: error.message }, 'trouble with the ticket store');
    const ticketOptions: QueueOptions = config.redisUrl
      ? { backend: 'redis', url: config.redisUrl, onError }
      : { backend: 'postgres', url: config.databaseUrl, onError };
    await checkTicketStore(ticketOptions);
    const keys = await Keyring.open(store, {
      keyFile: config.access.keyFile ?? join(config.dataDir, 'instance.key'),
      warn: (message) => log.warn({}, message),
    });
    const [tickets, internal, bus, blobs] = await Promise.all([
      createTicketQueue(ticketOptions),
      createInternalJobs(ticketOptions),
      config.redisUrl
        ? createRedisBus(config.redisUrl, { onError })
        : createPostgresBus(config.databaseUrl, { onError }),
      createBlobStore(join(config.dataDir, 'blobs'), config.blobs),
    ]);
    const shutdownTime = new ShutdownTime(log);
    return { config, log, store, ticketOptions, tickets, internal, bus, blobs, keys, served, shutdownTime };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function prepare(store: Store, config: ApiConfig, log: Logger): Promise<void> {
  await assertSchema(store, await tablesOfDialects());
  // `drover up` starts us before its worker: a job that is submitted in between finds the queues of that worker.
  if (config.stackPid !== null)
    await queueStore.ensure(
      store.sql,
      config.queues.map(({ name }) => name),
    );
  if (await isSuperuser(store.sql))
    log.info(
      {},
      'the login of DROVER_DATABASE_URL is a superuser of Postgres: one that is not is safer (docs/security.md, Database roles)',
    );
}

/** Closes what `openConnections` opened, once the services have ended. Safe to call where no service was ever made. */
export async function closeConnections({ internal, tickets, bus, store, shutdownTime }: Connections): Promise<void> {
  await shutdownTime.bound(async () => {
    await internal.close();
    await tickets.close();
    await bus.close();
    await store.close();
  });
}
