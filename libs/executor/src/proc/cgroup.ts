import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where cgroup v2 is mounted. */
export const CGROUP_ROOT = '/sys/fs/cgroup';

export interface CgroupReading {
  cpu_seconds: number;
  memory_bytes: number;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Path of a process's cgroup below the root, from the text of its `/proc/<pid>/cgroup`. Undefined: no cgroup v2, or the
 * root itself.
 */
export function cgroupPath(text: string): string | undefined {
  const path = /^0::(\/.+)$/m.exec(text)?.[1];
  return path === undefined || path.includes('..') ? undefined : path;
}

/** The usage of a cgroup so far. Undefined where a file is missing or says nothing: nothing is made up then. */
export function readCgroup(path: string, root = CGROUP_ROOT): CgroupReading | undefined {
  const usec = /^usage_usec (\d+)$/m.exec(read(join(root, path, 'cpu.stat')) ?? '')?.[1];
  const bytes = /^(\d+)\s*$/.exec(read(join(root, path, 'memory.current')) ?? '')?.[1];
  return usec === undefined || bytes === undefined
    ? undefined
    : { cpu_seconds: Number(usec) / 1e6, memory_bytes: Number(bytes) };
}

/** The cgroup a job has for itself: another one than this program's. Undefined: it shares ours, or there is none. */
export function ownCgroup(pid: number, proc = '/proc'): string | undefined {
  const path = cgroupPath(read(join(proc, String(pid), 'cgroup')) ?? '');
  const ours = cgroupPath(read(join(proc, 'self', 'cgroup')) ?? '');
  return path === undefined || path === ours || ours?.startsWith(`${path}/`) ? undefined : path;
}
