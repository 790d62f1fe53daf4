import { execFile, spawn } from 'node:child_process';
import { accessSync, closeSync, constants } from 'node:fs';
import { promisify } from 'node:util';
import type { LaunchOrder } from '../messages.js';
import type { IsolationLevel } from './job-user.js';
import { environmentFile, isolatedArgv, SETPRIV, startingEnvironment, UNSHARE } from './wrap.js';

const PROBE_MS = 10_000;
const run = promisify(execFile);

const isRoot = (): boolean => process.getuid?.() === 0;

function missing(programs: readonly string[]): string | undefined {
  return programs.find((program) => {
    try {
      accessSync(program, constants.X_OK);
      return false;
    } catch {
      return true;
    }
  });
}

/**
 * Why a level cannot be had on this machine, one sentence with the remedy; null: as far as can be said without a job,
 * it can.
 */
export async function levelProblem(level: IsolationLevel): Promise<string | null> {
  if (process.platform !== 'linux') return level === 'none' ? null : 'Isolation levels need Linux.';
  if (level === 'none') return null;
  const gone = missing(level === 'user' ? [SETPRIV] : [SETPRIV, UNSHARE, '/usr/bin/mount']);
  if (gone !== undefined) return `${gone} is missing: install util-linux (2.38 or newer).`;
  if (level === 'user')
    return isRoot()
      ? null
      : 'The level "user" needs a worker that runs as root; run it as root, or use the level "namespace".';
  try {
    await run(
      UNSHARE,
      [
        '--user',
        '--map-root-user',
        '--mount',
        '--pid',
        '--ipc',
        '--fork',
        '--kill-child',
        '--',
        '/bin/sh',
        '-c',
        'mount -n -t proc proc /proc',
      ],
      {
        timeout: PROBE_MS,
        env: startingEnvironment('probe'),
        ...(isRoot() ? { uid: 65_534, gid: 65_534 } : {}),
      },
    );
    return null;
  } catch (error) {
    const said =
      String((error as { stderr?: string }).stderr ?? (error as Error).message)
        .trim()
        .split('\n')[0] ?? '';
    return (
      `The kernel gives this worker no namespaces (${said}): allow them (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone=1, ` +
      'kernel.apparmor_restrict_unprivileged_userns=0; in a container a seccomp profile that allows unshare, and an unmasked /proc), or use another level.'
    );
  }
}

/** Runs a command that does nothing exactly as a job would be run. Null: it worked; else what was said. */
export function tryOrder(order: Pick<LaunchOrder, 'folder' | 'cwd' | 'user' | 'view'>): Promise<string | null> {
  const environment = environmentFile(order, {});
  return new Promise((resolve) => {
    const [program, ...args] = isolatedArgv(order, ['/bin/sh', '-c', 'pwd && : > probe']);
    const child = spawn(program, args, {
      cwd: '/',
      env: startingEnvironment('probe'),
      stdio: ['ignore', 'ignore', 'pipe', environment],
      timeout: PROBE_MS,
      killSignal: 'SIGKILL',
    });
    closeSync(environment);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(0, 1_000)));
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? null : said.trim().replaceAll('\n', '; ') || `it ended with ${signal ?? `code ${code}`}`),
    );
  });
}
