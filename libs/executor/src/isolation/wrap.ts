import { closeSync, constants, fchownSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchOrder } from '../messages.js';

/**
 * Programs of util-linux, by their full paths: what a job has in its PATH must never be started with the rights of the
 * worker.
 */
export const SETPRIV = '/usr/bin/setpriv';
export const UNSHARE = '/usr/bin/unshare';
/** Descriptor from which the last shell reads the environment. */
const ENVIRONMENT_FD = 3;

/**
 * Before the job, with its rights but an environment of ours: nothing a job sets (LD_PRELOAD, PATH) is looked at by a
 * program that has more rights than it. The folder is entered last as well, so that only those who may enter it do.
 */
const LAST_STEP = `. /dev/fd/${ENVIRONMENT_FD} || exit 125; exec ${ENVIRONMENT_FD}<&-; cd -- "$0" || exit 126; exec "$@"`;

/**
 * The init of a process namespace. It reaps what the job leaves, and gives its exit code; the message of a shell about
 * a process that a signal ended is not the job's output.
 */
const INIT = [
  `mount -n -a -T "$0" || { echo "drover: the file system of the job could not be put together; see DROVER_ISOLATION." >&2; exit 125; }`,
  `exec 4>&2 2>/dev/null`,
  `"$@" 2>&4 4>&-`,
  'exit $?',
].join('; ');

/** Whether processes of an order are started with other rights, or another view of the machine, than the worker's. */
export function isIsolated({ user, view }: Pick<LaunchOrder, 'user' | 'view'>): boolean {
  return user !== undefined || view !== undefined;
}

/** The arguments that are started for an isolated order in place of its own command. */
export function isolatedArgv(
  { user, view, cwd }: Pick<LaunchOrder, 'user' | 'view' | 'cwd'>,
  argv: readonly string[],
): [string, ...string[]] {
  const become =
    user === undefined
      ? []
      : [
          `--reuid=${user.name ?? user.uid}`,
          `--regid=${user.gid}`,
          user.name === undefined ? '--clear-groups' : '--init-groups',
          '--inh-caps=-all',
          '--bounding-set=-all',
        ];
  const last = ['/bin/sh', '-c', LAST_STEP, cwd, ...argv];
  if (view === undefined) return [SETPRIV, ...become, '--no-new-privs', '--', ...last];
  const uid = user?.uid ?? process.getuid?.() ?? 0;
  const gid = user?.gid ?? process.getgid?.() ?? 0;
  return [
    SETPRIV,
    ...become,
    '--no-new-privs',
    '--',
    // Root of a namespace of its own, to mount; then, in another one inside it, the job's own number again, without any
    // right over those mounts.
    UNSHARE,
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
    INIT,
    view.table,
    UNSHARE,
    '--user',
    `--map-user=${uid}`,
    `--map-group=${gid}`,
    `--root=${view.root}`,
    '--wd=/',
    '--',
    ...last,
  ];
}

/** Variables that a shell cannot name. They are handed to `env`. */
export function oddVariables(env: Readonly<Record<string, string>>): string[] {
  const odd = Object.entries(env).filter(([name]) => !IDENTIFIER.test(name));
  return odd.length === 0 ? [] : ['/usr/bin/env', '--', ...odd.map(([name, value]) => `${name}=${value}`)];
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A file with the environment, for the job's eyes alone and without a name: open, to be closed by the caller. */
export function environmentFile(
  { folder, user }: Pick<LaunchOrder, 'folder' | 'user'>,
  env: Readonly<Record<string, string>>,
): number {
  const path = join(folder, 'environment');
  const text = Object.entries(env)
    .filter(([name]) => IDENTIFIER.test(name))
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
  if (text.includes('\0'))
    throw Object.assign(new Error('an argument holds a NUL character'), { code: 'ERR_INVALID_ARG_VALUE' });
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    unlinkSync(path);
    writeSync(fd, text);
    if (user !== undefined) fchownSync(fd, user.uid, user.gid);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * For programs that run before a job has its own: nothing but what they need, and the mark by which its processes are
 * known.
 */
export function startingEnvironment(executionId: string): Record<string, string> {
  return { DROVER_EXECUTION_ID: executionId, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
}
