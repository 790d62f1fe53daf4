import { readFile } from 'node:fs/promises';
import { registryOf } from './image-name.js';

/** A login to a registry, as the engine wants it for a pull. */
export interface RegistryLogin {
  username?: string;
  password?: string;
  identitytoken?: string;
  serveraddress: string;
}

interface AuthFile {
  auths?: Record<string, { auth?: string; username?: string; password?: string; identitytoken?: string }>;
}

/**
 * The login for an image's registry out of a file as `docker login` and `podman login` write it. Read at each pull, so
 * that a changed password needs no restart. Undefined: no file, or nothing in it for this registry. @throws Error when
 * the file cannot be read
 */
export async function loginFor(image: string, authFile: string | null): Promise<RegistryLogin | undefined> {
  if (authFile === null) return undefined;
  let parsed: AuthFile;
  try {
    parsed = JSON.parse(await readFile(authFile, 'utf8')) as AuthFile;
  } catch (error) {
    throw new Error(`The registry logins in ${authFile} cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  }
  const serveraddress = registryOf(image);
  const entry = Object.entries(parsed.auths ?? {}).find(([name]) => bare(name) === bare(serveraddress))?.[1];
  if (entry === undefined) return undefined;
  const [username, ...password] = Buffer.from(entry.auth ?? '', 'base64')
    .toString('utf8')
    .split(':');
  return {
    serveraddress,
    username: entry.username ?? username ?? '',
    password: entry.password ?? password.join(':'),
    ...(entry.identitytoken === undefined ? {} : { identitytoken: entry.identitytoken }),
  };
}

/** `https://index.docker.io/v1/` and `index.docker.io` are the same place. */
const bare = (server: string): string =>
  server
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '')
    .replace(/^docker\.io$/, 'index.docker.io');
