import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedProblem } from './problem.js';
import { birthOf, isAlive } from './process-facts.js';

export interface FolderLock {
  release(): void;
}

interface Holder {
  pid: number;
  birth: string;
}

/**
 * Takes a folder for this process. The lock of a process that is gone (also after kill -9, a reboot, or when its id
 * was given to another program) is taken over.
 *
 * @throws DroverError (conflict, `in_use`) naming the process that has it
 */
export function lockFolder(folder: string, what: string): FolderLock {
  const path = join(folder, 'lock');
  const mine = JSON.stringify({ pid: process.pid, birth: birthOf(process.pid) } satisfies Holder);
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, mine, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 20; attempt++) {
      if (linked(draft, path)) return { release: () => release(path, mine) };
      const seen = read(path);
      const holder = seen === null ? null : parse(seen);
      if (holder && isHeld(holder)) {
        throw embeddedProblem(
          'in_use',
          `${what} ${folder} is in use by another Drover (process ${holder.pid}): stop that one, or set DROVER_DATA_DIR to another folder.`,
          { pid: holder.pid },
        );
      }
      if (seen !== null) takeAway(path, seen);
    }
    throw embeddedProblem(
      'in_use',
      `${what} ${folder} is being taken by several Drovers at once: start one at a time.`,
    );
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Creates the lock with its content in one step. */
function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a lock that was judged stale, but not one that replaced it meanwhile. */
function takeAway(path: string, judged: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (read(aside) !== judged) {
    try {
      linkSync(aside, path);
    } catch {
      // A third process has it already.
    }
  }
  rmSync(aside, { force: true });
}

function release(path: string, mine: string): void {
  if (read(path) === mine) rmSync(path, { force: true });
}

function isHeld({ pid, birth }: Holder): boolean {
  return isAlive(pid) && (birth === '' || birthOf(pid) === birth);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function parse(text: string): Holder | null {
  try {
    const { pid, birth } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === 'number' && typeof birth === 'string' ? { pid, birth } : null;
  } catch {
    return null;
  }
}
