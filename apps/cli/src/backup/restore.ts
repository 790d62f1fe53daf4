import { createReadStream, rmSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Keyring, placeKeyFile } from '@drover/access';
import {
  openKeys,
  readBackup,
  settingsText,
  type BackupEnd,
  type BackupHead,
  type InstallationKeys,
} from '@drover/backup';
import { createBlobStore } from '@drover/blobs';
import { loadConfig, settingsThatAreSet, type Config } from '@drover/config';
import { DIALECTS, tablesOfDialects } from '@drover/dialects';
import { DroverError, isDroverError } from '@drover/domain';
import { assertEmpty, assertLoadable, loadRecord, Store, type Tables } from '@drover/store';
import { EXIT, ExitError } from '../exit.js';
import { migrateAll } from '../migrate/migrate-all.js';
import { withDatabase } from '../migrate/with-database.js';
import { terminal } from '../terminal/terminal.js';
import { ensureFolder } from '../up/folder.js';
import { knownPassphrase, noPassphrase } from './passphrase.js';

export interface RestoreOptions {
  /** Only reads the file through. */
  dryRun: boolean;
  /** Whether the keys of the backup are taken. */
  keys: boolean;
  /** A folder for files with the settings of the backup. */
  settings?: string;
}

/** The parts of a backup that are known once it was read through. */
interface CheckedBackup {
  head: BackupHead;
  end: BackupEnd;
  settings: string;
  /** Null: the backup has none, or they were not asked for. */
  keys: InstallationKeys | null;
}

/** Settings that say where an installation is: another place has others. */
const PLACES = /^DROVER_(DATA_DIR|DATABASE_URL|MIGRATE_URL|TICKETS_URL|REDIS_URL|HOST|PORT|API_URL|NODE_NAME)$/;

const READ_BYTES = 1024 * 1024;
const open = (path: string): Readable => createReadStream(path, { highWaterMark: READ_BYTES });

/** Reads a backup to its end without a database, and says what it holds. @throws DroverError when it is not whole */
export async function check(path: string): Promise<void> {
  await restore(path, { dryRun: true, keys: true });
}

/** Restores a backup into an empty record, all of it or nothing. */
export async function restore(path: string, options: RestoreOptions): Promise<void> {
  const config = loadConfig(undefined, DIALECTS);
  const tables = await tablesOfDialects();
  const backup = await readThrough(path, config, tables, options);
  const { head, end } = backup;
  const rows = Object.values(end.rows).reduce((sum, n) => sum + n, 0);
  const holds = `the record of ${head.at} by Drover ${head.drover} (${rows} rows), ${end.objects.count} large objects`;
  if (options.dryRun) {
    const keys = !head.keys ? 'no keys' : backup.keys === null ? 'keys that were not tried' : 'keys that open';
    await terminal.out(`${path} is whole: ${holds}, ${keys}.\n`);
    return;
  }
  const keyFile = config.access.keyFile ?? join(config.dataDir, 'instance.key');
  await ensureFolder(config.dataDir);
  await withDatabase(config, async ({ url, ownerUrl }) => {
    await assertEmpty(ownerUrl, tables, head.migrations);
    const placed = backup.keys !== null && placeKeyFile(keyFile, backup.keys.keyFile);
    try {
      await load(path, config, ownerUrl, tables, head);
    } catch (error) {
      if (placed) rmSync(keyFile, { force: true });
      throw error;
    }
    // No API serves what is restored: nobody needs what a step takes away.
    await migrateAll({ onlyNew: false, finish: true });
    if (backup.keys !== null) await tryKeys(url, keyFile);
  });
  await terminal.out(`Restored ${holds}.\n`);
  await tellWhatIsLeft(backup, options, keyFile);
}

/** Reads the whole file before anything is written: a damaged one, and a wrong passphrase, change nothing. */
async function readThrough(
  path: string,
  config: Config,
  tables: readonly Tables[],
  options: RestoreOptions,
): Promise<CheckedBackup> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true) throw new DroverError('not_found', `${path} is no file: name a backup.`);
  let [head, settings, keys]: [BackupHead | undefined, string, InstallationKeys | null] = [undefined, '', null];
  const end = await readWhole(path, {
    head: (read) => {
      head = read;
      assertLoadable(tables, read.migrations);
    },
    settings: (text) => {
      settings = text;
    },
    keys: async (sealed) => {
      if (!options.keys) return;
      const passphrase = await knownPassphrase(config);
      if (passphrase !== null) keys = await openKeys(sealed, passphrase);
      else if (!options.dryRun) throw noPassphrase();
    },
  });
  return { head: head as unknown as BackupHead, end, settings, keys };
}

/** Tells a damaged file from other trouble by the exit code. */
async function readWhole(path: string, handlers: Parameters<typeof readBackup>[1]): Promise<BackupEnd> {
  try {
    return await readBackup(open(path), handlers);
  } catch (error) {
    if (isDroverError(error, 'invalid') && error.details['damaged'] === true)
      throw new ExitError(EXIT.damaged, error.message);
    throw error;
  }
}

async function load(
  path: string,
  config: Config,
  ownerUrl: string,
  tables: readonly Tables[],
  head: BackupHead,
): Promise<void> {
  const objects = await createBlobStore(join(config.dataDir, 'blobs'), config.blobs);
  await objects.ping();
  let bytes = 0;
  async function* told(what: string, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      bytes += piece.length;
      terminal.status(`${(bytes / 1e6).toFixed(0)} MB restored, now ${what}`);
      yield piece;
    }
  }
  try {
    await loadRecord(ownerUrl, tables, {
      shape: head,
      rows: async (loadRows) => {
        await readBackup(open(path), {
          rows: (table, pieces) => loadRows(table, told(table, pieces)),
          object: (key, pieces) =>
            objects.put(key, Readable.from(told('large objects', pieces), { objectMode: false })),
        });
      },
    });
  } finally {
    terminal.clearStatus();
  }
}

/** The record and its key file belong together: better to hear it now than from an API that does not start. */
async function tryKeys(url: string, keyFile: string): Promise<void> {
  const store = await Store.open({ url, pool: 2, applicationName: 'drover-restore' });
  try {
    (await Keyring.open(store, { keyFile })).close();
  } finally {
    await store.close();
  }
}

async function tellWhatIsLeft(
  { head, settings, keys, end }: CheckedBackup,
  options: RestoreOptions,
  keyFile: string,
): Promise<void> {
  if (keys === null)
    await terminal.say(
      `Without the keys no token, login or stored secret of before opens, and no API starts: put the key file of that installation at ${keyFile}, or make new keys with \`drover keys reset --yes\`: then logins end and stored secrets are lost.`,
    );
  if (!head.objects)
    await terminal.say(
      'The backup has no large objects: where the store of before is not there any more, artifacts answer that they are not stored.',
    );
  if (end.missing.count > 0) await terminal.say(`${end.missing.count} large objects were gone when it was made.`);
  const now = settingsThatAreSet(DIALECTS);
  const before = { plain: parsedSettings(settings), secret: keys?.settings ?? {} };
  const differ = (['plain', 'secret'] as const).flatMap((kind) =>
    Object.keys(before[kind]).filter((name) => !PLACES.test(name) && now[kind][name] !== before[kind][name]),
  );
  if (options.settings !== undefined) {
    const folder = await ensureFolder(options.settings);
    await writeFile(join(folder, 'drover.env'), settings, { mode: 0o600, flag: 'wx' });
    if (keys !== null)
      await writeFile(join(folder, 'secrets.env'), settingsText(keys.settings), { mode: 0o600, flag: 'wx' });
    await terminal.say(`The settings of the backup are in ${folder}; look through them before you use them.`);
  } else if (differ.length > 0)
    await terminal.say(
      `Settings that were others there: ${differ.join(', ')} (--settings FOLDER writes them to files).`,
    );
}

/** Names and values of lines as `settingsText` writes them. */
function parsedSettings(text: string): Record<string, string> {
  const lines = text.matchAll(/^(\w+)=(?:'((?:[^']|'\\'')*)'|(.*))$/gm);
  return Object.fromEntries(
    [...lines].map(([, name = '', quoted, bare]) => [name, quoted?.replaceAll(`'\\''`, "'") ?? bare ?? '']),
  );
}
