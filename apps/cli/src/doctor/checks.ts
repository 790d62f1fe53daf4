import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { request } from 'node:http';
import { dataFolderMode, loadConfig, unknownVariables, VERSION, type Config } from '@drover/config';
import { DIALECTS, tablesOfDialects } from '@drover/dialects';
import { clocksOff, clockSkewOf, isTooOld, protocolOf } from '@drover/domain';
import { runningPostgresUrl } from '@drover/embedded';
import { ISOLATION_LEVELS, levelProblem } from '@drover/executor';
import { checkTicketStore } from '@drover/queue';
import { agentStore, assertSchema, isSuperuser, serverVersion, stepsLeft, Store } from '@drover/store';
import { stepsLeftSentence } from '../migrate/migrate-all.js';
import { assertListenable } from '../up/port.js';

/** ok: fine. note: works, but know this. bad: does not work; the detail says what to do. */
export type Verdict = { state: 'ok' | 'note' | 'bad'; detail: string };
export interface Check {
  name: string;
  run: (config: Config) => Promise<Verdict>;
}

const ok = (detail: string): Verdict => ({ state: 'ok', detail });
const note = (detail: string): Verdict => ({ state: 'note', detail });
const bad = (detail: string): Verdict => ({ state: 'bad', detail });

const LEAST_FREE_BYTES = 1024 ** 3;
const ANSWER_MS = 1_500;
const DEFAULT_SOCKETS = ['/var/run/docker.sock', '/run/podman/podman.sock'];

/** Node's version against what package.json asks for. Needs no configuration. */
export async function checkNode(): Promise<Verdict> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (!fits) return bad(`${process.version} is too old or unsupported: install Node.js 24 or 22 (22.12 or newer).`);
  return major < 22
    ? note(`${process.version} has had no fixes since 30 April 2026: install Node.js 24 or 22`)
    : ok(process.version);
}

/** The environment as a whole. Its failure makes the other checks pointless. */
export async function checkEnvironment(): Promise<Verdict & { config?: Config }> {
  try {
    const config = loadConfig(undefined, DIALECTS);
    const unknown = unknownVariables(DIALECTS).map(({ name, meant }) =>
      meant === null ? name : `${name} (${meant} meant?)`,
    );
    return {
      ...(unknown.length > 0 ? note(`not read by Drover: ${unknown.join(', ')}`) : ok('every variable is fine')),
      config,
    };
  } catch (error) {
    return bad((error as Error).message);
  }
}

export const checks: readonly Check[] = [
  { name: 'data folder', run: ({ dataDir }) => dataFolder(dataDir) },
  { name: 'API', run: api },
  { name: 'TLS', run: certificates },
  { name: 'database', run: database },
  { name: 'tickets', run: tickets },
  { name: 'clocks', run: clocks },
  { name: 'workers', run: workers },
  { name: 'containers', run: ({ dockerSocket }) => containers(dockerSocket) },
  { name: 'isolation', run: isolation },
];

async function dataFolder(dataDir: string): Promise<Verdict> {
  try {
    await mkdir(dataDir, { recursive: true, mode: dataFolderMode() });
    await access(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    return bad(
      `${dataDir} cannot be written (${(error as NodeJS.ErrnoException).code}): make it writable for this user, or set DROVER_DATA_DIR.`,
    );
  }
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const said = `${dataDir}, ${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return free < LEAST_FREE_BYTES ? note(`${said}: jobs and logs need room; free some.`) : ok(said);
}

async function api({ apiUrl, host, port }: Config): Promise<Verdict> {
  try {
    const answer = await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return answer.ok
      ? ok(`${apiUrl} is ready`)
      : bad(`${apiUrl}/readyz answers ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  } catch {
    try {
      await assertListenable(host, port);
      return note(`nothing answers at ${apiUrl}: start it with \`drover up\` or \`npm start\`; the port is free.`);
    } catch (error) {
      return bad((error as Error).message);
    }
  }
}

const DAY_MS = 86_400_000;
/** A certificate that ends within so many days is worth a word. */
const RENEW_DAYS = 21;

async function certificates({ tls: { cert, key, ca } }: Config): Promise<Verdict> {
  const { readPair, trusted } = await import('@drover/trust');
  try {
    trusted(ca);
    if (cert === null || key === null)
      return ok(
        ca === null ? 'not used: the API speaks plain HTTP (DROVER_TLS_CERT)' : `authorities of ${ca} are trusted`,
      );
    const { expiresAt, names } = await readPair(cert, key);
    const days = Math.floor((expiresAt.getTime() - Date.now()) / DAY_MS);
    const said = `${cert} is for ${names.join(', ')} and ends in ${days} days`;
    return days < RENEW_DAYS
      ? note(`${said}: renew it; the API takes the new files without a restart (docs/nodes.md).`)
      : ok(said);
  } catch (error) {
    return bad((error as Error).message);
  }
}

async function database({ databaseUrl, dataDir }: Config): Promise<Verdict> {
  const url = databaseUrl ?? runningPostgresUrl(dataDir);
  if (url === null) return ok('embedded PostgreSQL, not running; `drover up` starts it');
  let store: Store | undefined;
  try {
    store = await Store.open({ url, pool: 1, applicationName: 'drover-doctor' });
    await assertSchema(store, await tablesOfDialects());
    const version = await serverVersion(store.sql);
    const said = `${databaseUrl === null ? 'embedded ' : ''}PostgreSQL ${version}, schema up to date`;
    const left = await stepsLeft(store, await tablesOfDialects());
    if (left.length > 0) return note(`${said}; ${stepsLeftSentence(left.length)}`);
    return (await isSuperuser(store.sql))
      ? note(`${said}; its login is a superuser: give the API one that is not (docs/security.md, Database roles).`)
      : ok(said);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return bad(`${message || code}: see DROVER_DATABASE_URL, or unset it for the embedded PostgreSQL.`);
  } finally {
    await store?.close();
  }
}

async function tickets({ redisUrl, databaseUrl, dataDir }: Config): Promise<Verdict> {
  const url = databaseUrl ?? runningPostgresUrl(dataDir);
  if (redisUrl === null && url === null) return ok('in the embedded PostgreSQL');
  try {
    await checkTicketStore(
      redisUrl === null ? { backend: 'postgres', url: url ?? '' } : { backend: 'redis', url: redisUrl },
    );
    return ok(redisUrl === null ? 'in PostgreSQL' : 'in Redis');
  } catch (error) {
    return bad((error as Error).message);
  }
}

/** How far a worker of this machine keeps jobs from it, and which levels it could have. */
async function isolation({ isolation: { level }, auth }: Config): Promise<Verdict> {
  const problems = new Map(
    await Promise.all(ISOLATION_LEVELS.map(async (one) => [one, await levelProblem(one)] as const)),
  );
  const possible = ISOLATION_LEVELS.filter((one) => problems.get(one) === null);
  const others = `possible here: ${possible.join(', ')}`;
  if (level !== null) {
    const problem = problems.get(level);
    if (problem != null) return bad(`DROVER_ISOLATION=${level}: ${problem}`);
    if (level === 'none' && auth !== 'none')
      return note(
        `none although clients log in: jobs have the rights of the worker, and reach each other (${others}; DROVER_ISOLATION)`,
      );
    return ok(`${level} (${others})`);
  }
  if (auth === 'none') return ok(`none: jobs have the rights of the worker (${others}; DROVER_ISOLATION)`);
  const strongest = (['namespace', 'user'] as const).find((one) => problems.get(one) === null);
  if (strongest !== undefined) return ok(`${strongest} (${others})`);
  return bad(
    `with a login a worker isolates jobs, which this machine cannot: ${problems.get('namespace')} ${problems.get('user')} Or set DROVER_ISOLATION=none.`,
  );
}

/** This machine's clock against the API's, and those of the nodes as they were measured at their last heartbeat. */
async function clocks({ apiUrl, databaseUrl, dataDir }: Config): Promise<Verdict> {
  const own = await ownSkew(apiUrl);
  const url = databaseUrl ?? runningPostgresUrl(dataDir);
  let store: Store | undefined;
  try {
    store = url === null ? undefined : await Store.open({ url, pool: 1, applicationName: 'drover-doctor' });
    const online = store ? (await agentStore.list(store.sql)).filter((agent) => agent.state !== 'offline') : [];
    const here = clocksOff([{ name: 'this machine', kind: 'worker', payload: { clock_skew_ms: own ?? 0 } }]);
    const off = [here, clocksOff(online)].filter((sentence) => sentence !== null);
    if (off.length > 0)
      return note(
        `${off.join(' ')} Let them follow a time server (NTP): jobs start by the broker's clock, but times in logs are the node's.`,
      );
    const known = online.filter((agent) => clockSkewOf(agent) !== null).length;
    return ok(
      own === null
        ? `the clocks of ${known} nodes agree with the API's`
        : `this machine's clock and those of ${known} nodes agree with the API's`,
    );
  } catch {
    return ok('not known: the database does not answer');
  } finally {
    await store?.close();
  }
}

/** Whether the workers that are there speak a version of the agent protocol that gets work. */
async function workers({ databaseUrl, dataDir }: Config): Promise<Verdict> {
  const url = databaseUrl ?? runningPostgresUrl(dataDir);
  if (url === null) return ok('none: the embedded PostgreSQL does not run');
  let store: Store | undefined;
  try {
    store = await Store.open({ url, pool: 1, applicationName: 'drover-doctor' });
    const there = (await agentStore.list(store.sql, { kind: 'worker' })).filter(({ state }) => state !== 'offline');
    const old = there.filter(isTooOld).map(({ name, facts }) => `${name} (Drover ${facts?.version ?? 'unknown'})`);
    if (old.length > 0)
      return bad(
        `too old, get no new jobs: ${old.slice(0, 5).join(', ')}${old.length > 5 ? ', …' : ''}. Install Drover ${VERSION} there and restart them.`,
      );
    const versions = [...new Set(there.map((agent) => protocolOf(agent)))].toSorted((a, b) => Number(a) - Number(b));
    return ok(`${there.length} connected${there.length > 0 ? `, agent protocol ${versions.join(' and ')}` : ''}`);
  } catch {
    return ok('not known: the database does not answer');
  } finally {
    await store?.close();
  }
}

/**
 * Milliseconds by which this machine is ahead of the API; null: it does not answer. Its clock is read from a header
 * with whole seconds.
 */
async function ownSkew(apiUrl: string): Promise<number | null> {
  try {
    const before = Date.now();
    const answer = await fetch(`${apiUrl}/livez`, { signal: AbortSignal.timeout(ANSWER_MS) });
    const theirs = Date.parse(answer.headers.get('date') ?? '') + 500;
    return Number.isNaN(theirs) ? null : (before + Date.now()) / 2 - theirs;
  } catch {
    return null;
  }
}

async function containers(configured: string | null): Promise<Verdict> {
  for (const socket of configured === null ? DEFAULT_SOCKETS : [configured]) {
    const reason = await pingSocket(socket);
    if (reason === null) return ok(socket);
    if (configured !== null)
      return bad(
        `${socket}: ${reason}. Start the container engine, give this user access to it, or correct DROVER_DOCKER_SOCKET.`,
      );
  }
  return note(
    `no container engine at ${DEFAULT_SOCKETS.join(' or ')}: jobs with an image wait for ever (submit them with --wait-limit to give up); start an engine, or set DROVER_DOCKER_SOCKET, to run them.`,
  );
}

function pingSocket(socketPath: string): Promise<string | null> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', timeout: ANSWER_MS }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? null : `answers ${answer.statusCode}`);
    });
    ping.once('timeout', () => ping.destroy(new Error(`does not answer within ${ANSWER_MS} ms`)));
    ping.once('error', (error) => resolve(error.message));
    ping.end();
  });
}
