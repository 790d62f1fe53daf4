/*
 * Makes the fixtures of a release: a record with rows of every kind, and a recording of the agent protocol, both made
 * by that release at work. `node scripts/release-fixtures.mjs [--from FOLDER] [--out FOLDER]`; FOLDER is a built tree of
 * Drover, by default this one, and the fixtures go to test/fixtures/releases/<its version>.
 */
import { spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { dumpRecord } from './lib/record-dump.mjs';
import { recordingProxy } from './lib/recording-proxy.mjs';
import {
  clientOf,
  ENVIRONMENT,
  fillAccess,
  fillCounters,
  fillJobs,
  fillOpen,
  neighbour,
  until,
} from './lib/release-scenario.mjs';
import { trimRecording } from './lib/trim-recording.mjs';

const PROJECT = resolve(import.meta.dirname, '..');
const { values } = parseArgs({ options: { from: { type: 'string', default: PROJECT }, out: { type: 'string' } } });
const from = resolve(values.from);
const { version } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
const out = resolve(values.out ?? join(PROJECT, 'test/fixtures/releases', version));
const { startEmbeddedPostgres } = await import(join(PROJECT, 'dist/libs/embedded/src/index.js'));

const folder = mkdtempSync(join(tmpdir(), 'drover-release-'));
const children = new Set();

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Runs a program of the release; its output goes to a file of the folder. */
function run(name, argv, env) {
  const log = openSync(join(folder, `${name}.log`), 'a');
  const child = spawn(process.execPath, argv, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = new Promise((done) => child.once('exit', (code) => done(code)));
  children.add(child);
  void ended.then(() => children.delete(child));
  return { child, ended, stop: () => (child.kill('SIGTERM'), ended) };
}

const program = (app) => join(from, 'dist/apps', app, 'src/main.js');

/** Tries of a command: its connection to the database may time out on a machine that is busy. */
const TRIES = 5;

async function cli(args, env, tries = TRIES) {
  const code = await run('cli', [join(from, 'bin/drover.mjs'), ...args], env).ended;
  if (code !== 0 && tries > 1) return cli(args, env, tries - 1);
  if (code !== 0) throw new Error(`drover ${args.join(' ')} ended with ${code}: ${logOf('cli')}`);
}

const logOf = (name) => readFileSync(join(folder, `${name}.log`), 'utf8').slice(-2_000);

async function startApi(env, port) {
  const api = run('api', [program('api')], { ...env, DROVER_PORT: String(port) });
  const url = `http://127.0.0.1:${port}`;
  const ready = async () => {
    if (api.child.exitCode !== null) throw new Error(`The API ended: ${logOf('api')}`);
    return fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
  };
  await until(ready, 'An API that is ready');
  return { ...api, url, ask: clientOf(url) };
}

/** Every file below a folder, by its path there. */
function filesOf(root) {
  return Object.fromEntries(
    readdirSync(root, { recursive: true })
      .map((name) => join(root, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => [relative(root, path), readFileSync(path).toString('base64')]),
  );
}

async function make() {
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'server'), durable: false, superuser: true });
  const besides = await neighbour();
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  try {
    const env = {
      ...ENVIRONMENT,
      DROVER_DATA_DIR: dataDir,
      DROVER_DATABASE_URL: postgres.superuserUrl,
      DROVER_LOG_LEVEL: 'info',
    };
    await cli(['migrate'], env);
    const admin = { id: 'root', key: 'the key of the administrator' };
    await cli(['clients', 'create', admin.id, '--role', 'admin', '--key', admin.key], env);
    const enrolment = 'the enrolment token of the fixtures';
    const login = { DROVER_AUTH: 'oauth2', DROVER_ENROLMENT_TOKEN: enrolment };
    const locked = await startApi({ ...env, ...login }, await freePort());
    const access = await fillAccess(locked.ask, admin, enrolment);
    await locked.stop();

    const api = await startApi(env, await freePort());
    const proxy = await recordingProxy(api.url);
    const workerEnv = {
      ...env,
      DROVER_API_URL: proxy.url,
      DROVER_SLOTS: '4',
      DROVER_QUEUES: 'default,held',
      DROVER_ISOLATION: 'none',
    };
    const recorded = run('worker', [program('worker')], { ...workerEnv, DROVER_NODE_NAME: 'recorded' });
    await until(
      async () => (await api.ask('GET', '/api/v1/agents')).agents.some(({ state }) => state === 'online'),
      'A worker',
    );
    const filled = await fillJobs(api.ask, besides);
    const counters = await fillCounters(api.ask, besides);
    // A job that is cancelled while it runs, a log that goes by the raw route, and the worker's end are recorded, too.
    const { id } = await api.ask('POST', '/api/v1/jobs', { name: 'cancelled', command: 'echo up; sleep 60' });
    await until(async () => (await api.ask('GET', `/api/v1/jobs/${id}`)).state === 'running', 'A job that runs');
    await api.ask('POST', `/api/v1/jobs/${id}/cancel`, {});
    const noise = await api.ask('POST', '/api/v1/jobs', { name: 'noise', command: 'head -c 90000 /dev/urandom' });
    for (const one of [id, noise.id])
      await until(async () => (await api.ask('GET', `/api/v1/jobs/${one}`)).finished_at !== null, `The end of ${one}`);
    await recorded.stop();

    const worker = run('worker', [program('worker')], {
      ...workerEnv,
      DROVER_API_URL: api.url,
      DROVER_NODE_NAME: 'left',
    });
    const open = await fillOpen(api.ask);
    const client = new pg.Client({ connectionString: postgres.superuserUrl });
    await client.connect();
    const { sql, counts } = await dumpRecord(client);
    await client.end();
    const blobs = join(dataDir, 'blobs');
    write('record.sql.gz', gzipSync(sql, { level: 9 }));
    write('agent-protocol.json', JSON.stringify({ version, exchanges: trimRecording(proxy.exchanges) }, null, 1));
    write('blobs.json', JSON.stringify(filesOf(blobs), null, 1));
    const { jobs, ...dialects } = filled;
    const about = {
      version,
      environment: ENVIRONMENT,
      rows: counts,
      access,
      ...dialects,
      ...counters,
      jobs: { ...jobs, ...open },
    };
    write('about.json', JSON.stringify(about, null, 1));
    worker.child.kill('SIGKILL');
    await proxy.close();
    await api.stop();
    const bare = Object.entries(counts).filter(([, rows]) => rows === 0);
    process.stdout.write(`Tables without a row: ${bare.map(([table]) => table).join(', ') || 'none'}\n`);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    besides.close();
    // The jobs end with their supervisor, a lease after its daemon.
    await wait(500);
    await postgres.stop();
  }
}

function write(name, content) {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, name), content);
  process.stdout.write(`${join(relative(process.cwd(), out), name)}: ${content.length} bytes\n`);
}

try {
  await make();
  rmSync(folder, { recursive: true, force: true });
} catch (error) {
  process.stderr.write(`${error.stack ?? error}\nThe logs are in ${folder}.\n`);
  process.exit(1);
}
