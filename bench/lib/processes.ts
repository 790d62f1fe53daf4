import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Clock ticks a second, in which /proc counts CPU: the same on every Linux that Node runs on. */
const TICKS = 100;

const pidsOfMachine = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function cwd(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

/** Fields of /proc/PID/stat from the third on: the name before them may hold anything. */
const statOf = (pid: number): string[] => read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];

/** The arguments of a process, joined by spaces. */
const commandOf = (pid: number): string => read(pid, 'cmdline').replaceAll('\0', ' ').trim();

/** These processes, and all that descend from them. */
export function withDescendants(roots: readonly number[]): number[] {
  const children = new Map<number, number[]>();
  for (const pid of pidsOfMachine()) {
    const parent = Number(statOf(pid)[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [...new Set(roots)];
  for (const pid of found) found.push(...(children.get(pid) ?? []).filter((child) => !found.includes(child)));
  return found;
}

/** Processes that work in a folder or name it in their arguments, whoever started them. */
export const processesOf = (folder: string): number[] =>
  pidsOfMachine().filter(
    (pid) => pid !== process.pid && (cwd(pid).startsWith(folder) || commandOf(pid).includes(folder)),
  );

/** Proportional resident memory in MB: a page that several processes share counts once over all of them. */
export const pssMb = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + Number(/^Pss:\s+(\d+) kB/m.exec(read(pid, 'smaps_rollup'))?.[1] ?? 0) / 1024, 0);

/**
 * CPU seconds of living processes, and of their children that have ended and were waited for: a process that lived for
 * a moment between two looks is in the second sum by its parent.
 */
export function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) for (const field of statOf(pid).slice(11, 15)) ticks += Number(field);
  return ticks / TICKS;
}
