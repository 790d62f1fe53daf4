import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, truncateSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Spare folders at most. */
const MOST = 4096;
/**
 * A stray process of the former user could still have a file open; the supervisor has ended all of those by then.
 * Milliseconds.
 */
const QUARANTINE_MS = 5_000;
const FILES = ['stderr', 'stdout'];
const LAYOUT = ['stderr', 'stdout', 'work'];

/**
 * Folders of executions that left nothing behind, kept for the next ones: moving a folder costs a tenth of making two
 * folders and two files and removing them again, which is more than all else the daemon does for a short job.
 */
export class Spares {
  private readonly ready: { path: string; from: number }[] = [];
  private count = 0;

  constructor(
    private readonly root: string,
    private readonly now: () => number = () => performance.now(),
  ) {
    // Folders of an earlier daemon: their quarantine is not known.
    if (existsSync(root)) {
      const old = `${root}.old-${process.pid}-${Date.now()}`;
      renameSync(root, old);
      void rm(old, { recursive: true, force: true }).catch(() => {});
    }
    mkdirSync(root, { mode: 0o700 });
  }

  /** Moves a spare folder, with its empty files and working directory, to a place. False: there is none. */
  take(place: string): boolean {
    const first = this.ready[0];
    if (first === undefined || first.from > this.now()) return false;
    this.ready.shift();
    renameSync(first.path, place);
    return true;
  }

  /** Keeps a folder if it is as good as new. False: it has to be removed. */
  keep(folder: string): boolean {
    if (this.ready.length >= MOST || !asGoodAsNew(folder)) return false;
    const path = join(this.root, String(this.count++));
    renameSync(folder, path);
    this.ready.push({ path, from: this.now() + QUARANTINE_MS });
    return true;
  }
}

/** The job neither left files nor tampered with those it was given. Empties its output. */
function asGoodAsNew(folder: string): boolean {
  try {
    const names = readdirSync(folder);
    if (names.length !== LAYOUT.length || !names.every((name) => LAYOUT.includes(name))) return false;
    const work = lstatSync(join(folder, 'work'));
    if (!work.isDirectory() || (work.mode & 0o7777) !== 0o700 || work.uid !== process.getuid?.()) return false;
    if (readdirSync(join(folder, 'work')).length > 0) return false;
    for (const name of FILES) {
      const path = join(folder, name);
      const file = lstatSync(path);
      if (!file.isFile() || file.nlink !== 1) return false;
      if (file.size > 0) truncateSync(path);
    }
    return true;
  } catch {
    return false;
  }
}
