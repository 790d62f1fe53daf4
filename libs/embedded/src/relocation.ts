import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Account } from './accounts.js';
import { embeddedProblem } from './problem.js';
import { run } from './run.js';

/** Where data go that an account must reach, in order of preference. */
const REACHABLE = ['/var/lib/drover', '/var/tmp/drover'];
const CHOWN_MS = 300_000;

export interface Places {
  native: string;
  cluster: string;
  owner: { uid: number; gid: number };
}

/** The folder the data of `home` were moved to, if they were. */
export function readRelocation(home: string): string | null {
  try {
    return readFileSync(join(home, 'relocated'), 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/** Puts programs and data where `account` can reach them. Data that were made in place move along. */
export async function relocate(home: string, native: string, account: Account): Promise<Places> {
  const known = readRelocation(home);
  const base = known ?? newFolder();
  const before = statSync(base);
  const owner =
    known !== null && before.uid !== 0 ? { uid: before.uid, gid: before.gid } : { uid: account.uid, gid: account.gid };
  const cluster = join(base, 'data');
  const inPlace = join(home, 'data');
  if (known === null && existsSync(inPlace)) {
    cpSync(inPlace, cluster, { recursive: true, preserveTimestamps: true });
    await run(['chown', '-R', `${owner.uid}:${owner.gid}`, cluster], { timeoutMs: CHOWN_MS });
  }
  chownSync(base, owner.uid, owner.gid);
  // The account's alone; root needs no leave.
  chmodSync(base, 0o700);
  writeFileSync(join(home, 'relocated'), base, { mode: 0o600 });
  if (existsSync(inPlace)) rmSync(inPlace, { recursive: true });
  return { native: programsBeside(base, native), cluster, owner };
}

/**
 * A copy of the programs: node_modules below /root cannot be reached by the account. Named by size, so that an update
 * is seen.
 */
function programsBeside(base: string, native: string): string {
  const programs = join(base, '..', `programs-${statSync(join(native, 'bin', 'postgres')).size}`);
  if (!existsSync(programs)) {
    const draft = `${programs}.${process.pid}`;
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(draft, programs);
    } catch (error) {
      // Another Drover was faster.
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(programs)) throw error;
    }
  }
  return programs;
}

function newFolder(): string {
  for (const root of REACHABLE) {
    const folder = join(root, randomBytes(6).toString('hex'));
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      return folder;
    } catch {
      // Try the next one.
    }
  }
  throw embeddedProblem(
    'unwritable',
    `None of ${REACHABLE.join(', ')} can be made for the data of PostgreSQL: set DROVER_DATABASE_URL.`,
  );
}
