import { randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drover, type Ended } from '../support/drover.js';
import { expectEventually } from '../support/expect-eventually.js';
import { executions, job, jobIs, sha256, verifyLog } from '../support/flow.js';
import { asLogin, createTestDatabase, dropTestDatabase } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { EventReader } from '../support/sse.js';
import { Stack } from '../support/stack.js';

const PASSPHRASE = 'a passphrase of this test';
const KEY = 'a-key-of-enough-characters';
const LOG_MIB = 160;
const MOST_MB = 250;
const LOGIN = { DROVER_AUTH: 'oauth2', DROVER_ENROLMENT_TOKEN: 'x'.repeat(24), DROVER_LABELS: 'where=here, room=2' };

let folder: string;
let file: string;
let redis: TestRedis[];
let before: Stack;
let after: Stack | undefined;
let target: string;
let dataDir: string;
/** Headers of both stacks: the log-in of before. */
const headers: Record<string, string> = {};
const ids: Record<string, string> = {};
/** Answers of the native API before the backup, by path. */
const answers = new Map<string, unknown>();
let artifact: Buffer;
let logBytes: Buffer;
let made: Ended;
/** The position of a follower of events before the backup. */
let position: string;
/** Accepted before the backup began, and while it was made. */
const accepted = { before: [] as string[], meanwhile: [] as string[] };

const JOBS_COUNTED = 'SELECT sum(jobs)::int AS n FROM project_usage';

async function rows<T>(url: string, text: string, values: unknown[] = []): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as T[];
  } finally {
    await client.end();
  }
}

async function ask(stack: Stack, method: string, path: string, body?: unknown, status = 200): Promise<unknown> {
  const answer = await stack.request(method, path, body);
  if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const submitted = async (stack: Stack, fields: Record<string, unknown>): Promise<string> =>
  ((await ask(stack, 'POST', '/api/v1/jobs', { queue: 'default', ...fields }, 201)) as { id: string }).id;

const bytesOf = async (stack: Stack, path: string): Promise<Buffer> => {
  const answer = await fetch(`${stack.url}${path}`, { headers, signal: AbortSignal.timeout(60_000) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
};

/** A login of the client that was made before the backup. */
async function tokenOf(stack: Stack): Promise<string> {
  const basic = Buffer.from(`ada:${KEY}`).toString('base64');
  const answer = await fetch(`${stack.url}/v1/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    signal: AbortSignal.timeout(30_000),
  });
  return `Bearer ${((await answer.json()) as { access_token: string }).access_token}`;
}

/** Settings of commands that work on the installation of before. */
const there = (): Record<string, string> => ({
  ...LOGIN,
  DROVER_DATABASE_URL: asLogin(before.databaseUrl, 'app'),
  DROVER_DATA_DIR: before.dataDir,
  DROVER_REDIS_URL: redis[0]?.url ?? '',
});

/** Settings of commands that work on an empty installation. */
const elsewhere = (url: string, folderOfData: string): Record<string, string> => ({
  DROVER_DATABASE_URL: asLogin(url, 'app'),
  DROVER_MIGRATE_URL: asLogin(url, 'owner'),
  DROVER_TICKETS_URL: asLogin(url, 'tickets'),
  DROVER_DATA_DIR: folderOfData,
});

/** Jobs in every state that a job can be in, with what they leave behind. */
async function fill(): Promise<void> {
  const large = `head -c 5000000 /dev/urandom > large; echo small > small; echo out; echo err >&2`;
  ids['done'] = await submitted(before, { command: large, artifacts: ['large', 'small'] });
  ids['failed'] = await submitted(before, { command: 'echo no; exit 3' });
  await jobIs(before, ids['done'], 'succeeded');
  await jobIs(before, ids['failed'], 'failed');
  ids['running'] = await submitted(before, {
    command: 'echo on $DROVER_NODE; [ "$DROVER_NODE" = old ] && exec sleep 300; exit 0',
    retry: { max: 0 },
  });
  await jobIs(before, ids['running'], 'running');
  ids['waiting'] = await submitted(before, { command: 'echo waited', priority: 5 });
  ids['depending'] = await submitted(before, { command: 'true', depends_on: [ids['waiting']] });
  ids['later'] = await submitted(before, { command: 'true', start_at: '2099-01-01T00:00:00Z' });
  ids['schedule'] = await submitted(before, { command: 'true', cron: '0 0 29 2 *' });
  ids['cancelled'] = await submitted(before, { command: 'true', queue: 'nobody' });
  await ask(before, 'POST', `/api/v1/jobs/${ids['cancelled']}/cancel`, {});
  await ask(before, 'POST', '/v1/job', { job_queue: 'rack', provision_data: { distro: 'noble' } });
  await ask(before, 'POST', '/tasks/report/', { image: 'busybox:latest', command: 'true' });
  await ask(
    before,
    'POST',
    '/api/v1/alarms',
    { name: 'long', metric: 'job_memory_bytes', command: 'true', operator: '>', threshold: 1 },
    201,
  );
}

/** A log as large as many jobs leave, written as an API writes it. */
async function fillLog(): Promise<void> {
  const client = new Client({ connectionString: before.databaseUrl });
  await client.connect();
  const [execution] = await executions(before, ids['failed'] as string);
  for (let at = 0; at < LOG_MIB; at += 1) {
    await client.query(
      `INSERT INTO log_chunk (execution_id, stream, "offset", length, sequence, at, data) VALUES ($1, 'stdout', $2, 1048576, $3, now(), $4)`,
      [execution?.id, 1_000_000_000 + at * 1_048_576, 1_000_000 + at, randomBytes(1_048_576)],
    );
  }
  await client.end();
}

/** Submits until the backup is made. */
async function submitWhile(backup: Promise<unknown>): Promise<void> {
  let isOver = false;
  void backup.finally(() => {
    isOver = true;
  });
  while (!isOver) accepted.meanwhile.push(await submitted(before, { command: 'true', queue: 'nobody' }));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-backup-test-'));
  file = join(folder, 'all.drover');
  dataDir = join(folder, 'elsewhere');
  redis = await Promise.all([startRedis(), startRedis()]);
  before = await Stack.start({ redisUrl: redis[0]?.url, workers: [], env: LOGIN, headers });
  target = await createTestDatabase({ empty: true });
  const client = await drover(['clients', 'create', 'ada', '--role', 'admin', '--key', KEY], there());
  if (client.code !== 0) throw new Error(client.stderr);
  headers['authorization'] = await tokenOf(before);
  await before.addWorker({ name: 'old', slots: 1 });
  await fill();
  await fillLog();
  for (let at = 0; at < 20; at += 1)
    accepted.before.push(await submitted(before, { command: 'true', queue: 'nobody' }));
  for (const id of [ids['done'], ids['failed'], ids['cancelled'], ids['schedule']])
    answers.set(`/api/v1/jobs/${id}`, await ask(before, 'GET', `/api/v1/jobs/${id}`));
  artifact = await bytesOf(before, `/api/v1/jobs/${ids['done']}/artifacts/large`);
  logBytes = await bytesOf(before, `/api/v1/jobs/${ids['done']}/logs?stream=stdout`);
  const follower = new EventReader(`${before.url}/api/v1/events?after=0`, headers);
  await expectEventually(() => expect(follower.events.length).toBeGreaterThan(5));
  position = follower.events.at(-1)?.id ?? '';
  await follower.close();
  const backup = drover(['backup', file], { ...there(), DROVER_BACKUP_PASSPHRASE: PASSPHRASE });
  await submitWhile(backup);
  made = await backup;
}, 400_000);

afterAll(async () => {
  await after?.stop();
  await before?.stop();
  await Promise.all((redis ?? []).map((server) => server.stop()));
  if (target) await dropTestDatabase(target);
  rmSync(folder, { recursive: true, force: true });
});

describe('a backup of a broker that serves', () => {
  it(`is one file for its owner alone, made with less than ${MOST_MB} MB of memory, and whole`, async () => {
    expect(made).toMatchObject({ code: 0, stdout: '' });
    expect(made.stderr).toMatch(/has the record of .* 2 large objects and the sealed keys/);
    expect(made.peakMb).toBeLessThan(MOST_MB);
    expect(readdirSync(folder).filter((name) => name.startsWith('all'))).toEqual(['all.drover']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const checked = await drover(['backup', '--check', file], { DROVER_BACKUP_PASSPHRASE: PASSPHRASE });
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    expect(checked.stdout).toMatch(/is whole: .* 2 large objects, keys that open\.\n$/);
    expect(accepted.meanwhile.length).toBeGreaterThan(0);
  });

  it('shows no passphrase and no secret setting, and the other settings as they were', () => {
    const bytes = readFileSync(file);
    expect(bytes.includes(PASSPHRASE)).toBe(false);
    expect(bytes.includes(LOGIN.DROVER_ENROLMENT_TOKEN)).toBe(false);
    expect(bytes.includes(readFileSync(join(before.dataDir, 'instance.key')).subarray(-30))).toBe(false);
    expect(bytes.includes(`DROVER_LABELS='where=here, room=2'`)).toBe(true);
  });

  it('is refused with another passphrase, cut, or with one other byte, and then nothing was written', async () => {
    const env = elsewhere(target, dataDir);
    const wrong = await drover(['restore', file], { ...env, DROVER_BACKUP_PASSPHRASE: `not ${PASSPHRASE}` });
    expect(wrong).toMatchObject({ code: 125, stdout: '' });
    expect(wrong.stderr).toMatch(/^drover: The passphrase does not open the keys of this backup/);
    const cut = join(folder, 'cut');
    copyFileSync(file, cut);
    truncateSync(cut, Math.floor(statSync(file).size * 0.9));
    const altered = join(folder, 'altered');
    copyFileSync(file, altered);
    const fd = openSync(altered, 'r+');
    writeSync(fd, Buffer.alloc(16, 'x'), 0, 16, Math.floor(statSync(file).size * 0.7));
    closeSync(fd);
    for (const bad of [cut, altered]) {
      const refused = await drover(['restore', bad], { ...env, DROVER_BACKUP_PASSPHRASE: PASSPHRASE });
      expect(refused.stderr).toMatch(/^drover: The backup is damaged: .*\n$/);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      rmSync(bad);
    }
    expect(await rows(target, `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace`)).toEqual([]);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('restores elsewhere: data, logs, artifacts, counts, clients and their tokens are those of before', async () => {
    const env = { ...elsewhere(target, dataDir), DROVER_REDIS_URL: redis[1]?.url ?? '' };
    const settings = join(folder, 'settings');
    const restored = await drover(
      ['restore', file, '--settings', settings],
      { ...env, DROVER_BACKUP_PASSPHRASE: PASSPHRASE },
      120_000,
    );
    expect(restored.stderr).toContain('The settings of the backup are in');
    expect(restored).toMatchObject({ code: 0 });
    expect(restored.peakMb).toBeLessThan(MOST_MB);
    expect(readdirSync(settings).sort()).toEqual(['drover.env', 'secrets.env']);
    // Ids of transactions of another server would stand before all that comes for days.
    expect(await rows(target, 'SELECT DISTINCT tx::text FROM event')).toEqual([{ tx: '3' }]);
    const again = await drover(['restore', file], { ...env, DROVER_BACKUP_PASSPHRASE: PASSPHRASE });
    expect(again.code).toBe(125);
    expect(again.stderr).toMatch(/^drover: The database is not empty: the table \w+ has rows\. Restore into an empty/);
    // From here on the installation of before is gone: two of them would do everything twice.
    await before.stop();
    after = await Stack.start({
      databaseUrl: target,
      dataDir,
      redisUrl: redis[1]?.url,
      workers: [{ name: 'new', slots: 4 }],
      env: LOGIN,
      headers,
    });
    for (const [path, answer] of answers) expect(await ask(after, 'GET', path), path).toEqual(answer);
    headers['authorization'] = await tokenOf(after);
    for (const id of accepted.before) expect((await job(after, id)).state).toBe('queued');
    expect(sha256(await bytesOf(after, `/api/v1/jobs/${ids['done']}/artifacts/large`))).toBe(sha256(artifact));
    expect((await bytesOf(after, `/api/v1/jobs/${ids['done']}/logs?stream=stdout`)).equals(logBytes)).toBe(true);
    await expectRest(after);
  }, 240_000);

  it('goes on where it stood: what waits runs, what ran is lost by its lease and runs again', async () => {
    const stack = after as Stack;
    await jobIs(stack, ids['waiting'] as string, 'succeeded', 60_000);
    await jobIs(stack, ids['depending'] as string, 'succeeded', 60_000);
    const ran = await jobIs(stack, ids['running'] as string, 'succeeded', 60_000);
    expect(ran).toMatchObject({ attempt: 1, node: 'new' });
    expect((await executions(stack, ran.id)).map((one) => [one.epoch, one.cause, one.node])).toEqual([
      [1, 'agent_lost', 'old'],
      [2, null, 'new'],
    ]);
    expect((await job(stack, ids['later'] as string)).state).toBe('scheduled');
    expect((await job(stack, ids['schedule'] as string)).state).toBe('scheduled');
    // A tick of the past does not come all at once.
    expect(await rows(target, 'SELECT id FROM job WHERE parent_id IS NOT NULL')).toEqual([]);
    // New numbers go on behind those of before.
    const fresh = await submitted(stack, { command: 'echo new' });
    await jobIs(stack, fresh, 'succeeded');
    const [order] = await rows<{ ok: boolean }>(
      target,
      'SELECT (SELECT min(id) FROM event WHERE job_id = $1) > (SELECT max(id) FROM event WHERE job_id = $2) AS ok',
      [fresh, ids['done']],
    );
    expect(order?.ok).toBe(true);
  });

  it('tells a follower of before that its position is none, and gives it everything that is kept', async () => {
    const stack = after as Stack;
    const stream = new EventReader(`${stack.url}/api/v1/events`, { ...headers, 'last-event-id': position });
    await expectEventually(
      () =>
        expect(stream.events.map(({ data }) => data.job_id)).toEqual(
          expect.arrayContaining([ids['done'], ids['running']]),
        ),
      { withinMs: 30_000 },
    );
    await stream.close();
    expect(stream.events[0]).toMatchObject({ id: '0', event: 'restart' });
    // Its own positions are such as it can go on from.
    const last = stream.events.at(-1)?.id ?? '';
    expect(last).toMatch(/^\d+-\d+-[0-9a-f]{8}$/);
    const fresh = await submitted(stack, { command: 'true', queue: 'nobody' });
    const on = new EventReader(`${stack.url}/api/v1/events`, { ...headers, 'last-event-id': last });
    await expectEventually(() => expect(on.events.map(({ data }) => data.job_id)).toContain(fresh), {
      withinMs: 30_000,
    });
    await on.close();
    expect(on.events.map(({ event }) => event)).not.toContain('restart');
  });
});

/** Rows of dialects, a whole log, and a record whose counts are kept by triggers. */
async function expectRest(stack: Stack): Promise<void> {
  const count = async (table: string): Promise<number> =>
    (await rows<{ n: number }>(target, `SELECT count(*)::int AS n FROM ${table}`))[0]?.n ?? -1;
  expect(await count('task')).toBe(1);
  expect(await count(`alarm_rule WHERE name = 'long'`)).toBe(1);
  expect(await count(`job WHERE dialect = 'testflinger'`)).toBe(1);
  expect(await count('log_chunk WHERE length = 1048576')).toBe(LOG_MIB);
  await verifyLog(stack, ids['done'] as string);
  expect((await rows<{ n: number }>(target, JOBS_COUNTED))[0]?.n).toBe(await count('job'));
}
