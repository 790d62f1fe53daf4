import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tablesOfDialects } from '@drover/dialects';
import { migrateTicketStore, TICKET_SCHEMA } from '@drover/queue';
import { grantAccess, migrate } from '@drover/store';
import { expectEventually } from '../support/expect-eventually.js';
import { job, jobIs, log, type JobView } from '../support/flow.js';
import { asLogin, createTestDatabase, dropTestDatabase, execute } from '../support/postgres.js';
import { aboutRelease, releaseBlobs, releaseRecord } from '../support/release.js';
import { Stack } from '../support/stack.js';

const about = aboutRelease();
const { jobs } = about;
/** Rows that this version's migrations write or take, and those of partitions that are made by the day. */
const OTHERWISE = new Set(['migration', 'instance_setting']);
/** For ever: the rows of the fixtures grow old. */
const KEEP = Object.fromEntries(
  ['JOBS', 'EXECUTIONS', 'LOGS', 'ARTIFACTS', 'EVENTS'].map((what) => [`DROVER_RETENTION_${what}`, '0']),
);

let databaseUrl = '';
let stack: Stack;
let counts: Record<string, number> = {};
let left: string[] = [];

async function countRows(): Promise<Record<string, number>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const counted: Record<string, number> = {};
    for (const table of Object.keys(about.rows))
      counted[table] = (await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM "${table}"`)).rows[0]?.n ?? 0;
    return counted;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  databaseUrl = await createTestDatabase({ empty: true });
  const ownerUrl = asLogin(databaseUrl, 'owner');
  await execute(ownerUrl, releaseRecord());
  ({ left } = await migrate(ownerUrl, await tablesOfDialects()));
  counts = await countRows();
  await migrateTicketStore({ backend: 'postgres', url: ownerUrl });
  const logins = { ownerUrl, appUrl: asLogin(databaseUrl, 'app'), ticketsUrl: asLogin(databaseUrl, 'tickets') };
  await grantAccess(logins, TICKET_SCHEMA);
  stack = await Stack.start({ databaseUrl, workers: 0, env: { ...about.environment, ...KEEP } });
  for (const [path, content] of Object.entries(releaseBlobs())) {
    const file = join(stack.dataDir, 'blobs', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.from(content, 'base64'));
  }
}, 240_000);

afterAll(async () => {
  await stack?.stop();
  if (databaseUrl !== '') await dropTestDatabase(databaseUrl);
});

async function get<T>(path: string): Promise<T> {
  const { status, body } = await stack.request('GET', path);
  if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${JSON.stringify(body)}`);
  return body as T;
}

it('keeps every row of release 0.1.0 while it is migrated, and leaves the step for later that takes things away', () => {
  const kept = Object.entries(counts).filter(([table]) => !OTHERWISE.has(table));
  expect(Object.fromEntries(kept)).toEqual(
    Object.fromEntries(Object.entries(about.rows).filter(([table]) => !OTHERWISE.has(table))),
  );
  expect(left).toEqual(['LeaveRelease1790001072000']);
});

it('lists every job, and shows each with its executions, events, logs, artifacts and what explains it', async () => {
  const listed = await get<{ jobs: JobView[] }>('/api/v1/jobs?limit=200');
  expect(listed.jobs.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.values(jobs)));
  for (const id of Object.values(jobs))
    for (const part of ['', '/executions', '/explain', '/artifacts', '/metrics'])
      expect(`${part} ${(await stack.request('GET', `/api/v1/jobs/${id}${part}`)).status}`).toBe(`${part} 200`);
  const states: Record<string, string> = {
    succeeded: 'succeeded',
    failed: 'failed',
    timeout: 'failed',
    signal: 'failed',
    unspawned: 'failed',
    expired: 'expired',
    cancelled: 'cancelled',
  };
  for (const [name, state] of Object.entries(states))
    expect(`${name} ${(await job(stack, jobs[name] ?? '')).state}`).toBe(`${name} ${state}`);
  expect(await job(stack, jobs['failed'] ?? '')).toMatchObject({ cause: 'exit_code', exit_code: 3, attempt: 2 });
});

it('reads output and artifacts of jobs that ran before the upgrade, byte by byte, and finds their lines', async () => {
  const id = jobs['succeeded'] ?? '';
  expect((await log(stack, id)).toString()).toBe('out\nline 1\nline 2\nline 3\n');
  expect((await log(stack, id, 'stderr')).toString()).toBe('err\n');
  expect(await get(`/api/v1/jobs/${id}/logs/verify`)).toMatchObject({ complete: true, verified: true });
  const artifact = await fetch(`${stack.url}/api/v1/jobs/${id}/artifacts/a/file.txt`);
  expect([artifact.status, await artifact.text()]).toEqual([200, 'artifact\n']);
  expect((await log(stack, jobs['stdin'] ?? '')).toString()).toBe('typed\n');
});

it('shows clients of other dialects their data', async () => {
  expect(await get<object>(`/v1/jobs/${about.hpc[0]}`)).toMatchObject({ name: about.hpc[0] });
  expect(await get<object>(`/v1/jobs/${about.hpc[1]}`)).toMatchObject({ name: about.hpc[1], success: true });
  expect(JSON.stringify(await get(`/v1/jobs/${about.flux}/output`))).toContain('flux');
  expect(await get<object>(`/v1/result/${about.lab.done}`)).toMatchObject({ device_info: { ip: '10.0.0.7' } });
  expect(JSON.stringify(await get(`/v1/result/${about.lab.done}/log/output`))).toContain('the log of setup');
  expect(await (await fetch(`${stack.url}/v1/result/${about.lab.done}/artifact`)).text()).toContain(
    'the archive of the lab',
  );
  expect(JSON.stringify(await get('/v1/agents/data'))).toContain('rack-1');
  expect(JSON.stringify(await get(`/tasks/${about.fastlane.task}/jobs/${about.fastlane.job}`))).toContain('done');
  expect(JSON.stringify(await get('/api/v1/alarms'))).toContain(about.alarm);
  expect(JSON.stringify(await get('/api/v1/alarms/history'))).toContain('firing');
  expect(JSON.stringify(await get('/api/v1/profiles'))).toContain('echo out');
  expect(JSON.stringify(await get('/job?job=main'))).toContain('pushed_total');
});

it('runs what waited: due jobs, retries by hand, those of a paused queue, dependents, and each tick of a schedule', async () => {
  await stack.addWorker({ name: 'new', queues: 'default,held,nobody,slow', slots: 8 });
  await jobIs(stack, jobs['queued'] ?? '', 'succeeded', 60_000);
  expect((await log(stack, jobs['queued'] ?? '')).toString()).toBe('at last\n');
  expect((await job(stack, jobs['paused'] ?? '')).state).toBe('queued');
  expect((await stack.request('POST', '/api/v1/queues/held/resume', {})).status).toBeLessThan(300);
  await jobIs(stack, jobs['paused'] ?? '', 'succeeded', 60_000);
  await jobIs(stack, jobs['scheduled'] ?? '', ['succeeded', 'scheduled'], 60_000);
  const seen = async (): Promise<number> =>
    (await get<{ jobs: { parent_id: string | null }[] }>('/api/v1/jobs?limit=200')).jobs.filter(
      (one) => one.parent_id === jobs['cron'],
    ).length;
  const before = await seen();
  await expectEventually(async () => (await seen()) > before, {
    withinMs: 60_000,
    what: 'Another tick of the schedule',
  });
  const again = await stack.request('POST', `/api/v1/jobs/${jobs['failed']}/retry`, {});
  expect(again.status).toBeLessThan(300);
  await jobIs(stack, jobs['failed'] ?? '', ['failed', 'scheduled'], 60_000);
});

it('judges running jobs by the lease of their agent: they wait again and run, one that was being cancelled is', async () => {
  await jobIs(stack, jobs['claimed'] ?? '', 'succeeded', 90_000);
  await jobIs(stack, jobs['cancelling'] ?? '', 'cancelled', 90_000);
  await jobIs(stack, jobs['running'] ?? '', 'running', 90_000);
  const { executions } = await get<{ executions: { epoch: number; cause: string | null; node: string }[] }>(
    `/api/v1/jobs/${jobs['running']}/executions`,
  );
  expect(executions.toSorted((a, b) => a.epoch - b.epoch)).toMatchObject([
    { node: 'left', cause: 'agent_lost' },
    { node: 'new', cause: null },
  ]);
  expect((await stack.request('POST', `/api/v1/jobs/${jobs['running']}/cancel`, {})).status).toBeLessThan(300);
  await jobIs(stack, jobs['running'] ?? '', 'cancelled', 60_000);
});
