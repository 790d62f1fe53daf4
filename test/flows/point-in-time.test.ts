import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NODE_FLAGS } from '@drover/config';
import { tablesOfDialects } from '@drover/dialects';
import { guard, release, run } from '@drover/embedded';
import { migrateTicketStore } from '@drover/queue';
import { migrate } from '@drover/store';
import { nativeFolder } from '../../libs/embedded/src/binaries.js';
import { chooseRunAs, type RunAs } from '../../libs/embedded/src/run-as.js';
import { startApi, type TestApi } from '../support/api.js';
import { PROJECT, program } from '../support/built.js';
import { blocksOf } from '../support/document.js';
import { drover } from '../support/drover.js';
import { expectEventually } from '../support/expect-eventually.js';
import { client } from '../support/http.js';
import { freePort } from '../support/ports.js';
import { Program } from '../support/program.js';
import { startRedis, type TestRedis } from '../support/redis.js';

const WITHIN = { withinMs: 30_000, everyMs: 50 };
const MOMENT = '2030-01-31 10:17:02.09+00';

const folder = mkdtempSync(join(tmpdir(), 'drover-point-'));
let way: RunAs;
/** The folder of both servers, of the archive and of the base backup. */
let server: string;
let pgPort: number;
let pid: number | undefined;
let redis: TestRedis;
let api: TestApi | undefined;
let worker: Program | undefined;

/** A block of the page with the paths of this test in place of those of a server. */
function ofPage(begins: string, moment = ''): string {
  const block = blocksOf(join(PROJECT, 'docs/backup.md')).find(({ text }) => text.startsWith(begins));
  if (!block) throw new Error(`docs/backup.md has no block that begins with ${begins}.`);
  return block.text
    .replaceAll(/\/usr\/lib\/postgresql\/\d+\/bin/g, join(way.native, 'bin'))
    .replaceAll('/srv/base/2030-01-31', join(server, 'base'))
    .replaceAll('/srv/wal', join(server, 'wal'))
    .replaceAll('/var/lib/postgresql', server)
    .replaceAll(MOMENT, moment);
}

/** Runs lines of a shell as the user of the server. Their output goes to a file, which a server keeps open. */
async function shell(lines: string): Promise<string> {
  const log = join(server, 'log');
  const script = `exec >${log} 2>&1\n${lines}`;
  const ended = await run([...way.prefix, '/bin/sh', '-ec', script], {
    timeoutMs: 60_000,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  });
  const said = readFileSync(log, 'utf8');
  if (ended.code !== 0) throw new Error(`${lines}\nended with ${ended.code}: ${ended.stderr}\n${said}`);
  return said;
}

const pgCtl = (words: string): string => `${join(way.native, 'bin', 'pg_ctl')} ${words}`;

/** Remembers the server of a folder, so that it ends with this process. */
function started(name: string): void {
  pid = Number(readFileSync(join(server, name, 'postmaster.pid'), 'utf8').split('\n')[0]);
  guard(pid, 'INT');
}

async function stop(name: string): Promise<void> {
  if (pid === undefined) return;
  await shell(pgCtl(`-D ${join(server, name)} -m immediate -w stop`));
  release(pid);
  pid = undefined;
}

const urlOf = (user: string, database: string): string => `postgres://${user}@127.0.0.1:${pgPort}/${database}`;

async function connected<T>(url: string, work: (sql: (text: string) => Promise<string>) => Promise<T>): Promise<T> {
  const one = new Client({ connectionString: url });
  one.on('error', () => {});
  await one.connect();
  try {
    return await work(async (text) => {
      const { rows } = await one.query<Record<string, unknown>>(text);
      return String(Object.values(rows[0] ?? {})[0]);
    });
  } finally {
    await one.end();
  }
}
const ask = (text: string, database = 'drover'): Promise<string> =>
  connected(urlOf('postgres', database), (sql) => sql(text));

const serve = async (): Promise<TestApi> =>
  startApi({
    databaseUrl: urlOf('record', 'drover'),
    redisUrl: redis.url,
    env: { DROVER_DATA_DIR: join(folder, 'data') },
  });

async function submit(name: string, command: string): Promise<string> {
  const answer = await client((api as TestApi).url).post('/api/v1/jobs', { name, command });
  if (answer.status !== 201) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

/** The names and states of the jobs, as the command line lists them. */
async function listed(): Promise<Record<string, string>> {
  const answer = await drover(['list', '-o', 'json'], { DROVER_API_URL: (api as TestApi).url });
  expect(answer).toMatchObject({ code: 0, stderr: '' });
  const jobs = JSON.parse(answer.stdout) as { name: string; state: string }[];
  return Object.fromEntries(jobs.map(({ name, state }) => [name, state]));
}

/** Whether the ticket store lacks the ticket of a job that was never retried. */
const withoutTicket = async (id: string): Promise<boolean> =>
  ((await api?.core.tickets.missing('default', [`${id}-1`])) ?? []).length > 0;

function startWorker(): void {
  worker = new Program({
    name: 'worker',
    argv: [process.execPath, ...NODE_FLAGS.worker, program('worker')],
    env: {
      ...{ DROVER_DATA_DIR: join(folder, 'worker'), DROVER_ISOLATION: 'none', DROVER_NODE_NAME: 'here' },
      ...{ DROVER_API_URL: (api as TestApi).url, DROVER_REDIS_URL: redis.url, DROVER_SLOTS: '2' },
    },
    logPath: join(folder, 'worker.log'),
  });
  worker.start();
}

beforeAll(async () => {
  const home = join(folder, 'home');
  mkdirSync(home);
  way = await chooseRunAs(home, nativeFolder());
  server = dirname(way.cluster);
  [pgPort, redis] = await Promise.all([freePort(), startRedis()]);
  const main = join(server, 'main');
  await run([...way.prefix, 'mkdir', '-p', server], { timeoutMs: 10_000 });
  await shell(`
    mkdir ${server}/wal
    ${join(way.native, 'bin', 'initdb')} -D ${main} -U postgres -A trust --no-sync --locale=C --encoding=UTF8
    cat >> ${main}/postgresql.conf <<'CONF'
port = ${pgPort}
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
${ofPage('wal_level')}
CONF
    ${pgCtl(`-D ${main} -w start`)}`);
  started('main');
  await ask('CREATE ROLE record LOGIN', 'postgres');
  await ask('CREATE DATABASE drover OWNER record', 'postgres');
  await migrate(urlOf('record', 'drover'), await tablesOfDialects());
  await migrateTicketStore({ backend: 'postgres', url: urlOf('record', 'drover') });
}, 120_000);

afterAll(async () => {
  await worker?.stop();
  await api?.close();
  await redis?.stop();
  for (const name of ['main', 'recovered']) await stop(name).catch(() => undefined);
  if (server && !server.startsWith(folder)) rmSync(server, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

it('brings the record back to a moment: jobs of before wait and run, those of after it are not there', async () => {
  api = await serve();
  await submit('before-the-base', 'echo first');

  // The programs of a base backup (pg_basebackup) are not among those of the embedded PostgreSQL.
  await connected(urlOf('postgres', 'drover'), async (sql) => {
    await sql("SELECT pg_backup_start('a base', true)");
    await shell(`cp -a ${server}/main ${server}/base; rm -rf ${server}/base/postmaster.* ${server}/base/pg_wal/*`);
    const label = await sql('SELECT labelfile FROM pg_backup_stop()');
    await shell(`cat > ${server}/base/backup_label <<'LABEL'\n${label}LABEL`);
  });

  const kept = await submit('before-the-moment', 'echo second');
  // Else the record of the moment itself says that a ticket is to be sent.
  await expectEventually(async () => (await ask('SELECT count(*) FROM outbox')) === '0', WITHIN);
  const moment = await ask('SELECT clock_timestamp()::text');
  await client(api.url).post(`/api/v1/jobs/${kept}/cancel`, {});
  await expectEventually(async () => expect(await withoutTicket(kept)).toBe(true), WITHIN);
  const later = await submit('after-the-moment', 'echo third');
  expect(await listed()).toEqual({
    'before-the-base': 'queued',
    'before-the-moment': 'cancelled',
    'after-the-moment': 'queued',
  });

  const last = await ask('SELECT pg_walfile_name(pg_switch_wal())');
  await expectEventually(async () => (await ask('SELECT last_archived_wal FROM pg_stat_archiver')) >= last, {
    ...WITHIN,
    what: 'The archive of the last WAL',
  });
  await api.close();
  await stop('main');
  await shell(`rm -rf ${server}/main`);

  await shell(ofPage('cp -a', moment));
  started('recovered');
  await expectEventually(async () => (await ask('SELECT pg_is_in_recovery()')) === 'false', WITHIN);
  expect(readFileSync(join(server, 'log'), 'utf8')).toMatch(
    /LOG: {2}recovery stopping before commit of transaction \d+, time [^]*LOG: {2}archive recovery complete/,
  );

  // Redis has the tickets of the time after it.
  api = await serve();
  await expectEventually(async () => expect(await withoutTicket(kept)).toBe(false), { ...WITHIN, what: 'A ticket' });
  expect(await listed()).toEqual({ 'before-the-base': 'queued', 'before-the-moment': 'queued' });
  const gone = await drover(['get', later], { DROVER_API_URL: api.url });
  expect(gone).toMatchObject({ code: 123, stdout: '' });
  startWorker();
  await expectEventually(
    async () => expect(await listed()).toEqual({ 'before-the-base': 'succeeded', 'before-the-moment': 'succeeded' }),
    WITHIN,
  );
  const said = await drover(['logs', kept], { DROVER_API_URL: api.url });
  expect(said).toMatchObject({ code: 0, stdout: 'second\n' });
}, 120_000);
