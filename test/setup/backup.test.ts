import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeBackup } from '@drover/backup';
import { FolderBlobStore } from '@drover/blobs';
import { tablesOfDialects } from '@drover/dialects';
import { assertLoadable, migrate } from '@drover/store';
import { program } from '../support/built.js';
import { drover } from '../support/drover.js';
import { expectEventually } from '../support/expect-eventually.js';
import { asLogin, createTestDatabase, dropTestDatabase, execute } from '../support/postgres.js';

let folder: string;
let urls: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-backup-'));
  urls = [];
});

afterEach(async () => {
  for (const url of urls) await dropTestDatabase(url);
  rmSync(folder, { recursive: true, force: true });
});

async function database(options = {}): Promise<string> {
  const url = await createTestDatabase(options);
  urls.push(url);
  return url;
}

const settings = (url: string, dataDir = 'data'): Record<string, string> => ({
  DROVER_DATABASE_URL: asLogin(url, 'app'),
  DROVER_MIGRATE_URL: asLogin(url, 'owner'),
  DROVER_TICKETS_URL: asLogin(url, 'tickets'),
  DROVER_DATA_DIR: join(folder, dataDir),
});

async function ask(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as unknown[];
  } finally {
    await client.end();
  }
}

describe('a backup', () => {
  it('of an older version is restored by this one, which then brings it to its own schema', async () => {
    const tables = await tablesOfDialects();
    const old = await database({ empty: true });
    const { applied } = await migrate(asLogin(old, 'owner'), tables);
    const before = await database({ empty: true });
    const only = applied.slice(0, -8);
    await migrate(asLogin(before, 'owner'), tables, { only });
    await execute(before, `INSERT INTO queue (name) VALUES ('of-before')`);
    await execute(before, `INSERT INTO instance_setting (key, value) VALUES ('mark', '"\\u00e9\\n"')`);
    await execute(
      before,
      `INSERT INTO event (tx, job_id, queue, type, at) VALUES ('900000000000', gen_random_uuid(), 'q', 'test', now())`,
    );
    const file = join(folder, 'old.drover');
    const { head } = await writeBackup(
      {
        databaseUrl: asLogin(before, 'owner'),
        tables,
        objects: new FolderBlobStore(join(folder, 'blobs')),
        settings: {},
        sealedKeys: null,
      },
      createWriteStream(file, { mode: 0o600 }),
    );
    expect(head.migrations).toEqual(only);
    const target = await database({ empty: true });
    const restored = await drover(['restore', file], settings(target));
    expect(restored.code, restored.stderr).toBe(0);
    expect(restored.stderr).toContain('Without the keys no token, login or stored secret of before opens');
    expect(await ask(target, 'SELECT name FROM queue')).toEqual([{ name: 'of-before' }]);
    expect(await ask(target, `SELECT value FROM instance_setting WHERE key = 'mark'`)).toEqual([{ value: '\u00e9\n' }]);
    expect(await ask(target, 'SELECT count(*)::int AS n FROM migration')).toEqual([{ n: applied.length }]);
    // A position of the server of before would stand before all that comes for years.
    expect(await ask(target, 'SELECT tx::text FROM event')).toEqual([{ tx: '3' }]);
    expect((await drover(['migrate'], settings(target))).stdout).toBe('The schema is up to date.\n');
  });

  it('of tables that this version does not know is refused', async () => {
    const tables = await tablesOfDialects();
    expect(() => assertLoadable(tables, ['FromTheFuture9999999999999'])).toThrow(
      'made by a newer Drover, or by one with other dialects (FromTheFuture9999999999999): restore it with that version',
    );
  });

  it('is not restored where an API serves, and not made without a passphrase or with a key file that opens nothing', async () => {
    const source = await database();
    const file = join(folder, 'a.drover');
    const without = await drover(['backup', file], settings(source));
    expect(without.stderr).toMatch(/^drover: A backup with keys needs a passphrase: set DROVER_BACKUP_PASSPHRASE_FILE/);
    expect(without.code).toBe(125);
    expect((await drover(['backup', file, '--no-keys'], settings(source))).code).toBe(0);
    const env = { ...settings(source), DROVER_BACKUP_PASSPHRASE: 'a passphrase of this test' };
    expect((await drover(['backup', `${file}.keys`], env)).code).toBe(0);
    const other = await drover(['backup', `${file}.other`], { ...env, DROVER_DATA_DIR: join(folder, 'other') });
    expect(other.code).toBe(125);
    expect(other.stderr).toMatch(/^drover: The key file .* is not there; it seals the keys of this record/);
    expect(readdirSync(folder).filter((name) => name.includes('other') || name.endsWith('.part'))).toEqual([]);
    const target = await database({ empty: true });
    const api = new Client({ connectionString: target, application_name: 'drover-api' });
    await api.connect();
    try {
      const refused = await drover(['restore', file], settings(target));
      expect(refused.stderr).toBe('drover: An API serves this database (1 connections): stop it first.\n');
      expect(refused.code).toBe(125);
    } finally {
      await api.end();
    }
  });

  it('that nobody reads on is given up at a signal, and leaves no connection', async () => {
    const source = await database();
    await execute(
      source,
      `INSERT INTO instance_setting (key, value) VALUES ('large', to_jsonb('${randomBytes(2_000_000).toString('hex')}'::text))`,
    );
    const child = spawn(process.execPath, [program('cli'), 'backup', '-', '--no-keys'], {
      env: { PATH: process.env['PATH'], ...settings(source) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    // Some bytes come, and then nobody takes more.
    await new Promise<void>((resolve) => child.stdout.once('readable', () => resolve()));
    child.kill('SIGTERM');
    expect(await ended).toBe(130);
    expect(said).toContain('Interrupted: there is no backup.');
    const open = `SELECT pid FROM pg_stat_activity WHERE application_name = 'drover-backup' AND datname = current_database()`;
    await expectEventually(async () => expect(await ask(source, open)).toEqual([]), {
      what: 'The end of its connection',
    });
  });

  it('of a data folder goes into another one, whether Drover runs there or not', async () => {
    const env = { DROVER_DATA_DIR: join(folder, 'one'), DROVER_BACKUP_PASSPHRASE: 'a passphrase of this test' };
    const file = join(folder, 'all.drover');
    const figures = join(folder, 'drover.prom');
    expect((await drover(['migrate'], env)).code).toBe(0);
    const made = await drover(['backup', file, '--metrics', figures], env);
    expect(made.code, made.stderr).toBe(0);
    expect(readFileSync(figures, 'utf8')).toMatch(/^drover_backup_last_success_timestamp_seconds \d+/m);
    const there = { ...env, DROVER_DATA_DIR: join(folder, 'two') };
    const restored = await drover(['restore', file], there);
    expect(restored).toMatchObject({ code: 0, stderr: '' });
    const key = (name: string): string => readFileSync(join(folder, name, 'instance.key'), 'utf8');
    expect(key('two')).toBe(key('one'));
    const refused = await drover(['restore', file], there);
    expect(refused.stderr).toMatch(/^drover: The database is not empty: the table \w+ has rows/);
    expect(existsSync(join(folder, 'two', 'postgres', 'urls.json'))).toBe(false);
  });
});
