import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedProblem } from './problem.js';
import type { RunAs } from './run-as.js';
import { run } from './run.js';

/** Superuser and database of an embedded Postgres. */
export const NAME = 'drover';
const INIT_MS = 120_000;

/** Postgres gets this and nothing of ours: PG* variables and secrets stay out. */
export const POSTGRES_ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Makes the cluster on the first start, in a draft folder that takes its name at the very end: a start that is
 * interrupted leaves nothing half made. On a later start only checks that these programs can read it.
 */
export async function ensureCluster(way: RunAs, durable: boolean): Promise<void> {
  if (existsSync(join(way.cluster, 'PG_VERSION'))) {
    await checkVersion(way);
    return;
  }
  const draft = join(way.cluster, '..', `draft-${process.pid}`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  // initdb wants one; the set-up of the logins takes it away again.
  const secret = `${draft}.password`;
  writeFileSync(secret, randomBytes(24).toString('hex'), { mode: 0o600 });
  if (way.owner) for (const path of [draft, secret]) chownSync(path, way.owner.uid, way.owner.gid);
  try {
    await must(way, [
      'initdb',
      '-D',
      draft,
      '-U',
      NAME,
      '-A',
      'scram-sha-256',
      `--pwfile=${secret}`,
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(durable ? [] : ['--no-sync']),
    ]);
    await must(way, ['postgres', '--single', '-D', draft, '-c', 'fsync=off', 'postgres'], `CREATE DATABASE ${NAME};\n`);
    renameSync(draft, way.cluster);
  } finally {
    rmSync(secret, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

async function checkVersion(way: RunAs): Promise<void> {
  const made = readFileSync(join(way.cluster, 'PG_VERSION'), 'utf8').trim();
  const { stdout } = await must(way, ['postgres', '--version']);
  const ours = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
  if (ours !== made) {
    throw embeddedProblem(
      'other_version',
      `The data in ${way.cluster} were made by PostgreSQL ${made}, this Drover brings PostgreSQL ${ours ?? '?'}: ` +
        'back them up with the Drover that made them (`drover backup`), and restore that with this one into a new ' +
        'DROVER_DATA_DIR (`drover restore`).',
      { made, ours },
    );
  }
}

async function must(way: RunAs, [program = '', ...args]: string[], input?: string): Promise<{ stdout: string }> {
  const result = await run([...way.prefix, join(way.native, 'bin', program), ...args], {
    timeoutMs: INIT_MS,
    env: POSTGRES_ENV,
    input,
  });
  if (result.code === 0) return result;
  const said = `${result.stderr}\n${result.stdout}`.trim().split('\n').slice(-3).join(' | ');
  if (/No space left/.test(said))
    throw embeddedProblem('start_failed', `There is no space left for the data of PostgreSQL in ${way.cluster}.`);
  throw embeddedProblem('start_failed', `${program} of the embedded PostgreSQL failed: ${said}`);
}
