import { readFileSync } from 'node:fs';

/** Whether a process with this id exists (a zombie does not count, where /proc tells). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return statField(pid, 0) !== 'Z';
}

/** Boot id and start time, which tell a process from a later one with the same id. Empty where there is no /proc. */
export function birthOf(pid: number): string {
  const ticks = statField(pid, 19);
  return ticks === undefined ? '' : `${bootId()}:${ticks}`;
}

/** The arguments of a process, or null where that cannot be read. */
export function argumentsOf(pid: number): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .filter((part) => part !== '');
  } catch {
    return null;
  }
}

/** Field of /proc/<pid>/stat, counted from the state (0). The program's name before it may hold spaces and parentheses. */
function statField(pid: number, index: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[index];
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
