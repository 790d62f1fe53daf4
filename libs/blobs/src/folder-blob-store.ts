import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, constants, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DroverError } from '@drover/domain';
import { demandKey, type BlobInfo, type BlobStore } from './blob-store.js';
import { meter } from './meter.js';

/** Stored objects are read through the API only, not by other users of the machine. */
const FOLDERS = { recursive: true, mode: 0o700 } as const;

/** Objects as files below one folder. */
export class FolderBlobStore implements BlobStore {
  constructor(private readonly root: string) {}

  async put(key: string, body: Readable, options: { maxBytes?: number } = {}): Promise<BlobInfo> {
    const path = this.pathOf(key);
    const part = join(this.root, 'incoming', randomUUID());
    await mkdir(dirname(part), FOLDERS);
    await mkdir(dirname(path), FOLDERS);
    const { stream, info } = meter(options.maxBytes);
    try {
      await pipeline(body, stream, createWriteStream(part, { flush: true, mode: 0o600 }));
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    return info();
  }

  async get(key: string, range?: { start: number; end: number }): Promise<Readable> {
    const path = this.pathOf(key);
    await stat(path).catch(() => {
      throw new DroverError('not_found', 'The object is not stored any more.');
    });
    return createReadStream(path, range);
  }

  async delete(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  async ping(): Promise<void> {
    await mkdir(this.root, FOLDERS);
    await access(this.root, constants.W_OK);
  }

  private pathOf(key: string): string {
    demandKey(key);
    return join(this.root, 'objects', key);
  }
}
