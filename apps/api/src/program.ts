import type { Server } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { exposedSecrets, fileVariableOf, loadConfig, STEADY_FLAG } from '@drover/config';
import { DIALECTS, tablesOfDialects } from '@drover/dialects';
import { startEmbeddedPostgres } from '@drover/embedded';
import { migrateTicketStore, TICKET_SCHEMA } from '@drover/queue';
import { grantAccess, migrate } from '@drover/store';
import { serviceManager } from '@drover/system';
import { createLogger } from '@drover/telemetry';
import { whenThere } from './modules/when-there.js';
import { answersItself } from './own-answer.js';
import { startApi } from './start-api.js';

/** Ends the process with one clear line. */
function refuse(error: unknown): never {
  const { message, code } = error as { message?: string; code?: string };
  const text =
    code === 'EADDRINUSE'
      ? `the port is taken by another program: ${message ?? ''}; set DROVER_PORT`
      : (message ?? String(error));
  process.stderr.write(`drover api: ${text}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const config = loadConfig(undefined, DIALECTS);
  let server: Server | undefined;
  const tls = config.tls.cert !== null;
  const manager = await serviceManager({
    isWell: async () => server !== undefined && answersItself(server, { tls }),
  });
  const embedded = config.databaseUrl ? null : await startEmbeddedPostgres({ dataDir: config.dataDir });
  const databaseUrl = config.databaseUrl ?? embedded?.url ?? '';
  const ticketsUrl = config.ticketsUrl ?? embedded?.ticketsUrl ?? null;
  try {
    // A database of ours has nobody else who could migrate it.
    if (embedded) {
      const { ownerUrl } = embedded;
      await migrate(ownerUrl, await tablesOfDialects(), { finish: true });
      if (!config.redisUrl) await migrateTicketStore({ backend: 'postgres', url: ownerUrl });
      await grantAccess({ ownerUrl, appUrl: databaseUrl, ticketsUrl }, TICKET_SCHEMA);
    }
    const log = createLogger({ level: config.logLevel, name: 'api' });
    for (const name of exposedSecrets(DIALECTS)) {
      log.info(
        `${name} is in the environment, where every program of this user can read it: a file named by ${fileVariableOf(name)} is safer`,
      );
    }
    const api = await whenThere(
      config.databaseWaitS,
      (fields, message) => log.warn(fields, message),
      () => startApi({ ...config, databaseUrl, ticketsUrl }),
    );
    await api.app.listen(config.port, config.host);
    server = api.app.getHttpServer() as Server;
    log.info({ url: config.apiUrl }, 'listening');
    manager.ready(`Serving ${config.apiUrl}`);
    setFlagsFromString(STEADY_FLAG);

    let stopping = false;
    const stop = (signal: string): void => {
      if (stopping) return;
      stopping = true;
      manager.stopping();
      log.info({ signal }, 'stopping');
      api
        .close()
        .then(() => embedded?.stop())
        .then(
          () => process.exit(0),
          (error: unknown) => {
            log.error({ err: error }, 'stopped with trouble');
            process.exit(1);
          },
        );
    };
    process.on('SIGTERM', () => stop('SIGTERM'));
    process.on('SIGINT', () => stop('SIGINT'));
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

main().catch(refuse);
