import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runningPostgres } from '@drover/embedded';
import { expectEventually } from '../support/expect-eventually.js';
import { NpmStart } from '../support/npm-start.js';
import { freePorts } from '../support/ports.js';
import { CONTRACTED_BY_NEWER, execute } from '../support/postgres.js';
import { processesWith, type SeenProcess } from '../support/processes.js';
import { copyTree } from '../support/tree-copy.js';

interface JobView {
  id: string;
  name: string;
  state: string;
}

let tree: string;
let port: number;
const started: NpmStart[] = [];

beforeAll(async () => {
  tree = copyTree('link');
  [port = 0] = await freePorts(1);
});

afterEach(async () => {
  for (const start of started.splice(0)) {
    if (start.running) start.child.kill('SIGTERM');
    await start.exited;
  }
  await expectEventually(() => expect(processesWith(tree)).toEqual([]), {
    withinMs: 30_000,
    what: 'The end of every process',
  });
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** `npm start` in the copy; its data folder is the default one unless `env` says otherwise. */
function npmStart(env: Record<string, string> = {}, command?: string[]): NpmStart {
  const start = new NpmStart({ tree, env: { DROVER_PORT: String(port), ...env }, command });
  started.push(start);
  return start;
}

async function jobs(at = port): Promise<JobView[]> {
  const answer = await fetch(`http://127.0.0.1:${at}/api/v1/jobs?limit=1000`, { signal: AbortSignal.timeout(5_000) });
  return ((await answer.json()) as { jobs?: JobView[]; items?: JobView[] }).jobs ?? [];
}

async function runJob(at = port): Promise<void> {
  const submitted = await fetch(`http://127.0.0.1:${at}/api/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ command: 'true' }),
    signal: AbortSignal.timeout(5_000),
  });
  const { id } = (await submitted.json()) as JobView;
  await expectEventually(
    async () => {
      const job = (await (
        await fetch(`http://127.0.0.1:${at}/api/v1/jobs/${id}`, { signal: AbortSignal.timeout(5_000) })
      ).json()) as JobView;
      expect(job.state).toBe('succeeded');
    },
    { withinMs: 30_000 },
  );
}

/** A batch of 100 and 30 single submits beside it: their tickets go out many at a time. */
async function runManyAtOnce(): Promise<void> {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/jobs${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    expect(answer.status).toBe(201);
    return answer.json();
  };
  const job = { command: 'true', tags: ['many'] };
  await Promise.all([
    post('/batch', { jobs: Array.from({ length: 100 }, () => job) }),
    ...Array.from({ length: 30 }, () => post('', job)),
  ]);
  await expectEventually(
    async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/jobs?tag=many&state=succeeded&limit=200`, {
        signal: AbortSignal.timeout(5_000),
      });
      expect(((await answer.json()) as { jobs: JobView[] }).jobs).toHaveLength(130);
    },
    { withinMs: 90_000, what: 'The end of 130 jobs' },
  );
}

function program(name: 'api' | 'worker'): SeenProcess | undefined {
  return processesWith(join(tree, `dist/apps/${name}/src/main.js`)).find(({ command }) =>
    command.endsWith(`dist/apps/${name}/src/main.js`),
  );
}

// Generous: on a loaded machine each of these starts and stops four programs several times.
describe('npm start', { timeout: 300_000 }, () => {
  it('runs a first job in front of the user and what comes in batches or at once, says where everything is, and Ctrl-C leaves no process behind', async () => {
    const start = npmStart();
    await start.says('Press Ctrl-C to stop.');
    // The copy came with its build.
    expect(start.output).not.toContain('Building');
    expect(start.output).toMatch(/Hello from .*\n(.*\n)*.*Line 3 of 3/);
    for (const path of ['/ui/', '/api/v1/jobs', '/docs', '/metrics'])
      expect(start.output).toContain(`http://127.0.0.1:${port}${path}`);
    for (const path of ['/readyz', '/ui/', '/docs', '/metrics'])
      expect((await fetch(`http://127.0.0.1:${port}${path}`)).status, path).toBe(200);
    await runManyAtOnce();
    start.ctrlC();
    expect(await start.exited).toBe('in order');
    expect(processesWith(tree)).toEqual([]);
  });

  it('finds its data again, refuses a second start over them, and stops at SIGTERM to npm alone', async () => {
    const start = npmStart();
    await start.says('Press Ctrl-C to stop.');
    // The record holds the first job of the first start: no second one is run.
    expect((await jobs()).filter((job) => job.name === 'first-job')).toHaveLength(1);
    expect(start.output).not.toContain('first job');
    const [other = 0] = await freePorts(1);
    const second = npmStart({ DROVER_PORT: String(other) });
    expect(await second.exited).toBe(1);
    expect(second.output).toMatch(/^drover: The data folder .* is in use by another Drover \(process \d+\)/m);
    const third = npmStart();
    expect(await third.exited).toBe(1);
    expect(third.output).toMatch(
      new RegExp(`^drover: Port ${port} on 127\\.0\\.0\\.1 is taken by another program: .*DROVER_PORT`, 'm'),
    );
    expect(start.running).toBe(true);
    start.child.kill('SIGTERM');
    await start.exited;
    await expectEventually(() => expect(processesWith(tree)).toEqual([]), { withinMs: 30_000 });
  });

  it('goes on with a warning when its first job cannot run, because the queue is paused', async () => {
    const [other = 0] = await freePorts(1);
    const env = { DROVER_PORT: String(other), DROVER_DATA_DIR: join(tree, 'paused') };
    const before = npmStart(env, ['npm', 'start', '--', '--no-first-job']);
    await before.says('Press Ctrl-C to stop.');
    expect((await fetch(`http://127.0.0.1:${other}/api/v1/queues/default/pause`, { method: 'POST' })).status).toBe(200);
    before.ctrlC();
    await before.exited;
    const start = npmStart(env);
    await start.says('Press Ctrl-C to stop.');
    expect(start.output).toMatch(
      /^drover: The first job [0-9a-f-]{36} waits, and the broker goes on: The queue default is paused\. Resume it/m,
    );
    expect((await fetch(`http://127.0.0.1:${other}/api/v1/queues/default/resume`, { method: 'POST' })).status).toBe(
      200,
    );
    await runJob(other);
    expect(start.running).toBe(true);
  });

  it('runs beside another one with its own port and data', async () => {
    const [other = 0] = await freePorts(1);
    const one = npmStart();
    const two = npmStart({
      DROVER_PORT: String(other),
      DROVER_DATA_DIR: join(tree, 'second'),
      DROVER_NODE_NAME: 'second',
      DROVER_QUEUES: 'gpu=1',
    });
    await Promise.all([one.says('Press Ctrl-C to stop.'), two.says('Press Ctrl-C to stop.')]);
    expect(two.output).toContain('queues default,gpu=1');
    expect(await jobs(other)).toHaveLength(1);
    two.ctrlC();
    expect(await two.exited).toBe('in order');
    await runJob();
  });

  it('starts what crashes again: worker, API and database', async () => {
    const start = npmStart({ DROVER_LOG_LEVEL: 'info' }, ['npm', 'start', '--', '--no-first-job']);
    await start.says('Press Ctrl-C to stop.');
    expect(start.output).not.toContain('first job');
    for (const name of ['worker', 'api'] as const) {
      const before = program(name);
      process.kill(before?.pid ?? 0, 'SIGKILL');
      await start.says(`the ${name} ended (SIGKILL); starting it again`);
      await expectEventually(() => expect(program(name)?.pid ?? before?.pid).not.toBe(before?.pid));
    }
    await expectEventually(() => runJob(), { withinMs: 45_000, everyMs: 500 });
    const [postmaster] = processesWith(`-D ${join(tree, '.drover/postgres/data')}`);
    process.kill(postmaster?.pid ?? 0, 'SIGKILL');
    await start.says('the embedded PostgreSQL is back');
    await expectEventually(() => runJob(), { withinMs: 45_000, everyMs: 500 });
  });

  it('leaves nothing behind when it is killed itself', async () => {
    const start = npmStart({}, ['npm', 'start', '--', '--no-first-job']);
    await start.says('Press Ctrl-C to stop.');
    const itself = processesWith(tree).find(
      ({ command }) => command.includes('scripts/start.mjs') && !command.startsWith('npm') && !command.startsWith('sh'),
    );
    process.kill(itself?.pid ?? 0, 'SIGKILL');
    await start.exited;
    await expectEventually(() => expect(processesWith(tree)).toEqual([]), {
      withinMs: 30_000,
      what: 'The end of every process',
    });
  });

  it('says in one line why it cannot start, and ends with a code that is not 0', async () => {
    writeFileSync(join(tree, 'a-file'), '');
    // Each with a data folder of its own: they run beside each other.
    const cases: [Record<string, string>, RegExp][] = [
      [
        { DROVER_DATA_DIR: join(tree, 'a-file') },
        /^drover: The data folder .* cannot be written \(ENOTDIR|EEXIST\): .*DROVER_DATA_DIR.*$/m,
      ],
      [{ DROVER_QUEUES: 'a b' }, /^ {2}DROVER_QUEUES=a b: must be a list of name/m],
      [{ DROVER_HOST: '0.0.0.0' }, /^ {2}DROVER_HOST=0\.0\.0\.0: is reachable from other machines without a login/m],
      [
        { DROVER_DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x', DROVER_DATA_DIR: join(tree, 'unused') },
        /^drover: The database cannot be used \(.*ECONNREFUSED.*\): nothing listens there/m,
      ],
      [{ DROVER_REDIS_URL: 'redis://127.0.0.1:1', DROVER_DATABASE_WAIT: '1' }, /^drover: .*Redis.*127\.0\.0\.1:1/m],
    ];
    const starts = cases.map(([env, line]) => ({ env, line, start: npmStart(env) }));
    for (const { env, line, start } of starts) {
      expect(await start.exited, JSON.stringify(env)).toBe(1);
      expect(start.output).toMatch(line);
      expect(start.output).not.toMatch(/\n\s+at /);
    }
  });

  it('refuses a database from which a newer version has taken something away', async () => {
    const start = npmStart({}, ['npm', 'start', '--', '--no-first-job']);
    await start.says('Press Ctrl-C to stop.');
    await execute(runningPostgres(join(tree, '.drover'))?.ownerUrl ?? '', CONTRACTED_BY_NEWER);
    start.ctrlC();
    await start.exited;
    const again = npmStart();
    expect(await again.exited).toBe(1);
    expect(again.output).toMatch(/^drover: The database was migrated by a newer Drover \(FromTheFuture\)/m);
  });

  it('says that a port is taken before it starts anything', async () => {
    const squatter: Server = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const { port: taken } = squatter.address() as { port: number };
    const start = npmStart({ DROVER_PORT: String(taken), DROVER_DATA_DIR: join(tree, 'never') });
    expect(await start.exited).toBe(1);
    squatter.close();
    expect(start.output).toContain(`Port ${taken} on 127.0.0.1 is taken`);
    expect(existsSync(join(tree, 'never'))).toBe(false);
  });
});
