import { createHash, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DroverError } from '@drover/domain';
import { keyFor } from './seal.js';

/** One line of a key file. */
export interface FileKey {
  /** Eight hexadecimal digits that name the key and tell nothing of it. */
  id: string;
  key: Buffer;
}

const LEAST_CHARACTERS = 32;
const LARGEST_BYTES = 64 * 1024;
const REMEDY = 'correct DROVER_KEY_FILE or the rights of the file (0600, owned by the user of the API)';

/**
 * The keys that seal the keys of this installation. A line each, at least 32 characters; `#` begins a comment. The
 * first one seals, all of them open. Null: there is no such file.
 *
 * @throws DroverError naming the file and the remedy
 */
export function readKeyFile(path: string): FileKey[] | null {
  const lines = (readText(path) ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0)
    return readText(path) === null
      ? null
      : refuse(
          path,
          'is empty: put a line of at least 32 characters into it, such as the output of `openssl rand -hex 32`',
        );
  if (lines.some((line) => line.length < LEAST_CHARACTERS))
    refuse(
      path,
      `has a line of fewer than ${LEAST_CHARACTERS} characters: a key is as long as the output of \`openssl rand -hex 32\``,
    );
  return lines.map((line) => {
    const secret = Buffer.from(line);
    return {
      id: createHash('sha256').update(keyFor(secret, 'name')).digest('hex').slice(0, 8),
      key: keyFor(secret, 'seal'),
    };
  });
}

/** Makes the file with a random key, readable by its owner alone; false when it is there already. */
export const createKeyFile = (path: string): boolean =>
  makeFile(
    path,
    `# Seals the keys of this Drover. Without this file nobody who is logged in stays so, and stored secrets are lost: keep a copy.\n${randomBytes(32).toString('hex')}\n`,
  );

/** The text of the file, for a backup. @throws DroverError when there is none */
export const keyFileText = (path: string): string => readText(path) ?? refuse(path, 'is not there');

/**
 * Puts a key file of a backup into its place; false when the same file is there already. @throws DroverError when
 * another one is
 */
export function placeKeyFile(path: string, text: string): boolean {
  if (makeFile(path, text)) return true;
  if (readText(path) === text) return false;
  return refuse(
    path,
    'is there already and is not that of the backup: move it away, or name another place in DROVER_KEY_FILE',
  );
}

function makeFile(path: string, text: string): boolean {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
    linkSync(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    return refuse(
      path,
      `cannot be made (${code ?? 'unknown'}): set DROVER_KEY_FILE to a file in a folder that this user may write`,
    );
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whether users of this machine other than its owner and group may read the file. */
export function isExposed(path: string): boolean {
  try {
    return (statSync(path).mode & 0o004) !== 0;
  } catch {
    return false;
  }
}

function readText(path: string): string | null {
  try {
    if (statSync(path).size > LARGEST_BYTES)
      refuse(path, 'is larger than 64 KiB, so it is no key file: correct DROVER_KEY_FILE');
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (error instanceof DroverError) throw error;
    return refuse(path, `cannot be read (${code ?? 'unknown'}): ${REMEDY}`);
  }
}

function refuse(path: string, what: string): never {
  throw new DroverError('unavailable', `The key file ${path} ${what}.`, { key_file: path });
}
