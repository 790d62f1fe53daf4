import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Seconds without needless digits. */
export const seconds = (value: number): string => `${Math.round(value * 100) / 100} s`;

export function bytes(value: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let at = 0;
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024;
    at++;
  }
  return `${Math.round(value * 100) / 100} ${units[at]}`;
}

/** Why a process could not be started, and what would help: one sentence. */
export function spawnSentence(error: NodeJS.ErrnoException, program: string, cwd: string): string {
  const folder = folderFault(cwd);
  if (folder !== undefined) return folder;
  switch (error.code) {
    case 'ENOENT':
      return `Command not found: "${program}" is neither a file nor in PATH on this node.`;
    case 'EACCES':
      return `"${program}" may not be executed: it is no program, or the permission is missing.`;
    case 'ENOEXEC':
      return `"${program}" is no program this node can run (wrong format or processor).`;
    case 'E2BIG':
      return 'The arguments and the environment together are larger than this node allows; pass large input by stdin or a file.';
    case 'EAGAIN':
    case 'ENOMEM':
      return `The node could not start another process (${error.code}): its limit of processes or its memory is used up.`;
    case 'EMFILE':
    case 'ENFILE':
      return `The node has too many files open to start a process (${error.code}).`;
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk of the node is full: the output files could not be created.';
    case 'ERR_INVALID_ARG_VALUE':
    case 'ERR_INVALID_ARG_TYPE':
      return `"${program}" cannot be started: the command, its arguments and the environment must be texts without NUL characters.`;
    default:
      return `"${program}" could not be started: ${error.message}.`;
  }
}

/** The fault of a working directory, if it has one. */
function folderFault(cwd: string): string | undefined {
  try {
    if (!statSync(cwd).isDirectory()) return `The working directory ${cwd} is not a directory.`;
    accessSync(cwd, constants.X_OK);
    return undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES') return `The working directory ${cwd} may not be entered by the worker's user.`;
    return `The working directory ${cwd} does not exist on this node.`;
  }
}

/** Linux takes no longer text as a variable. */
const LONGEST_PATH = 128 * 1024;
/** The most bytes of a file's name. */
const LONGEST_NAME = 255;

/**
 * The path by which execvp(3) finds a program: a name with a slash as it is, another one in the folders of `path`.
 *
 * @throws NodeJS.ErrnoException with ENOENT or EACCES, where no folder of `path` has the program; E2BIG: no program could
 *   be started with this `path`, and it is not searched, as that would hold the supervisor for minutes
 */
export function findProgram(program: string, path: string | undefined, cwd: string): string {
  if (program.includes('/')) return program;
  if (path !== undefined && path.length > LONGEST_PATH) throw startFault(program, 'E2BIG');
  if (Buffer.byteLength(program) > LONGEST_NAME) throw startFault(program, 'ENOENT');
  let code = 'ENOENT';
  for (const folder of new Set((path ?? '/usr/local/bin:/usr/bin:/bin').split(':'))) {
    const place = resolve(cwd, folder, program);
    const fault = fileFault(place);
    if (fault === undefined) return place;
    if (fault === 'EACCES') code = fault;
  }
  throw startFault(program, code);
}

const startFault = (program: string, code: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`spawn ${program} ${code}`), { code });

/**
 * Throws as findProgram does, for every program. For commands started through a wrapper, whose own error would say
 * less.
 */
export function checkProgram(program: string, path: string | undefined, cwd: string): void {
  const place = resolve(cwd, findProgram(program, path, cwd));
  const code = fileFault(place);
  if (code !== undefined) throw startFault(program, code);
}

/** The reason why a file cannot be executed, if there is one. */
function fileFault(place: string): 'ENOENT' | 'EACCES' | undefined {
  try {
    // An exception takes ten times as long as a look, and most folders of a PATH do not have the program.
    if (!statSync(place, { throwIfNoEntry: false })?.isFile()) return 'ENOENT';
    accessSync(place, constants.X_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'EACCES' : 'ENOENT';
  }
}
