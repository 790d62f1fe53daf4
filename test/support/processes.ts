import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface SeenProcess {
  pid: number;
  /** Its arguments, joined by spaces. */
  command: string;
}

/**
 * Living processes whose arguments, working folder or environment mention a text: give it a folder that only your
 * processes know. This process itself is left out. Reads /proc, so Linux only.
 */
export function processesWith(text: string): SeenProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .map((pid) => ({ pid: Number(pid), command: command(pid) }))
    .filter(
      ({ pid, command: said }) =>
        said !== '' && [said, read(pid, 'environ'), cwd(pid)].some((part) => part.includes(text)),
    );
}

function command(pid: string): string {
  return read(Number(pid), 'cmdline').replaceAll('\0', ' ').trim();
}

function cwd(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
