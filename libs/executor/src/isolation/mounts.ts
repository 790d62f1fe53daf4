import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';

/** A file system of its own for every job: empty at its start, writable, gone with it. */
const SCRATCH = ['/tmp', '/var/tmp', '/dev/shm'];
/** Folders that a job must not see: homes, and the sockets and secrets of services. */
const HIDDEN = ['/home', '/root', '/run'];
/** Storage of container engines: file systems come and go there with every container, and no job needs them. */
const STORAGE = ['/var/lib/containers', '/var/lib/containerd', '/var/lib/docker', '/var/lib/kubelet'];
/** The folders that programs need below a hidden one: the resolver finds its servers there. */
const NEEDED = ['/run/systemd/resolve', '/run/resolvconf', '/run/NetworkManager'];
/** Put together anew, or left as they are. */
const SPECIAL = ['/proc', '/dev'];
/** Options a mount inside a namespace must not lose. */
const KEPT_OPTIONS = ['nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime'];

export interface ViewPlan {
  /** Empty folder on which the root is put together. */
  root: string;
  /** Folders hidden beside the usual ones: the worker's data, its home. */
  hidden: readonly string[];
  /** Folders to be seen, read-only, although they are in a hidden one. */
  shown: readonly string[];
  /** Folders the job may write to: its own; the home of the account it runs under. */
  writable: readonly string[];
}

interface Mounted {
  at: string;
  type: string;
  options: string[];
}

/**
 * The mount points of this process, out of the text of /proc/self/mountinfo; of those on one place the last, which is
 * what is seen.
 */
export function mountedAt(text: string): Mounted[] {
  const found = new Map<string, Mounted>();
  for (const line of text.split('\n')) {
    const [before, after] = line.split(' - ');
    const fields = before?.split(' ') ?? [];
    const [at, options] = [fields[4], fields[5]];
    if (at === undefined || options === undefined || after === undefined) continue;
    const path = at.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
    found.delete(path);
    found.set(path, { at: path, type: after.split(' ')[0] ?? '', options: options.split(',') });
  }
  return [...found.values()];
}

/** Whether a path is a folder or in it. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way.split('/')[0] !== '..' && !isAbsolute(way));
}

/** A path as a field of fstab. */
const field = (path: string): string =>
  path.replaceAll(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);

/**
 * The mounts of a job, as a table in the form of fstab: the whole machine read-only, without other people's
 * folders, with folders of its own to write to.
 */
export function mountTable(
  { root, hidden, shown, writable }: ViewPlan,
  mountinfo = readFileSync('/proc/self/mountinfo', 'utf8'),
): string {
  const lines: string[] = [];
  const add = (what: string, where: string, type: string, options: string[]): void => {
    lines.push(`${field(what)} ${field(where === '/' ? root : join(root, where))} ${type} ${options.join(',')} 0 0`);
  };
  const away = topmost([...HIDDEN, ...STORAGE, ...hidden].flatMap(real));
  const scratch = SCRATCH.flatMap(real);
  const covered = (path: string): boolean => [...away, ...scratch, ...SPECIAL].some((folder) => isWithin(path, folder));
  add('/', '/', 'none', ['rbind', 'ro']);
  const mounted = mountedAt(mountinfo);
  for (const { at, options } of mounted) {
    // A read-only mount is so already, and the root was the first line.
    if (at === '/' || options.includes('ro') || covered(at) || !reachable(at)) continue;
    // One with others on it cannot be mounted without them.
    const bind = mounted.some((other) => other.at !== at && isWithin(other.at, at)) ? 'rbind' : 'bind';
    add(at, at, 'none', [bind, 'ro', ...options.filter((option) => KEPT_OPTIONS.includes(option))]);
  }
  const folder = (path: string, mode: string): void =>
    add('tmpfs', path, 'tmpfs', ['rw', 'nosuid', 'nodev', `mode=${mode}`, 'x-mount.mkdir']);
  for (const path of scratch) folder(path, '1777');
  // A hidden folder inside /tmp comes after it.
  for (const path of away) folder(path, '755');
  add('devpts', '/dev/pts', 'devpts', ['newinstance', 'ptmxmode=0666', 'mode=620']);
  for (const path of [...NEEDED, ...shown].flatMap(real))
    if (covered(path)) add(path, path, 'none', ['rbind', 'ro', 'x-mount.mkdir']);
  for (const path of writable.flatMap(real)) add(path, path, 'none', ['rbind', 'rw', 'x-mount.mkdir']);
  for (const path of away)
    lines.push(`${field(join(root, path))} ${field(join(root, path))} none rbind,ro,nosuid,nodev 0 0`);
  add('proc', '/proc', 'proc', ['nosuid', 'nodev', 'noexec']);
  return `${lines.join('\n')}\n`;
}

/**
 * A job can come there. What it cannot reach need not be made read-only, and could not be, since that is done with its
 * rights.
 */
function reachable(path: string): boolean {
  try {
    if (process.getuid?.() !== 0) {
      accessSync(path, constants.X_OK);
      return true;
    }
    for (let folder = path; folder !== '/'; folder = dirname(folder))
      if (folder !== path && (statSync(folder).mode & 0o001) === 0) return false;
    return true;
  } catch (error) {
    // Not there as far as we see: whoever mounts will say so.
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** The paths without links; one that does not exist is left out. */
function real(path: string): string[] {
  return existsSync(path) ? [realpathSync(path)] : [];
}

/** The folders without those that are in another one. */
function topmost(paths: readonly string[]): string[] {
  const unique = [...new Set(paths)];
  return unique.filter((path) => !unique.some((other) => other !== path && isWithin(path, other))).toSorted();
}
