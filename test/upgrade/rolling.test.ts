import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { API_ENVIRONMENT, NODE_FLAGS } from '@drover/config';
import { tablesOfDialects } from '@drover/dialects';
import { migrateTicketStore, TICKET_SCHEMA } from '@drover/queue';
import { grantAccess, migrate } from '@drover/store';
import { Balancer } from '../support/balancer.js';
import { program } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { freePorts } from '../support/ports.js';
import { asLogin, createTestDatabase, dropTestDatabase } from '../support/postgres.js';
import { processesWith } from '../support/processes.js';
import { Program } from '../support/program.js';
import { releaseProblem, releaseTree } from '../support/release.js';

const problem = releaseProblem();
if (problem !== null) process.stderr.write(`The rolling upgrade is not tried: ${problem}.\n`);

/** Jobs that run or wait while everything is replaced. */
const JOBS = 200;
const LINES = 20;
const SLOTS = 4;
const READY_MS = 90_000;
const STALL_MS = 90_000;

const folder = mkdtempSync(join(tmpdir(), 'drover-rolling-'));
const runs = join(folder, 'runs');
const programs = new Set<Program>();
let databaseUrl = '';
let ownerUrl = '';
let balancer: Balancer;
let apis: Program[] = [];
let ports: number[] = [];
let workers: Program[] = [];

type Tree = 'release' | 'present';
const KEYS = {
  DROVER_JWT_SIGNING_KEY: 'the key that signs tokens of the rolling upgrade',
  DROVER_SECRETS_KEY: 'the key that seals secrets',
  DROVER_FASTLANE_EXECUTOR: 'process',
};

function entry(tree: Tree, app: 'api' | 'worker'): string[] {
  const path = tree === 'present' ? program(app) : join(releaseTree(), 'dist/apps', app, 'src/main.js');
  return [process.execPath, ...(tree === 'present' ? NODE_FLAGS[app] : []), path];
}

function start(name: string, argv: string[], env: Record<string, string>): Program {
  const common = { DROVER_DATA_DIR: folder, DROVER_ISOLATION: 'none', ...KEYS };
  const made = new Program({ name, argv, env: { ...common, ...env }, logPath: join(folder, `${name}.log`) });
  programs.add(made);
  made.start();
  return made;
}

/** An API of the release owns its schema; one of this version has the logins of production. */
async function startApi(tree: Tree, at: number): Promise<void> {
  const port = ports[at] as number;
  const logins =
    tree === 'release'
      ? { DROVER_DATABASE_URL: ownerUrl }
      : {
          ...API_ENVIRONMENT,
          DROVER_DATABASE_URL: asLogin(databaseUrl, 'app'),
          DROVER_TICKETS_URL: asLogin(databaseUrl, 'tickets'),
        };
  const api = start(`api-${at}-${tree}`, entry(tree, 'api'), { ...logins, DROVER_PORT: String(port) });
  apis[at] = api;
  await ready(api, async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
}

async function startWorker(tree: Tree, at: number): Promise<void> {
  const name = `node-${at}`;
  const worker = start(`${name}-${tree}`, entry(tree, 'worker'), {
    DROVER_API_URL: balancer.url,
    DROVER_NODE_NAME: name,
    DROVER_SLOTS: String(SLOTS),
    DROVER_DRAIN_TIMEOUT: '60',
  });
  workers[at] = worker;
  await ready(worker, async () => (await get<{ state: string }>(`/api/v1/agents/${name}`)).state === 'online');
}

async function ready(made: Program, look: () => Promise<boolean>): Promise<void> {
  try {
    await expectEventually(look, { withinMs: READY_MS, everyMs: 100, what: `Readiness of ${made.name}` });
  } catch (error) {
    throw new Error(`${(error as Error).message}\n--- ${made.logPath}\n${made.lastLines(25)}`, { cause: error });
  }
}

/** One request; a connection that is cut by the end of a replica is made again, as any client would. */
async function ask(method: string, path: string, body?: unknown, key?: string): Promise<Response> {
  for (let tries = 1; ; tries++) {
    try {
      return await fetch(`${balancer.url}${path}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
      });
    } catch (error) {
      if (tries === 20) throw error;
      await rest(100);
    }
  }
}

async function get<T>(path: string): Promise<T> {
  const answer = await ask('GET', path);
  if (!answer.ok) throw new Error(`GET ${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Notes that it ran, then writes lines for about a second. */
const command = (mark: string): string =>
  `echo x >> ${runs}/${mark}; i=0; while [ $i -lt ${LINES} ]; do echo "${mark} $i"; i=$((i+1)); sleep 0.05; done`;
const output = (mark: string): string => Array.from({ length: LINES }, (_, line) => `${mark} ${line}\n`).join('');

const marks = new Map<string, string>();
async function submit(count: number, prefix: string): Promise<void> {
  const names = Array.from({ length: count }, (_, at) => `${prefix}-${at}`);
  const answer = await ask('POST', '/api/v1/jobs/batch', {
    jobs: names.map((mark) => ({ name: mark, queue: 'default', command: command(mark) })),
  });
  if (answer.status !== 201) throw new Error(`The batch was answered ${answer.status}: ${await answer.text()}`);
  const { ids } = (await answer.json()) as { ids: string[] };
  for (const [at, id] of ids.entries()) marks.set(id, names[at] as string);
}

beforeAll(async () => {
  if (problem !== null) return;
  mkdirSync(runs);
  databaseUrl = await createTestDatabase({ empty: true });
  ownerUrl = asLogin(databaseUrl, 'owner');
  const migrated = start('migrate', [process.execPath, join(releaseTree(), 'bin/drover.mjs'), 'migrate'], {
    DROVER_DATABASE_URL: ownerUrl,
  });
  expect(await migrated.exit(), migrated.log()).toMatchObject({ code: 0 });
  ports = await freePorts(2);
  balancer = await Balancer.start(ports);
  await Promise.all([0, 1].map((at) => startApi('release', at)));
  await Promise.all([0, 1].map((at) => startWorker('release', at)));
}, 240_000);

afterAll(async () => {
  if (problem !== null) return;
  await Promise.all([...workers, ...apis].filter((one) => one.running).map((one) => one.stop()));
  await balancer?.stop();
  for (const { pid } of processesWith(folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone by itself.
    }
  }
  if (databaseUrl !== '') await dropTestDatabase(databaseUrl);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

it.skipIf(problem !== null)(
  'replaces two APIs and two workers of the release before under 200 jobs: none lost, none run twice, no byte missing',
  async () => {
    await submit(JOBS, 'before');
    await expectEventually(() => readdirSync(runs).length >= 2 * SLOTS, { withinMs: 60_000, what: 'Jobs that run' });

    // The release serves, and its jobs run, while the schema becomes this version's.
    const tables = await tablesOfDialects();
    const { applied, left } = await migrate(ownerUrl, tables);
    expect(applied.length).toBeGreaterThan(20);
    expect(left).toEqual(['LeaveRelease1790001072000']);
    await migrateTicketStore({ backend: 'postgres', url: ownerUrl });
    const logins = { ownerUrl, appUrl: asLogin(databaseUrl, 'app'), ticketsUrl: asLogin(databaseUrl, 'tickets') };
    await grantAccess(logins, TICKET_SCHEMA);

    await submit(20, 'on-the-new-schema');
    const answers = await Promise.all(
      (
        [
          ['/api/v1/alarms', { name: 'old', target: 'main', metric: 'm', operator: '>', threshold: 1 }],
          ['/v1/jobs', { id: 'of-the-old-api', user: 'alice', nodes: ['n'] }],
          ['/v1/jobs/submit', { command: 'true' }],
          ['/v1/job', { job_queue: 'rack' }],
          ['/tasks/old', { image: 'x', command: 'true' }],
          ['/api/v1/queues/default/resume', {}],
        ] as const
      ).map(async ([path, body]) => {
        const answer = await ask('POST', path, body);
        return { path, taken: answer.ok, answered: `${answer.status}: ${await answer.text()}` };
      }),
    );
    expect(answers.filter(({ taken }) => !taken)).toEqual([]);

    for (const at of [0, 1]) {
      await apis[at]?.stop();
      await startApi('present', at);
      await submit(5, `api-${at}`);
    }
    for (const at of [0, 1]) {
      expect(await workers[at]?.stop(90_000)).toMatchObject({ code: 0 });
      await startWorker('present', at);
      await submit(5, `worker-${at}`);
    }
    // Ids that the old API wrote are found by the present one.
    expect((await ask('GET', '/v1/jobs/of-the-old-api')).status).toBe(200);

    const ended = await allEnded([...marks.keys()]);
    expect(ended.filter(({ state }) => state !== 'succeeded')).toEqual([]);
    const counts = [...marks.values()].map((mark) => readFileSync(join(runs, mark), 'utf8').length / 2);
    expect(counts.filter((count) => count !== 1)).toEqual([]);
    const wrong = [];
    for (const [id, mark] of marks) {
      const { executions } = await get<{ executions: { cause: string | null }[] }>(`/api/v1/jobs/${id}/executions`);
      const text = await (await ask('GET', `/api/v1/jobs/${id}/logs?stream=stdout`)).text();
      if (executions.length !== 1 || text !== output(mark)) wrong.push({ mark, executions, text });
    }
    expect(wrong).toEqual([]);
    process.stderr.write(`Rolling upgrade: ${marks.size} jobs, each run once with ${LINES} lines.\n`);

    const finished = await migrate(ownerUrl, tables, { finish: true });
    expect(finished).toEqual({ applied: ['LeaveRelease1790001072000'], left: [] });
    await submit(1, 'at-the-end');
    expect(await allEnded([...marks.keys()].slice(-1))).toMatchObject([{ state: 'succeeded' }]);
  },
  400_000,
);

interface Ended {
  id: string;
  name: string;
  state: string;
  cause: string | null;
}

/** Waits for the end of jobs; without any progress for a while it fails. */
async function allEnded(ids: readonly string[]): Promise<Ended[]> {
  const ended = new Map<string, Ended>();
  let since = Date.now();
  while (ended.size < ids.length) {
    const before = ended.size;
    for (const id of ids.filter((one) => !ended.has(one))) {
      const job = await get<Ended & { finished_at: string | null }>(`/api/v1/jobs/${id}`);
      if (job.finished_at === null) continue;
      ended.set(id, { id, name: job.name, state: job.state, cause: job.cause });
    }
    if (ended.size > before) since = Date.now();
    if (Date.now() - since > STALL_MS) throw new Error(`${ids.length - ended.size} jobs make no progress.`);
    await rest(200);
  }
  return [...ended.values()];
}
