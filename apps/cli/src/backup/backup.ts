import { join } from 'node:path';
import { Writable } from 'node:stream';
import { Keyring, keyFileText } from '@drover/access';
import { openOutput, sealKeys, writeBackup, type Output, type WrittenBackup } from '@drover/backup';
import { createBlobStore } from '@drover/blobs';
import { loadConfig, settingsThatAreSet, type Config } from '@drover/config';
import { DIALECTS, tablesOfDialects } from '@drover/dialects';
import { DroverError } from '@drover/domain';
import { assertSchema, Store } from '@drover/store';
import { EXIT, ExitError } from '../exit.js';
import { withDatabase } from '../migrate/with-database.js';
import { terminal } from '../terminal/terminal.js';
import { onStopSignals } from '../up/signals.js';
import { newPassphrase } from './passphrase.js';
import { writeTextfile } from './textfile.js';

export interface BackupOptions {
  /** Whether the keys of the installation are copied, sealed. */
  keys: boolean;
  /** Whether the large objects are copied. */
  objects: boolean;
  overwrite: boolean;
  /** A file for the textfile collector of Prometheus's node exporter. */
  metrics?: string;
}

const PROGRESS_MS = 200;

/** Writes a backup to a file, or with `-` to standard output. Gives the exit code. */
export async function backup(path: string, options: BackupOptions): Promise<number> {
  const began = Date.now();
  const config = loadConfig(undefined, DIALECTS);
  if (path === '-' && terminal.isTerminal('stdout'))
    throw new DroverError('invalid', 'A backup is no text: name a file, or send standard output elsewhere.');
  const passphrase = options.keys ? await newPassphrase(config) : null;
  const output = path === '-' ? standardOutput() : await openOutput(path, options);
  const stop = (): void =>
    void output.stream.destroy(new ExitError(EXIT.interrupted, 'Interrupted: there is no backup.'));
  const off = onStopSignals(stop, stop);
  try {
    const written = await withDatabase(config, async ({ url }) => {
      const sealedKeys = await checked(url, config, passphrase);
      return writeBackup(
        {
          databaseUrl: url,
          tables: await tablesOfDialects(),
          objects: options.objects ? await createBlobStore(join(config.dataDir, 'blobs'), config.blobs) : null,
          settings: settingsThatAreSet(DIALECTS).plain,
          sealedKeys,
          onProgress: progress(),
        },
        output.stream,
      );
    });
    await output.keep();
    await report(path, written, Date.now() - began);
    if (options.metrics !== undefined) await writeTextfile(options.metrics, written, began);
    return written.end.damaged.count > 0 ? EXIT.damaged : 0;
  } catch (error) {
    await output.discard();
    throw error;
  } finally {
    off();
    terminal.clearStatus();
  }
}

/**
 * Refuses a record of another version, and a key file that does not open it: their backup could not be used. Gives the
 * sealed keys; null without a passphrase.
 */
async function checked(url: string, config: Config, passphrase: string | null): Promise<string | null> {
  const store = await Store.open({ url, pool: 2, applicationName: 'drover-backup' });
  try {
    await assertSchema(store, await tablesOfDialects());
    if (passphrase === null) return null;
    const keyFile = config.access.keyFile ?? join(config.dataDir, 'instance.key');
    (await Keyring.open(store, { keyFile })).close();
    return await sealKeys({ keyFile: keyFileText(keyFile), settings: settingsThatAreSet(DIALECTS).secret }, passphrase);
  } finally {
    await store.close();
  }
}

/** Standard output; what a reader has taken of it cannot be taken back. */
function standardOutput(): Output {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      void terminal
        .log('stdout', chunk, true)
        .then(() => done(terminal.isGone('stdout') ? Object.assign(new Error('EPIPE'), { code: 'EPIPE' }) : null));
    },
  });
  return { stream, keep: () => Promise.resolve(), discard: () => Promise.resolve(terminal.drop('stdout')) };
}

function progress(): (what: string, bytes: number) => void {
  let told = 0;
  return (what, bytes) => {
    if (Date.now() - told < PROGRESS_MS) return;
    told = Date.now();
    terminal.status(`${(bytes / 1e6).toFixed(0)} MB copied, now ${what}`);
  };
}

async function report(path: string, { head, end, unknown, bytes }: WrittenBackup, ms: number): Promise<void> {
  const rows = Object.values(end.rows).reduce((sum, n) => sum + n, 0);
  await terminal.say(
    `${path === '-' ? 'The backup' : path} has the record of ${head.at} (${rows} rows), ` +
      `${head.objects ? `${end.objects.count} large objects` : 'no large objects (--no-objects)'} and ` +
      `${head.keys ? 'the sealed keys' : 'no keys (--no-keys)'}: ${(bytes / 1e6).toFixed(1)} MB in ${(ms / 1000).toFixed(1)} s.`,
  );
  if (unknown.length > 0) await terminal.say(`Tables that are not Drover's are not in it: ${unknown.join(', ')}.`);
  if (end.missing.count > 0)
    await terminal.say(
      `${end.missing.count} large objects were not stored any more; mostly, their jobs were deleted meanwhile. The backup's ${'end.json'} names them.`,
    );
  if (end.damaged.count > 0)
    await terminal.say(
      `${end.damaged.count} large objects have other bytes than were stored, such as ${end.damaged.first[0]}: check the disk. They are in the backup as they are.`,
    );
}
