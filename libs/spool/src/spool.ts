import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fchownSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { STREAMS } from '@drover/domain';
import type { TailProgress } from './chunk.js';
import { Spares } from './spares.js';

/** Marks a folder that was left for the user. */
const KEPT = 'kept';
/** The folder in that of an execution for the temporary files of a job that has no /tmp of its own. */
export const TEMPORARY = 'tmp';
const PASSABLE = 0o711;

/** The worker's folder on disk: `<data>/worker/<node>`, one folder an execution below it. Nobody else may look into it. */
export class Spool {
  private readonly executions: string;
  private readonly spares: Spares;

  constructor(readonly root: string) {
    this.executions = join(root, 'executions');
    mkdirSync(this.executions, { recursive: true, mode: 0o700 });
    this.spares = new Spares(join(root, 'spare'));
  }

  /** Names this spool to the broker; as old as the spool. */
  bootId(): string {
    const path = join(this.root, 'boot_id');
    try {
      const id = readFileSync(path, 'utf8').trim();
      if (id !== '') return id;
    } catch {
      // A new spool.
    }
    const id = randomUUID();
    writeFileSync(`${path}.tmp`, `${id}\n`, { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
    return id;
  }

  folder(executionId: string): string {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(executionId))
      throw new Error(`${JSON.stringify(executionId)} is no execution id.`);
    return join(this.executions, executionId);
  }

  /**
   * Makes the folder of an execution and its working directory. Synchronous: faster than the thread pool, and it is on
   * the way of every job.
   */
  create(executionId: string, stdin?: string): { folder: string; work: string } {
    const folder = this.folder(executionId);
    const work = join(folder, 'work');
    if (!this.spares.take(folder)) {
      mkdirSync(folder, { mode: 0o700 });
      mkdirSync(work, { mode: 0o700 });
    }
    if (stdin !== undefined) writeFileSync(join(folder, 'stdin'), stdin, { mode: 0o600 });
    return { folder, work };
  }

  /**
   * Makes a folder like `create`, for processes with other rights than ours: their user owns the working directory, the
   * folder for temporary files and the two output files (which a job may open anew by /dev/stderr), and can pass
   * through the rest without seeing it.
   */
  createFor(executionId: string, user: { uid: number; gid: number }, stdin?: string): { folder: string; work: string } {
    const folder = this.folder(executionId);
    mkdirSync(folder, { mode: 0o700 });
    const work = join(folder, 'work');
    for (const path of [work, join(folder, TEMPORARY)]) {
      mkdirSync(path, { mode: 0o700 });
      chownSync(path, user.uid, user.gid);
    }
    for (const name of STREAMS) {
      const fd = openSync(join(folder, name), 'wx', 0o600);
      try {
        fchownSync(fd, user.uid, user.gid);
      } finally {
        closeSync(fd);
      }
    }
    if (stdin !== undefined) writeFileSync(join(folder, 'stdin'), stdin, { mode: 0o600 });
    chmodSync(folder, PASSABLE);
    return { folder, work };
  }

  /**
   * The user of an execution may not come here any more: what is kept of it is not for the next one that has the same
   * number.
   */
  shut(executionId: string): void {
    chmodSync(this.folder(executionId), 0o700);
  }

  /** Lets other users pass through to folders made by `createFor`. They cannot list any folder on the way. */
  letPass(from: string): void {
    const way = [this.executions];
    while (way[0] !== from) {
      const up = dirname(way[0] ?? '/');
      if (up === way[0]) throw new Error(`${this.executions} is not in ${from}.`);
      way.unshift(up);
    }
    for (const path of way) chmodSync(path, PASSABLE);
  }

  /** Keeps a folder for reuse, or removes it. Its processes are all gone, and nothing of ours is being written to it. */
  async recycle(executionId: string): Promise<void> {
    if (!this.spares.keep(this.folder(executionId))) await this.remove(executionId);
  }

  /** All of it, or all but the working directory. */
  async remove(executionId: string, keepWork = false): Promise<void> {
    const folder = this.folder(executionId);
    if (!keepWork) {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      return;
    }
    // From here on it is the user's: no restart of the worker clears it away.
    await writeFile(join(folder, KEPT), '', { mode: 0o600 });
    const names = await readdir(folder);
    await Promise.all(
      names
        .filter((name) => name !== 'work' && name !== KEPT)
        .map((name) => rm(join(folder, name), { force: true, recursive: true })),
    );
  }

  /** Executions with a folder, but for those of which only the working directory was kept. */
  async list(): Promise<string[]> {
    const ids = await readdir(this.executions);
    return ids.filter((id) => !existsSync(join(this.executions, id, KEPT)));
  }

  async readProgress(executionId: string): Promise<TailProgress | undefined> {
    try {
      return JSON.parse(await readFile(join(this.folder(executionId), 'progress.json'), 'utf8')) as TailProgress;
    } catch {
      return undefined;
    }
  }

  async writeProgress(executionId: string, progress: TailProgress): Promise<void> {
    const path = join(this.folder(executionId), 'progress.json');
    await writeFile(`${path}.tmp`, JSON.stringify(progress), { mode: 0o600 });
    await rename(`${path}.tmp`, path);
  }
}
