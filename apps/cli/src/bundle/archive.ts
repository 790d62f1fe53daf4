import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { DroverError } from '@drover/domain';

/** Bytes of the files of an archive together, before they are compressed: it never has more than 10 MB. */
const MOST_BYTES = 9 * 1024 * 1024;
/** Bytes of one file. */
const MOST_OF_FILE = 2 * 1024 * 1024;

/** The files of an archive for support, within its limits. Each goes through `hide` before it is kept. */
export class Archive {
  private readonly files: { name: string; text: string }[] = [];
  private left = MOST_BYTES;

  constructor(
    private readonly folder: string,
    private readonly hide: (text: string) => string,
  ) {}

  /** Adds a file. One that is too long keeps its end, for the end of a log says most. */
  add(name: string, text: string): void {
    const bytes = Buffer.from(this.hide(text));
    const most = Math.min(MOST_OF_FILE, this.left);
    const kept = bytes.length <= most ? bytes : bytes.subarray(bytes.length - most);
    this.left -= kept.length;
    this.files.push({ name, text: kept.toString('utf8') });
  }

  /** Writes the archive for its owner alone. Throws `conflict` when there is such a file already. */
  async write(path: string): Promise<void> {
    const tar = pack();
    const mtime = new Date();
    for (const { name, text } of this.files)
      tar
        .entry({ name: `${this.folder}/${name}`, mode: 0o600, mtime }, text)
        // Each entry repeats the fault of the archive, which is told below.
        .on('error', () => undefined);
    tar.finalize();
    try {
      await pipeline(tar, createGzip(), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST')
        throw new DroverError('conflict', `${path} is there already: give the name of a file that is not.`);
      if (code !== 'ENOENT') await rm(path, { force: true });
      throw new DroverError('unavailable', `${path} cannot be written (${code ?? message}): give another place.`);
    }
  }
}
