import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { program, PROJECT } from '../support/built.js';
import { createTestDatabase, dropTestDatabase, execute } from '../support/postgres.js';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

let url: string;
let dataDir: string;

beforeEach(async () => {
  url = await createTestDatabase({ empty: true });
  dataDir = mkdtempSync(join(tmpdir(), 'drover-migrate-'));
});

afterEach(async () => {
  await dropTestDatabase(url);
  rmSync(dataDir, { recursive: true, force: true });
});

function drover(args: string[], env: Record<string, string> = { DROVER_DATABASE_URL: url }): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program('cli'), ...args],
      { cwd: PROJECT, env: { PATH: process.env['PATH'], DROVER_DATA_DIR: dataDir, ...env }, timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
  });
}

describe('drover migrate', () => {
  it('makes the schema once, however many run at the same time', async () => {
    const ended = await Promise.all(Array.from({ length: 4 }, () => drover(['migrate'])));
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(ended.map(() => ({ code: 0, stderr: '' })));
    expect(ended.filter(({ stdout }) => stdout.startsWith('Applied ')).length).toBe(1);
    expect(ended.filter(({ stdout }) => stdout === 'The schema is up to date.\n').length).toBe(3);
  });

  it('refuses a database of a newer version in one line', async () => {
    await drover(['migrate']);
    await execute(url, `INSERT INTO migration (timestamp, name) VALUES (9999999999999, 'FromTheFuture')`);
    const { code, stderr } = await drover(['migrate']);
    expect(code).toBe(125);
    expect(stderr).toMatch(/^drover: The database was migrated by a newer Drover \(FromTheFuture\)[^\n]*\n$/);
  });

  it('changes nothing that is there when told to make new schemas only', async () => {
    expect((await drover(['migrate', '--only-new'])).code).toBe(0);
    await execute(url, 'DELETE FROM migration');
    const { code, stderr } = await drover(['migrate', '--only-new']);
    expect(code).toBe(125);
    expect(stderr).toMatch(/^drover: The database schema is \d+ migration\(s\) behind this Drover\. Run `drover migrate`\.\n$/);
  });

  it('works on the embedded Postgres where no database is named', async () => {
    expect((await drover(['migrate'], {})).stdout).toMatch(/^Applied /);
    expect((await drover(['migrate'], {})).stdout).toBe('The schema is up to date.\n');
  });
});

describe('drover doctor', () => {
  it('finds nothing wrong with a database that is migrated', async () => {
    await drover(['migrate']);
    const { code, stdout } = await drover(['doctor', '--output', 'json'], { DROVER_DATABASE_URL: url, DROVER_PORT: '1' });
    const results = JSON.parse(stdout) as { name: string; state: string; detail: string }[];
    expect(results.filter(({ state }) => state === 'bad').map(({ name }) => name)).toEqual(process.getuid?.() === 0 ? [] : ['API']);
    expect(results.find(({ name }) => name === 'database')?.detail).toMatch(/PostgreSQL 18.*schema up to date/);
    expect(code).toBe(process.getuid?.() === 0 ? 0 : 1);
  });

  it('names each problem with its remedy and ends with 1', async () => {
    const { code, stdout } = await drover(['doctor'], {
      DROVER_DATABASE_URL: url,
      DROVER_REDIS_URL: 'redis://127.0.0.1:1',
      DROVER_DOCKER_SOCKET: join(dataDir, 'no.sock'),
      DROVER_SLOT: '3',
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/BAD +database +The database schema is \d+ migration\(s\) behind/);
    expect(stdout).toMatch(/BAD +tickets .*127\.0\.0\.1:1/);
    expect(stdout).toMatch(/BAD +containers .*no\.sock: .*DROVER_DOCKER_SOCKET/);
    expect(stdout).toMatch(/note +environment .*DROVER_SLOT \(DROVER_SLOTS meant\?\)/);
  });

  it('reports an environment it cannot read instead of the rest', async () => {
    const { code, stdout } = await drover(['doctor'], { DROVER_PORT: 'none' });
    expect(code).toBe(1);
    expect(stdout).toContain('DROVER_PORT=none: must be a whole number');
    expect(stdout).not.toContain('database');
  });
});
