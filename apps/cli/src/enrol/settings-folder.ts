import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { settingLine } from '@drover/config';

/**
 * The folder of a file of settings, with what belongs to them. Its files are 0600; where the file was there before,
 * they belong to whom that belongs. A reader sees the old ones or the new ones.
 */
export class SettingsFolder {
  private constructor(
    private readonly file: string,
    /** The user and group of what is written; null: those of this process. */
    private readonly owner: { uid: number; gid: number } | null,
  ) {}

  /** Makes the folder and sees that it can be written. @throws Error with a sentence */
  static async open(file: string): Promise<SettingsFolder> {
    const path = resolve(file);
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o755 });
      const found = await stat(path).catch(() => null);
      const isRoot = process.getuid?.() === 0;
      const folder = new SettingsFolder(path, found !== null && isRoot ? { uid: found.uid, gid: found.gid } : null);
      await folder.put('.try', '');
      await rm(folder.pathOf('.try'));
      return folder;
    } catch (error) {
      throw new Error(
        `${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}): run this as root, or name another file with --file.`,
        { cause: error },
      );
    }
  }

  pathOf(name: string): string {
    return join(dirname(this.file), name);
  }

  /** Keeps a text beside the settings. Gives its path. */
  async keep(name: string, text: string): Promise<string> {
    await this.put(name, text);
    return this.pathOf(name);
  }

  /** Writes settings; lines of the file that say others stay. An empty value takes its setting out. */
  async write(settings: Readonly<Record<string, string>>): Promise<void> {
    const before = await readFile(this.file, 'utf8').catch(() => '');
    const others = before
      .split('\n')
      .filter((line) => !Object.hasOwn(settings, /^\s*(?:export\s+)?([A-Z_]+)\s*=/.exec(line)?.[1] ?? ''))
      .join('\n')
      .trimEnd();
    const own = Object.entries(settings).map(([name, value]) => (value === '' ? '' : settingLine(name, value)));
    await this.put(this.file, `${others === '' ? '' : `${others}\n`}${own.join('')}`);
  }

  private async put(name: string, text: string): Promise<void> {
    const path = resolve(dirname(this.file), name);
    const fresh = `${path}.${randomBytes(6).toString('hex')}`;
    try {
      const handle = await open(fresh, 'wx', 0o600);
      try {
        await handle.writeFile(text);
        // By its handle: the name could have become a link meanwhile.
        if (this.owner !== null) await handle.chown(this.owner.uid, this.owner.gid);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(fresh, path);
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    }
  }
}
