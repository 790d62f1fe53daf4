import { createHash, randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { userConfigFolder } from '@drover/config';

/** The parts of a login that are stored. The client's key is not among them. */
export interface StoredLogin {
  url: string;
  client_id: string;
  access_token: string;
  /** Milliseconds since 1970, by this machine's clock. */
  access_expires_at: number;
  refresh_token: string;
}

/** One file an API, so that a token never goes to another one. */
function pathOf(url: string): string {
  return join(userConfigFolder(), 'logins', `${createHash('sha256').update(url).digest('hex').slice(0, 24)}.json`);
}

/** The login at this API; null when there is none. @throws Error when others can read the file, or it is no login */
export async function readLogin(url: string): Promise<StoredLogin | null> {
  const path = pathOf(url);
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw new Error(`The login in ${path} cannot be read (${error.code}).`);
  });
  if (found === null) return null;
  if (!found.isFile()) throw new Error(`${path} is not a file: remove it, then \`drover login\` again.`);
  if ((found.mode & 0o077) !== 0)
    throw new Error(
      `${path} holds a login and others can use it (mode ${(found.mode & 0o777).toString(8)}): \`chmod 600 ${path}\`, or remove it and \`drover login\` again.`,
    );
  const own = process.getuid?.();
  if (own !== undefined && own !== 0 && found.uid !== own)
    throw new Error(`${path} belongs to another user: remove it, then \`drover login\` again.`);
  try {
    const login = JSON.parse(await readFile(path, 'utf8')) as StoredLogin;
    if (login.url !== url || typeof login.access_token !== 'string' || typeof login.refresh_token !== 'string')
      throw new Error('a field is missing');
    return login;
  } catch (error) {
    throw new Error(`${path} holds no login (${(error as Error).message}): remove it, then \`drover login\` again.`, {
      cause: error,
    });
  }
}

/** Keeps a login for this user alone; a reader sees the old one or the new one. */
export async function writeLogin(login: StoredLogin): Promise<void> {
  const path = pathOf(login.url);
  const folder = join(path, '..');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const fresh = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(fresh, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(login, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** False: there was none. */
export async function forgetLogin(url: string): Promise<boolean> {
  try {
    await rm(pathOf(url));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
