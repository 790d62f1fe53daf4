import { exposedSecrets, fileVariableOf, loadConfig } from '@drover/config';
import { TABLES_OF_DIALECTS } from '@drover/dialects';
import { startEmbeddedPostgres } from '@drover/embedded';
import { migrateTicketStore, TICKET_SCHEMA } from '@drover/queue';
import { grantAccess, migrate } from '@drover/store';
import { createLogger } from '@drover/telemetry';
import { Core } from './core/core.js';
import { whenThere } from './core/when-there.js';
import { createApp } from './create-app.js';

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
  const config = loadConfig();
  const embedded = config.databaseUrl ? null : await startEmbeddedPostgres({ dataDir: config.dataDir });
  const databaseUrl = config.databaseUrl ?? embedded?.url ?? '';
  const ticketsUrl = config.ticketsUrl ?? embedded?.ticketsUrl ?? null;
  try {
    // A database of ours has nobody else who could migrate it.
    if (embedded) {
      const { ownerUrl } = embedded;
      await migrate(ownerUrl, TABLES_OF_DIALECTS);
      if (!config.redisUrl) await migrateTicketStore({ backend: 'postgres', url: ownerUrl });
      await grantAccess({ ownerUrl, appUrl: databaseUrl, ticketsUrl }, TICKET_SCHEMA);
    }
    const log = createLogger({ level: config.logLevel, name: 'api' });
    for (const name of exposedSecrets()) {
      log.info(
        `${name} is in the environment, where every program of this user can read it: a file named by ${fileVariableOf(name)} is safer`,
      );
    }
    const { core, app } = await whenThere(
      config.databaseWaitS,
      (fields, message) => log.warn(fields, message),
      async () => {
        const opened = await Core.open({ ...config, databaseUrl, ticketsUrl });
        try {
          const made = await createApp(opened);
          await opened.start();
          return { core: opened, app: made };
        } catch (error) {
          await opened.close();
          throw error;
        }
      },
    );
    await app.listen(config.port, config.host);
    core.log.info({ url: config.apiUrl }, 'listening');

    let stopping = false;
    const stop = (signal: string): void => {
      if (stopping) return;
      stopping = true;
      core.log.info({ signal }, 'stopping');
      // Streams end first: their clients come back to another replica with Last-Event-ID.
      for (const stream of core.streams) stream.end();
      app
        .close()
        .then(() => core.close())
        .then(() => embedded?.stop())
        .then(
          () => process.exit(0),
          (error: unknown) => {
            core.log.error({ err: error }, 'stopped with trouble');
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
