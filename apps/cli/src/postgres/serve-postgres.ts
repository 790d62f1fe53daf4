import { renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { loadConfig } from '@drover/config';
import { startEmbeddedPostgres, type PostgresUrls } from '@drover/embedded';
import { serviceManager } from '@drover/system';
import { terminal } from '../terminal/terminal.js';

const CONNECT_MS = 5_000;

/**
 * Runs the embedded Postgres by itself, so that neither a stop nor an update of the API stops it. Port and passwords
 * stay the same, so an API that knows the addresses finds it again after a restart.
 *
 * @returns the exit code: 0 after a signal, 1 when the server ended by itself
 */
export async function servePostgres(): Promise<number> {
  const { dataDir } = loadConfig();
  const ended = new AbortController();
  let port = 0;
  const manager = await serviceManager({ isWell: () => takesConnections(port) });
  const stopped = new Promise<'stopped'>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve('stopped'));
  });
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: (message) => void terminal.say(message),
    onExit: (reason) => ended.abort(reason),
  });
  const crashed = new Promise<'crashed'>((resolve) => {
    if (ended.signal.aborted) resolve('crashed');
    else ended.signal.addEventListener('abort', () => resolve('crashed'));
  });
  // Postgres alone does not keep this process alive.
  const alive = setInterval(() => undefined, 60_000);
  try {
    port = postgres.port;
    writeAddresses(join(dataDir, 'postgres'), postgres);
    manager.ready(`PostgreSQL takes connections on port ${port} of 127.0.0.1`);
    await terminal.out(`PostgreSQL takes connections on port ${port} of 127.0.0.1, data in ${dataDir}\n`);
    if ((await Promise.race([stopped, crashed])) === 'stopped') return 0;
    await terminal.say(String(ended.signal.reason));
    return 1;
  } finally {
    clearInterval(alive);
    manager.stopping();
    await postgres.stop();
  }
}

/** The files that DROVER_DATABASE_URL_FILE, DROVER_MIGRATE_URL_FILE and DROVER_TICKETS_URL_FILE name. */
function writeAddresses(folder: string, { url, ownerUrl, ticketsUrl }: PostgresUrls): void {
  for (const [name, address] of Object.entries({ api: url, owner: ownerUrl, tickets: ticketsUrl })) {
    const draft = join(folder, `${name}.url.draft`);
    writeFileSync(draft, `${address}\n`, { mode: 0o600 });
    renameSync(draft, join(folder, `${name}.url`));
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: CONNECT_MS });
    const answer = (isThere: boolean) => (): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', answer(true));
    socket.once('error', answer(false));
    socket.once('timeout', answer(false));
  });
}
