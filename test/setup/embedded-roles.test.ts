import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tablesOfDialects } from '@drover/dialects';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@drover/embedded';
import { migrateTicketStore, TICKET_SCHEMA } from '@drover/queue';
import { grantAccess, migrate, samplePartitions, Store } from '@drover/store';
import { expectEventually } from '../support/expect-eventually.js';

let dataDir: string;
let postgres: EmbeddedPostgres;

async function query<T>(url: string, ...texts: string[]): Promise<T[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    let rows: T[] = [];
    for (const text of texts) rows = (await client.query(text)).rows as T[];
    return rows;
  } finally {
    await client.end();
  }
}

const prepare = async ({ ownerUrl, url, ticketsUrl }: EmbeddedPostgres): Promise<void> => {
  await migrate(ownerUrl, await tablesOfDialects());
  await migrateTicketStore({ backend: 'postgres', url: ownerUrl });
  await grantAccess({ ownerUrl, appUrl: url, ticketsUrl }, TICKET_SCHEMA);
};

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'drover-pg-roles-'));
  // As earlier versions left it: everything is the superuser's, who logs in with a password from a file.
  const before = await startEmbeddedPostgres({ dataDir, durable: false, superuser: true });
  const old = before.superuserUrl as string;
  await migrate(old, await tablesOfDialects());
  await migrateTicketStore({ backend: 'postgres', url: old });
  await query(
    old,
    "CREATE TYPE colour AS ENUM ('red')",
    'CREATE VIEW seen AS SELECT 1 AS one',
    'CREATE SEQUENCE counted',
    'CREATE SCHEMA "Other one"',
    'CREATE TABLE "Other one"."T" (id serial PRIMARY KEY, c colour)',
    'CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS $$ SELECT 2 * n $$',
    "INSERT INTO instance_setting (key, value) VALUES ('kept', '7')",
    'CREATE EXTENSION IF NOT EXISTS pg_trgm',
    'DROP OWNED BY drover_app, drover_tickets',
  );
  await before.stop();
  rmSync(join(dataDir, 'postgres/roles.json'));
  for (const file of ['url', 'password']) writeFileSync(join(dataDir, 'postgres', file), 'of an earlier version');
  postgres = await startEmbeddedPostgres({ dataDir, durable: false });
  await prepare(postgres);
}, 120_000);

afterAll(async () => {
  await postgres?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the logins of the embedded Postgres', { timeout: 60_000 }, () => {
  it('get their rights also while somebody else changes those of the same table', async () => {
    const other = new Client({ connectionString: postgres.ownerUrl });
    await other.connect();
    try {
      await other.query('BEGIN');
      await other.query('REVOKE SELECT ON job FROM drover_app');
      const granted = grantAccess(
        { ownerUrl: postgres.ownerUrl, appUrl: postgres.url, ticketsUrl: postgres.ticketsUrl },
        TICKET_SCHEMA,
      );
      const failure = granted.catch((error: unknown) => error);
      await expectEventually(
        async () =>
          (
            await query(
              postgres.ownerUrl,
              "SELECT pid FROM pg_stat_activity WHERE application_name = 'drover-migrate' AND wait_event_type = 'Lock'",
            )
          ).length > 0,
        { withinMs: 20_000, what: 'A grant that waits' },
      );
      await other.query('COMMIT');
      expect(await failure).toBeUndefined();
      expect(await query(postgres.url, 'SELECT count(*)::int AS jobs FROM job')).toEqual([{ jobs: 0 }]);
    } finally {
      await other.end();
    }
  });

  it('own the data of an earlier version at the next start, and let nobody be superuser', async () => {
    expect(await query(postgres.url, "SELECT value FROM instance_setting WHERE key = 'kept'")).toEqual([{ value: 7 }]);
    const owners = await query<{ owner: string }>(
      postgres.ownerUrl,
      `SELECT DISTINCT pg_get_userbyid(owner) AS owner FROM (
         SELECT relowner, relnamespace, oid, 'pg_class'::regclass FROM pg_class UNION ALL SELECT proowner, pronamespace, oid, 'pg_proc'::regclass FROM pg_proc
         UNION ALL SELECT typowner, typnamespace, oid, 'pg_type'::regclass FROM pg_type) o(owner, namespace, id, catalog)
         JOIN pg_namespace n ON n.oid = namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
          AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = catalog AND objid = id AND deptype = 'e')`,
    );
    expect(owners).toEqual([{ owner: 'drover_owner' }]);
    for (const file of ['url', 'password']) expect(existsSync(join(dataDir, 'postgres', file)), file).toBe(false);
    const [superuser] = await query<{ superuser: string }>(
      postgres.ownerUrl,
      'SELECT rolname AS superuser FROM pg_roles WHERE rolsuper',
    );
    expect(superuser).toEqual({ superuser: 'drover' });
    for (const password of ['', 'drover', 'of an earlier version']) {
      const url = new URL(postgres.url);
      [url.username, url.password] = ['drover', password];
      await expect(query(url.href, 'SELECT 1')).rejects.toThrow(
        /no pg_hba\.conf entry|client password must be a string|no encryption/,
      );
    }
  });

  it.each(['url', 'ownerUrl', 'ticketsUrl'] as const)(
    '%s runs no program on the server, reads none of its files and makes no role',
    async (login) => {
      const url = postgres[login];
      for (const text of [
        "COPY (SELECT 1) TO PROGRAM 'cat'",
        "CREATE TEMPORARY TABLE t (l text); COPY t FROM PROGRAM 'id'",
        "COPY pg_catalog.pg_class TO '/tmp/drover-out'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('/')",
        'CREATE ROLE another SUPERUSER',
        'ALTER ROLE current_user SUPERUSER',
        'SET ROLE drover',
        'SET SESSION AUTHORIZATION drover',
        'GRANT pg_execute_server_program TO current_user',
        "SELECT lo_import('/etc/passwd')",
        'SELECT lo_create(0)',
        'SELECT lo_creat(-1)',
        "SELECT lo_from_bytea(0, 'x')",
        'CREATE EXTENSION file_fdw',
        "ALTER SYSTEM SET archive_command = 'id'",
        'SELECT rolpassword FROM pg_authid',
      ])
        await expect(query(url, text), text).rejects.toThrow(
          /permission denied|must be superuser|may not|Only roles with|available|denied|not exist|no schema has been selected/,
        );
      const another = new URL(url);
      another.pathname = '/template1';
      await expect(query(another.href, 'SELECT 1')).rejects.toThrow(/no pg_hba\.conf entry/);
    },
  );

  it('of the API reads and writes rows, and changes no table, function or migration', async () => {
    for (const text of [
      'CREATE TABLE mine (n int)',
      'CREATE TEMPORARY TABLE mine (n int)',
      'DROP TABLE job',
      'ALTER TABLE job ADD COLUMN mine int',
      'TRUNCATE job',
      'CREATE SCHEMA mine',
      'CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
      "INSERT INTO migration (timestamp, name) VALUES (1, 'x')",
      'DELETE FROM migration',
      'DROP SCHEMA bullmq CASCADE',
    ])
      await expect(query(postgres.url, text), text).rejects.toThrow(/permission denied|must be owner/);
    expect(await query(postgres.url, 'UPDATE instance_setting SET value = value RETURNING key')).not.toEqual([]);
  });

  it('of the API makes and drops the days of samples all the same', async () => {
    const store = await Store.open({ url: postgres.url, pool: 2 });
    try {
      const now = Date.UTC(2031, 2, 4, 12);
      expect(await store.tx((sql) => samplePartitions.ensure(sql, now))).toEqual([
        'sample_20310304',
        'sample_20310305',
        'sample_20310306',
        'sample_20310307',
      ]);
      expect(await store.tx((sql) => samplePartitions.ensure(sql, now))).toEqual([]);
      await store.tx((sql) => samplePartitions.dropBefore(sql, Date.UTC(2031, 2, 6)));
      expect(await samplePartitions.list(store.sql)).toEqual(['sample_20310306', 'sample_20310307']);
    } finally {
      await store.close();
    }
  });

  it('of workers sees the ticket store and nothing of the record', async () => {
    for (const text of [
      'SELECT 1 FROM public.job',
      'SELECT 1 FROM public.instance_setting',
      'SELECT public.drop_sample_partition(now()::date)',
      'CREATE TABLE bullmq.mine (n int)',
    ]) {
      await expect(query(postgres.ticketsUrl, text), text).rejects.toThrow(/permission denied/);
    }
    expect(await query(postgres.ticketsUrl, 'SELECT count(*)::int AS n FROM bullmq.job')).toEqual([{ n: 0 }]);
  });

  it.each(['url', 'ticketsUrl'] as const)(
    '%s may call every function of the ticket store, and those that need more than rows are never called',
    async (login) => {
      // An update of BullMQ that adds one is looked at here: the contract tests of libs/queue run with these logins and
      // show that none is needed.
      const functions = await query<{ name: string; allowed: boolean; changes: boolean }>(
        postgres[login],
        `SELECT proname AS name, has_function_privilege(p.oid, 'EXECUTE') AS allowed, prosrc ~* '\\m(create|drop|alter|truncate|grant|copy)\\M\\s+(temp|table|sequence|index|unlogged|schema|function|if)' AS changes
         FROM pg_proc p WHERE pronamespace = 'bullmq'::regnamespace`,
      );
      expect(functions.filter(({ allowed }) => !allowed)).toEqual([]);
      expect(
        functions
          .filter(({ changes }) => changes)
          .map(({ name }) => name)
          .toSorted(),
      ).toEqual(['add_jobs_bulk_unlocked', 'next_job_id', 'obliterate']);
    },
  );

  it('of the API sees which of its statements took longest, and that of workers sees none', async () => {
    const slowest = 'SELECT query FROM monitoring.pg_stat_statements ORDER BY total_exec_time DESC LIMIT 50';
    await query(postgres.url, 'SELECT count(*) FROM job');
    expect(await query(postgres.url, slowest)).toContainEqual({ query: 'SELECT count(*) FROM job' });
    await expect(query(postgres.ticketsUrl, slowest)).rejects.toThrow('permission denied');
  });

  it('stay the same over a restart', async () => {
    const { port, url } = postgres;
    await postgres.stop();
    postgres = await startEmbeddedPostgres({ dataDir, durable: false, port });
    expect(postgres.url).toBe(url);
    expect(await query(url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });
});
