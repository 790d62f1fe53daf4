import { join } from 'node:path';
import { Keyring } from '@drover/access';
import type { Config } from '@drover/config';
import type { Store } from '@drover/store';
import { withStore } from '../clients/with-clients.js';
import { terminal } from '../terminal/terminal.js';

const fileOf = (config: Config): string => config.access.keyFile ?? join(config.dataDir, 'instance.key');
const warn = (message: string): void => void terminal.say(message);

/**
 * Works on the keys in the record itself. @throws DroverError when there is no database, or the key file does not open
 * it
 */
export async function withKeyring<T>(work: (ring: Keyring) => T | Promise<T>): Promise<T> {
  return withStore(async (store, config) => work(await Keyring.open(store, { keyFile: fileOf(config), warn })));
}

/** Makes new keys. Gives the path of the file that seals them. */
export async function resetKeyring(): Promise<string> {
  return withStore(async (store: Store, config) => {
    await Keyring.reset(store, { keyFile: fileOf(config), warn });
    return fileOf(config);
  });
}
