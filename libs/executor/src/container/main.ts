/*
 * The keeper of containers: `node main.js <root> <socket> <lease seconds> <settings as JSON>`. What the supervisor is
 * to processes it is to containers: it outlives the worker daemon, brings their output into the spool, holds their
 * limits, and ends them when no daemon has been there for a lease.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { closeInherited } from '../supervisor/inherited.js';
import { SupervisorServer } from '../supervisor/server.js';
import { ContainerTable } from './container-table.js';
import { Engine } from './engine.js';
import { Images } from './images.js';
import type { KeeperSettings } from './keeper-settings.js';

closeInherited();

const [root, socket, lease, json] = process.argv.slice(2);
if (root === undefined || socket === undefined || !(Number(lease) > 0) || json === undefined) {
  process.stderr.write('usage: keeper <root> <socket> <lease seconds> <settings>\n');
  process.exit(64);
}

process.title = 'drover-containers';

const log = (message: string): void => void process.stderr.write(`${new Date().toISOString()} ${message}\n`);
const settings = JSON.parse(json) as KeeperSettings;
const engine = new Engine(settings.socket);
const images = new Images(engine, { policy: settings.pull, authFile: settings.auth_file });

let table: ContainerTable | undefined;
const server = new SupervisorServer(
  {
    root,
    socket,
    leaseS: Number(lease),
    // Once what was sent has left.
    onExit: () => setTimeout(() => process.exit(0), 100),
  },
  (events) => {
    const { network, confinement, quick_stop: quickStop = false } = settings;
    return (table = new ContainerTable(root, { engine, images, network, quickStop, confinement }, events, log));
  },
);

// Ctrl-C and a closed terminal are for the daemon, which ends us in an orderly way.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.on('SIGTERM', () => server.leave('The keeper of the containers was told to stop.', 5));
process.on('uncaughtException', (error) => log(error.stack ?? error.message));
process.on('unhandledRejection', (error) => log(String(error)));

/** Milliseconds to wait for executions of an earlier keeper, of which a daemon is told in its welcome. */
const PATIENCE_MS = 10_000;

async function recover(): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await table?.recover();
      return;
    } catch (error) {
      if (Date.now() > deadline)
        throw new Error(`The containers of an earlier keeper cannot be looked up: ${(error as Error).message}`, {
          cause: error,
        });
      await sleep(500);
    }
  }
}

try {
  await server.listen(recover);
} catch (error) {
  log((error as Error).message);
  process.exit(1);
}
