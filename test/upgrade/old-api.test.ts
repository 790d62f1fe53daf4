import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NODE_FLAGS } from '@drover/config';
import { program } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { client } from '../support/http.js';
import { freePort } from '../support/ports.js';
import { asLogin, createTestDatabase, dropTestDatabase } from '../support/postgres.js';
import { processesWith } from '../support/processes.js';
import { Program } from '../support/program.js';
import { releaseProblem, releaseTree } from '../support/release.js';

const problem = releaseProblem();
if (problem !== null) process.stderr.write(`A worker with an API of the release before is not tried: ${problem}.\n`);

const READY = { withinMs: 60_000, everyMs: 100 };
const SLOTS = 4;

const folder = mkdtempSync(join(tmpdir(), 'drover-old-api-'));
const runs = join(folder, 'runs');
const programs: Program[] = [];
let databaseUrl = '';
let api: Program;
let http: ReturnType<typeof client>;
let env: Record<string, string>;
let worker: Program;

function start(name: string, argv: string[], more: Record<string, string> = {}): Program {
  const made = new Program({
    name,
    argv: [process.execPath, ...argv],
    env: { ...env, ...more },
    logPath: join(folder, `${name}.log`),
  });
  programs.push(made);
  made.start();
  return made;
}

const isReady = async (): Promise<boolean> => (await http.get('/readyz')).status === 200;
const agent = async (): Promise<{ state: string; last_seen_at: string }> =>
  (await http.get('/api/v1/agents/here')).body;

/** A worker of this version with an API of the release. */
async function startWorker(): Promise<void> {
  worker = start('worker', [...NODE_FLAGS.worker, program('worker')]);
  try {
    await expectEventually(async () => (await agent()).state === 'online', { ...READY, what: 'A worker' });
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${worker.lastLines(25)}`, { cause: error });
  }
}

/** A command that notes each of its runs, then does the rest. */
const counted = (mark: string, rest = 'true'): string => `echo x >> ${runs}/${mark}; ${rest}`;
const runsOf = (mark: string): number => readFileSync(join(runs, mark), 'utf8').length / 2;

async function submit(body: object): Promise<string> {
  const answer = await http.post('/api/v1/jobs', body);
  if (answer.status !== 201) throw new Error(`The job was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

interface Seen {
  state: string;
  cause: string | null;
  exit_code: number | null;
  finished_at: string | null;
}
const job = async (id: string): Promise<Seen> => (await http.get(`/api/v1/jobs/${id}`)).body;
const is = (id: string, state: string): Promise<boolean> =>
  expectEventually(async () => (await job(id)).state === state, { ...READY, what: `Job ${id} as ${state}` });
const ended = (id: string): Promise<Seen> =>
  expectEventually(
    async () => {
      const seen = await job(id);
      if (seen.finished_at === null) throw new Error(`it is ${seen.state}`);
      return seen;
    },
    { ...READY, what: `The end of job ${id}` },
  );
const output = async (id: string, stream = 'stdout'): Promise<Buffer> =>
  Buffer.from(await (await fetch(`${env['DROVER_API_URL']}/api/v1/jobs/${id}/logs?stream=${stream}`)).arrayBuffer());
const executions = async (id: string): Promise<{ cause: string | null; node: string }[]> =>
  (await http.get(`/api/v1/jobs/${id}/executions`)).body.executions;
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  if (problem !== null) return;
  mkdirSync(runs);
  databaseUrl = await createTestDatabase({ empty: true });
  const port = await freePort();
  env = {
    DROVER_DATA_DIR: folder,
    DROVER_ISOLATION: 'none',
    DROVER_JWT_SIGNING_KEY: 'the key that signs tokens of the old API',
    DROVER_SECRETS_KEY: 'the key that seals secrets',
    DROVER_PORT: String(port),
    DROVER_API_URL: `http://127.0.0.1:${port}`,
    DROVER_NODE_NAME: 'here',
    DROVER_SLOTS: String(SLOTS),
    DROVER_DRAIN_TIMEOUT: '60',
    DROVER_DOCKER_SOCKET: join(folder, 'no.sock'),
  };
  http = client(env['DROVER_API_URL'] as string);
  const tree = releaseTree();
  // An API of the release owns its schema.
  const record = { DROVER_DATABASE_URL: asLogin(databaseUrl, 'owner') };
  const migrated = start('migrate', [join(tree, 'bin/drover.mjs'), 'migrate'], record);
  expect(await migrated.exit(), migrated.log()).toMatchObject({ code: 0 });
  api = start('api', [join(tree, 'dist/apps/api/src/main.js')], record);
  await expectEventually(isReady, { ...READY, what: 'An API of the release' });
  await startWorker();
}, 240_000);

afterEach(() => {
  // The worker of each test is that of the one before.
  expect(problem !== null || worker.running).toBe(true);
});

afterAll(async () => {
  await Promise.all(programs.filter((one) => one.running).map((one) => one.stop()));
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

describe.skipIf(problem !== null)('a worker with an API of the release before', () => {
  it('works for it: each job runs once, ends as it should, and none of its output is missing', async () => {
    expect(worker.log()).not.toMatch(/too old/);
    const noise = `head -c 3000000 /dev/urandom | tee ${runs}/noise.bytes`;
    const jobs = {
      lines: { command: counted('lines', 'for n in 1 2 3; do echo out $n; echo err $n >&2; sleep 0.1; done') },
      noise: { command: counted('noise', noise) },
      many: { command: counted('many', 'seq 1 60000') },
      failed: { command: counted('failed', 'exit 3') },
      timeout: { command: counted('timeout', 'sleep 60'), limits: { runtime_s: 1, grace_s: 1 } },
      signal: { command: counted('signal', 'kill -9 $$') },
      unspawned: { command: ['/no/such/program'] },
      stdin: { command: counted('stdin', 'cat; echo $NAME'), stdin: 'typed\n', env: { NAME: 'value' } },
      files: { command: counted('files', 'mkdir a; echo artifact > a/file.txt'), artifacts: ['a/*.txt'] },
      placed: { command: counted('placed'), resources: { cpus_per_task: 1, memory_mb: 16 } },
      cancelled: { command: counted('cancelled', 'echo up; sleep 60') },
    };
    const ids: Record<string, string> = {};
    for (const [name, body] of Object.entries(jobs)) ids[name] = await submit({ name, ...body });
    const batch = Array.from({ length: 40 }, (_, at) => `batch-${at}`);
    const taken = await http.post('/api/v1/jobs/batch', {
      jobs: batch.map((mark) => ({ name: mark, command: counted(mark, `echo ${mark}`) })),
    });
    for (const [at, mark] of batch.entries()) ids[mark] = taken.body.ids[at];
    // No worker here has an engine for it.
    const contained = await submit({ command: 'true', image: 'busybox' });

    const idOf = (name: string): string => ids[name] as string;
    await is(idOf('cancelled'), 'running');
    await http.post(`/api/v1/jobs/${ids['cancelled']}/cancel`, {});
    const ends = {
      ...Object.fromEntries([...Object.keys(jobs), ...batch].map((name) => [name, ['succeeded', null, 0]])),
      failed: ['failed', 'exit_code', 3],
      timeout: ['failed', 'timeout', null],
      signal: ['failed', 'signal', null],
      unspawned: ['failed', 'spawn_error', null],
      cancelled: ['cancelled', 'cancelled', null],
    };
    const seen: Record<string, unknown> = {};
    for (const [name, id] of Object.entries(ids)) {
      const { state, cause, exit_code } = await ended(id);
      seen[name] = [state, cause, exit_code];
    }
    expect(seen).toEqual(ends);
    const spawned = Object.keys(ids).filter((name) => name !== 'unspawned');
    expect(spawned.filter((name) => runsOf(name) !== 1)).toEqual([]);
    for (const id of Object.values(ids)) expect(await executions(id)).toHaveLength(1);

    expect(String(await output(idOf('lines')))).toBe('out 1\nout 2\nout 3\n');
    expect(String(await output(idOf('lines'), 'stderr'))).toBe('err 1\nerr 2\nerr 3\n');
    expect(sha256(await output(idOf('noise')))).toBe(sha256(readFileSync(join(runs, 'noise.bytes'))));
    expect(String(await output(idOf('many'))).split('\n')).toHaveLength(60_001);
    expect(String(await output(idOf('stdin')))).toBe('typed\nvalue\n');
    for (const mark of batch) expect(String(await output(idOf(mark)))).toBe(`${mark}\n`);
    expect((await http.get(`/api/v1/jobs/${ids['files']}/artifacts/a/file.txt`)).body.toString()).toBe('artifact\n');
    expect(await job(contained)).toMatchObject({ state: 'queued' });
    expect(await executions(contained)).toEqual([]);
  });

  it('keeps what runs while that API is away, and hands it to the next worker', async () => {
    const go = join(runs, 'go');
    const rest = `n=0; while [ ! -e ${go} ]; do n=$((n+1)); echo $n; sleep 0.05; done; echo end`;
    const id = await submit({ command: counted('kept', rest) });
    await expectEventually(async () => String(await output(id)).includes('1\n'), READY);
    await api.kill();
    await expectEventually(() => expect(worker.log()).toMatch(/the API is away/), READY);
    api.start();
    await expectEventually(isReady, READY);
    await expectEventually(async () => (await agent()).state === 'online', READY);
    expect(await job(id)).toMatchObject({ state: 'running' });

    worker.signal('SIGUSR2');
    expect(await worker.exit()).toMatchObject({ code: 0 });
    await startWorker();
    writeFileSync(go, '');
    expect(await ended(id)).toMatchObject({ state: 'succeeded' });
    expect(runsOf('kept')).toBe(1);
    expect(await executions(id)).toHaveLength(1);
    const lines = String(await output(id)).split('\n');
    expect(lines.slice(0, -2)).toEqual(lines.slice(0, -2).map((_, at) => String(at + 1)));
    expect(lines.slice(-2)).toEqual(['end', '']);
  });

  it('drains: it takes no more, finishes what it has, and leaves', async () => {
    const go = join(runs, 'leave');
    const id = await submit({ command: counted('last', `until [ -e ${go} ]; do sleep 0.05; done; echo last`) });
    await is(id, 'running');
    worker.signal('SIGTERM');
    await expectEventually(async () => (await agent()).state === 'draining', READY);
    const late = await submit({ command: counted('late', 'echo late') });
    writeFileSync(go, '');
    expect(await worker.exit()).toMatchObject({ code: 0 });
    expect(await job(id)).toMatchObject({ state: 'succeeded' });
    expect(String(await output(id))).toBe('last\n');
    expect(existsSync(join(runs, 'late'))).toBe(false);
    await startWorker();
    expect(await ended(late)).toMatchObject({ state: 'succeeded' });
    expect(runsOf('late')).toBe(1);
  });
});
