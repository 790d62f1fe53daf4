import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.js';
import { program, PROJECT } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { CONTRACTED_BY_NEWER, createTestDatabase, dropTestDatabase, execute } from '../support/postgres.js';

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

  it('takes a database that a newer version has only added to', async () => {
    await drover(['migrate']);
    await execute(url, `INSERT INTO migration (timestamp, name) VALUES (9999999999999, 'FromTheFuture')`);
    expect(await drover(['migrate', '--finish'])).toEqual({
      code: 0,
      stdout: 'The schema is up to date.\n',
      stderr: '',
    });
  });

  it('refuses a database from which a newer version has taken something away in one line', async () => {
    await drover(['migrate']);
    await execute(url, CONTRACTED_BY_NEWER);
    const { code, stderr } = await drover(['migrate', '--finish']);
    expect(code).toBe(125);
    expect(stderr).toMatch(/^drover: The database was migrated by a newer Drover \(FromTheFuture\)[^\n]*\n$/);
  });

  it('changes nothing that is there when told to make new schemas only', async () => {
    expect((await drover(['migrate', '--only-new'])).code).toBe(0);
    await execute(url, 'DELETE FROM migration');
    const { code, stderr } = await drover(['migrate', '--only-new']);
    expect(code).toBe(125);
    expect(stderr).toMatch(
      /^drover: The database schema is \d+ migration\(s\) behind this Drover\. Run `drover migrate`\.\n$/,
    );
  });

  it('works on the embedded Postgres where no database is named', async () => {
    expect((await drover(['migrate'], {})).stdout).toMatch(/^Applied /);
    expect((await drover(['migrate'], {})).stdout).toBe('The schema is up to date.\n');
  });
});

describe('drover migrate with a login for each', () => {
  let roles: { owner: string; app: string; tickets: string };
  let env: Record<string, string>;

  beforeEach(async () => {
    const mark = new URL(url).pathname.slice(-8);
    roles = { owner: `owner_${mark}`, app: `app_${mark}`, tickets: `tickets_${mark}` };
    const as = (login: string): string =>
      Object.assign(new URL(url), { username: login, password: `pass'word of ${login}` }).href;
    env = {
      DROVER_MIGRATE_URL: as(roles.owner),
      DROVER_DATABASE_URL: as(roles.app),
      DROVER_TICKETS_URL: as(roles.tickets),
    };
    await execute(url, `CREATE ROLE ${roles.owner} LOGIN CREATEROLE PASSWORD 'pass''word of ${roles.owner}'`);
    await execute(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} OWNER TO ${roles.owner}`);
    await execute(url, 'REVOKE ALL ON SCHEMA public FROM PUBLIC');
  });

  afterEach(async () => {
    await execute(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} OWNER TO CURRENT_USER`);
    for (const role of [roles.tickets, roles.app, roles.owner]) {
      await execute(url, `DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`).catch((error: Error) =>
        expect(error.message).toContain('does not exist'),
      );
    }
  });

  it('makes those of API and workers, with which an API serves and which change no table', async () => {
    const ended = await Promise.all([drover(['migrate'], env), drover(['migrate'], env)]);
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
    for (const login of [env['DROVER_DATABASE_URL'], env['DROVER_TICKETS_URL']])
      await expect(execute(login ?? '', 'CREATE TABLE mine ()')).rejects.toThrow(/permission denied|no schema/);
    const { DROVER_MIGRATE_URL: _, ...ofApi } = env;
    const api = await startApi({ databaseUrl: env['DROVER_DATABASE_URL'] as string, env: ofApi });
    try {
      expect((await fetch(`${api.url}/readyz`)).status).toBe(200);
      const batch = await fetch(`${api.url}/api/v1/jobs/batch`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jobs: Array(100).fill({ command: 'true' }) }),
      });
      expect(batch.status).toBe(201);
      const worker = new Client({ connectionString: env['DROVER_TICKETS_URL'] });
      await worker.connect();
      try {
        await expectEventually(
          async () =>
            expect(
              (await worker.query("SELECT count(*)::int AS n FROM bullmq.job WHERE queue = 'drover-default'")).rows,
            ).toEqual([{ n: 100 }]),
          { what: 'The tickets of a batch' },
        );
      } finally {
        await worker.end();
      }
      const answer = await fetch(`${api.url}/agent/v1/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          name: 'node',
          queues: ['default'],
          slots: 1,
          facts: { hostname: 'node', executors: ['process'] },
          boot_id: 'boot',
        }),
      });
      expect((await answer.json()) as unknown).toMatchObject({
        tickets: { backend: 'postgres', url: env['DROVER_TICKETS_URL'] },
      });
    } finally {
      await api.close();
    }
    const { DROVER_TICKETS_URL: __, ...without } = ofApi;
    const poor = await startApi({ databaseUrl: env['DROVER_DATABASE_URL'] as string, env: without });
    try {
      const answer = await fetch(`${poor.url}/agent/v1/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          name: 'node',
          queues: ['default'],
          slots: 1,
          facts: { hostname: 'node', executors: ['process'] },
          boot_id: 'boot',
        }),
      });
      expect(answer.status, 'a worker never gets the address of the record').toBe(503);
      expect(await answer.text()).toContain('DROVER_TICKETS_URL');
    } finally {
      await poor.close();
    }
  });

  it('names the statement where the owner may make no login', async () => {
    await execute(url, `ALTER ROLE ${roles.owner} NOCREATEROLE`);
    const { code, stderr } = await drover(['migrate'], env);
    expect(code).toBe(125);
    expect(stderr).toMatch(
      new RegExp(`^drover: The database has no login ${roles.app}, .*CREATE ROLE "${roles.app}" LOGIN PASSWORD`),
    );
  });
});

describe('drover doctor', () => {
  it('finds nothing wrong with a database that is migrated', async () => {
    await drover(['migrate']);
    const { code, stdout } = await drover(['doctor', '--output', 'json'], {
      DROVER_DATABASE_URL: url,
      DROVER_PORT: '1',
    });
    const results = JSON.parse(stdout) as { name: string; state: string; detail: string }[];
    expect(results.filter(({ state }) => state === 'bad').map(({ name }) => name)).toEqual(
      process.getuid?.() === 0 ? [] : ['API'],
    );
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
