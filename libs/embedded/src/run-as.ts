import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readAccounts, unprivileged, type Account } from './accounts.js';
import { embeddedProblem } from './problem.js';
import { readRelocation, relocate } from './relocation.js';
import { run } from './run.js';

/**
 * How Postgres, which refuses root, is run.
 *
 * - direct: as we are.
 * - namespace: in a user namespace where root is an ordinary user. Files stay root's outside; no account is needed.
 * - account: as an unprivileged account: the owner of data that are there already, else with data (and programs) put
 *   where that account can reach them.
 */
export type RunAsKind = 'direct' | 'namespace' | 'account';

export interface RunAs {
  kind: RunAsKind;
  /** Put before a program and its arguments. */
  prefix: string[];
  /** Folder with bin/, lib/, share/. */
  native: string;
  /** The cluster's folder. */
  cluster: string;
  /** The user that the files must belong to; null: they already do. */
  owner: { uid: number; gid: number } | null;
}

const PROBE_MS = 15_000;

/**
 * Finds a way that works here, by trying it. `home` is the folder Drover keeps for Postgres. `only` restricts the
 * choice (for tests, and for machines where a way is known to misbehave).
 *
 * @throws DroverError (`no_user`) with what was tried
 */
export async function chooseRunAs(home: string, native: string, only?: RunAsKind): Promise<RunAs> {
  const uid = process.getuid?.() ?? 1;
  const accounts = readAccounts();
  const inPlace = { native, cluster: join(home, 'data'), owner: null };
  // initdb looks its user up, so an id without an account (docker run --user 1234) is no better off than root.
  const direct = uid !== 0 && (accounts.length === 0 || accounts.some((account) => account.uid === uid));
  if (direct && (only ?? 'direct') === 'direct') return { kind: 'direct', prefix: [], ...inPlace };

  const tried: string[] = [];
  const attempt = async (way: RunAs, name: string): Promise<RunAs | null> => {
    const problem = await probe(way, existsSync(way.cluster) ? way.cluster : join(way.cluster, '..'));
    if (problem !== null) tried.push(`${name}: ${problem}`);
    return problem === null ? way : null;
  };
  const relocated = readRelocation(home);
  const maker = uid === 0 && !relocated && existsSync(inPlace.cluster) ? statSync(inPlace.cluster) : null;

  if (maker && maker.uid !== 0) {
    const owner = { uid: maker.uid, gid: maker.gid };
    const way = await attempt({ kind: 'account', prefix: asAccount(owner), ...inPlace, owner }, `as user ${owner.uid}`);
    if (way) return way;
  } else if (!relocated && only !== 'account') {
    const mapped = accounts.find((account) => account.uid === 1000) ?? unprivileged(accounts);
    const prefix = ['unshare', '--user', `--map-user=${mapped?.uid}`, `--map-group=${mapped?.uid}`];
    const way = mapped && (await attempt({ kind: 'namespace', prefix, ...inPlace }, 'in a user namespace'));
    if (way) return way;
  }
  const account = uid === 0 && only !== 'namespace' ? unprivileged(accounts) : undefined;
  if (account) {
    const places = await relocate(home, native, account);
    const way = await attempt({ kind: 'account', prefix: asAccount(places.owner), ...places }, `as ${account.name}`);
    if (way) return way;
  }
  throw embeddedProblem(
    'no_user',
    `PostgreSQL refuses to run as ${uid === 0 ? 'root' : `user ${uid}`} and nothing else works here (${tried.join('; ') || 'no unprivileged account'}): ` +
      'start Drover as an ordinary user, or set DROVER_DATABASE_URL.',
  );
}

/** Null when the programs start and the folder can be written; else why not. */
async function probe(way: RunAs, folder: string): Promise<string | null> {
  const script = 'test -w "$2" || { echo "cannot write $2" >&2; exit 1; }; exec "$1" --version';
  const result = await run(
    [...way.prefix, '/bin/sh', '-c', script, 'sh', join(way.native, 'bin', 'postgres'), folder],
    { timeoutMs: PROBE_MS },
  );
  return result.code === 0 ? null : (result.stderr.trim().split('\n').at(-1) ?? 'failed');
}

function asAccount({ uid, gid }: Pick<Account, 'uid' | 'gid'>): string[] {
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}
