import { createWriteStream } from 'node:fs';
import { lstat, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { DroverError } from '@drover/domain';

/** A file that appears under its name when all of it is on the disk. */
export interface Output {
  readonly stream: Writable;
  /** After the stream has ended: gives the file its name. */
  keep(): Promise<void>;
  /** Leaves nothing. Safe to call at any time. */
  discard(): Promise<void>;
}

/** A part that nobody has written to for this long was left by a program that is gone. */
const LEFT_MS = 10 * 60_000;

/**
 * Begins a file as `<path>.part`, for its owner alone. @throws DroverError when there is such a file, or another
 * backup writes it
 */
export async function openOutput(path: string, { overwrite }: { overwrite: boolean }): Promise<Output> {
  const target = resolve(path);
  const part = `${target}.part`;
  const there = await lstat(target).catch(() => null);
  if (there !== null && !there.isFile())
    throw new DroverError('conflict', `${path} is there and no file: name another place.`);
  if (there !== null && !overwrite)
    throw new DroverError('conflict', `${path} is there: name another file, or replace it with --overwrite.`);
  const file = await begin(part, path);
  const stream = createWriteStream(part, { fd: file.fd, autoClose: false });
  return {
    stream,
    async keep() {
      try {
        await file.sync();
        await file.close();
        await rename(part, target);
        await syncFolder(dirname(target));
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        throw new DroverError('unavailable', `The backup ${path} cannot be written (${code ?? message}).`);
      }
    },
    async discard() {
      stream.destroy();
      await file.close().catch(() => undefined);
      await rm(part, { force: true });
    },
  };
}

async function begin(part: string, path: string): Promise<FileHandle> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await open(part, 'wx', 0o600);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST')
        throw new DroverError('unavailable', `${path} cannot be written (${code ?? 'unknown'}): name another place.`);
      const { mtimeMs } = await stat(part).catch(() => ({ mtimeMs: 0 }));
      if (tried > 1 || Date.now() - mtimeMs < LEFT_MS)
        throw new DroverError(
          'conflict',
          `Another backup writes ${part}: wait for it, or remove that file when no such program runs any more.`,
        );
      await rm(part, { force: true });
    }
  }
}

/** The name is on the disk, too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
