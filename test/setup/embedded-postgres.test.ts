import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runningPostgresUrl, startEmbeddedPostgres, type EmbeddedPostgres } from '@drover/embedded';
import { expectEventually } from '../support/expect-eventually.js';
import { processesWith } from '../support/processes.js';

const root = process.getuid?.() === 0;
let dataDir: string;
/** A data folder after a first start and stop: making one costs a second of processor time. */
let used: string;
const started: EmbeddedPostgres[] = [];

beforeAll(async () => {
  used = mkdtempSync(join(tmpdir(), 'drover-pg-used-'));
  await (await startEmbeddedPostgres({ dataDir: used, durable: false })).stop();
});

afterAll(() => rmSync(used, { recursive: true, force: true }));

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'drover-pg-'));
  cpSync(used, dataDir, { recursive: true });
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((postgres) => postgres.stop()));
  const relocated = join(dataDir, 'postgres', 'relocated');
  if (existsSync(relocated)) rmSync(readFileSync(relocated, 'utf8'), { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(options: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, durable: false, ...options });
  started.push(postgres);
  return postgres;
}

async function query<T>(url: string, text: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows as T[];
  } finally {
    await client.end();
  }
}

describe('the embedded Postgres', () => {
  it('keeps its port over restarts, and takes another one only while somebody else has it', async () => {
    const first = await start();
    await first.stop();
    const second = await start();
    expect(second.port).toBe(first.port);
    await second.stop();
    const squatter: Server = createServer();
    await new Promise<void>((resolve) => squatter.listen(first.port, '127.0.0.1', resolve));
    try {
      const third = await start();
      expect(third.port).not.toBe(first.port);
      expect(await query(third.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    } finally {
      await new Promise((resolve) => squatter.close(resolve));
    }
  });

  it('starts, keeps what was written over a stop, and leaves no process and no url behind', async () => {
    const first = await start({ durable: true });
    expect(await query(first.url, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
    expect(await query(first.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 7 AS n');
    expect(runningPostgresUrl(dataDir)).toBe(first.url);
    for (const file of ['roles.json', 'urls.json'])
      expect(statSync(join(dataDir, 'postgres', file)).mode & 0o077).toBe(0);
    await first.stop();
    expect(processesWith(dataDir)).toEqual([]);
    expect(runningPostgresUrl(dataDir)).toBeNull();
    const second = await start();
    expect(await query(second.ownerUrl, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('recovers everything committed after its postmaster was killed', async () => {
    const exits: string[] = [];
    const first = await start({ durable: true, onExit: (reason) => exits.push(reason) });
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 8 AS n');
    process.kill(first.pid, 'SIGKILL');
    await expectEventually(() => expect(exits).toEqual([expect.stringContaining('SIGKILL')]));
    const second = await start();
    expect(await query(second.ownerUrl, 'SELECT n FROM kept')).toEqual([{ n: 8 }]);
  });

  it('starts over the pid file of a process that is another program now', async () => {
    const first = await start();
    const cluster = join(dataDir, 'postgres', 'data');
    const pidFile = readFileSync(join(cluster, 'postmaster.pid'), 'utf8');
    await first.stop();
    writeFileSync(join(cluster, 'postmaster.pid'), pidFile.replace(/^\d+/, String(process.pid)), { mode: 0o600 });
    const second = await start();
    expect(await query(second.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('lets nobody in without the password', async () => {
    const { url } = await start();
    await expect(query(url.replace(/:[0-9a-f]{48}@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(
      /password authentication failed/,
    );
  });

  it('refuses a data folder another one uses, naming the process', async () => {
    await start();
    await expect(start()).rejects.toThrow(
      new RegExp(`in use by another Drover \\(process ${process.pid}\\): .*DROVER_DATA_DIR`),
    );
  });

  it('takes over the lock of a process that is gone', async () => {
    writeFileSync(join(dataDir, 'postgres', 'lock'), JSON.stringify({ pid: process.pid, birth: 'another-boot:1' }));
    expect(await query((await start()).url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('refuses data of another major version and leaves them alone', async () => {
    await (await start()).stop();
    const version = join(dataDir, 'postgres', 'data', 'PG_VERSION');
    writeFileSync(version, '14\n');
    await expect(start()).rejects.toThrow(/made by PostgreSQL 14, this Drover brings PostgreSQL 18/);
    writeFileSync(version, '18\n');
    await start();
  });

  it('refuses a folder that cannot be made, in one line', async () => {
    writeFileSync(join(dataDir, 'file'), '');
    await expect(startEmbeddedPostgres({ dataDir: join(dataDir, 'file') })).rejects.toThrow(
      /^The data folder .*cannot be written \(\w+\): .*DROVER_DATA_DIR[^\n]*$/,
    );
  });

  it('says that a port is taken', async () => {
    const squatter: Server = createServer();
    const port = await new Promise<number>((resolve) => {
      squatter.listen(0, '127.0.0.1', () => resolve((squatter.address() as { port: number }).port));
    });
    try {
      await expect(start({ port })).rejects.toThrow(`Port ${port} is taken`);
    } finally {
      squatter.close();
    }
  });

  it('finishes a first start that was interrupted half way', async () => {
    rmSync(join(dataDir, 'postgres'), { recursive: true });
    mkdirSync(join(dataDir, 'postgres', 'draft-1', 'base'), { recursive: true });
    expect(await query((await start()).url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it.runIf(root)(
    'runs as root in a user namespace, and moves its data to an unprivileged account where that is refused',
    async () => {
      const first = await start({ runAs: 'namespace' });
      expect(first.runAs).toBe('namespace');
      await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 9 AS n');
      await first.stop();
      const second = await start({ runAs: 'account' });
      expect(second.runAs).toBe('account');
      expect(statSync(`/proc/${second.pid}`).uid).not.toBe(0);
      expect(await query(second.ownerUrl, 'SELECT n FROM kept')).toEqual([{ n: 9 }]);
      await second.stop();
      const third = await start();
      expect(third.runAs).toBe('account');
      expect(await query(third.ownerUrl, 'SELECT n FROM kept')).toEqual([{ n: 9 }]);
    },
  );
});
