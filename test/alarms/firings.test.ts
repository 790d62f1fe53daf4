import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAs, type Principal } from '@drover/access';
import { BacktestService } from '@drover/alarms';
import { JWT_KEY, mint, type Claims } from '../access/support.js';
import { scriptedAgent, type ScriptedExecution } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { program } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { FakeNode, jobDesc } from '../support/fake-node.js';
import { client } from '../support/http.js';

const RULE = { name: 'memory', queue: 'default', metric: 'job_memory_bytes', operator: '>', threshold: 100 };

async function sampled(api: TestApi, agent: string, execution: ScriptedExecution, memory: number): Promise<void> {
  const { execution_id, epoch } = execution.claim;
  const sample = {
    at: new Date().toISOString(),
    cpu_percent: 50,
    memory_bytes: memory,
    read_bytes: null,
    write_bytes: null,
    cpu_seconds: null,
    processes: 1,
    gpu_percent: null,
    gpu_memory_bytes: null,
  };
  const report = { execution_id, epoch, kind: 'samples' as const, samples: [sample] };
  const [answer] = await api.core.reports.apply(agent, [report]);
  expect(answer?.status).toBe(200);
}

describe('the firings of alarms', () => {
  let api: TestApi;
  let http: ReturnType<typeof client>;
  let agent: Awaited<ReturnType<typeof scriptedAgent>>;
  beforeAll(async () => {
    api = await startApi({ env: { DROVER_ALARM_PERIOD: '0.2' } });
    http = client(api.url);
    agent = await scriptedAgent(api.core);
  });
  afterAll(() => api.close());

  const running = async (body: object): Promise<{ id: string; execution: ScriptedExecution }> => {
    const { id } = (await http.post('/api/v1/jobs', { command: 'true', ...body })).body;
    return { id, execution: await (await agent.claim(id)).started() };
  };
  const firings = async (query: string): Promise<Record<string, unknown>[]> =>
    (await http.get(`/api/v1/alarms/firings${query}`)).body.firings;
  const fires = (id: string, job: string): Promise<unknown> =>
    expectEventually(async () =>
      expect(await firings(`?alarm=${id}&entry=${job}`)).toEqual([
        expect.objectContaining({ alarm_id: id, entry: job, ended_at: null }),
      ]),
    );
  const endsBy = (id: string, job: string, reason: string): Promise<unknown> =>
    expectEventually(async () =>
      expect((await firings(`?alarm=${id}&entry=${job}`))[0]).toMatchObject({
        ended_by: reason,
        ended_at: expect.any(String),
      }),
    );

  it('say when, on which job, how it ended and why; an alarm says when it fired last', async () => {
    const alarm = (await http.post('/api/v1/alarms', RULE)).body;
    expect(alarm).toMatchObject({ last_fired_at: null });
    const { id, execution } = await running({ name: 'greedy' });
    await sampled(api, agent.agent.id, execution, 500);
    await fires(alarm.id, id);
    expect((await firings(`?alarm=${alarm.id}`))[0]).toMatchObject({
      name: 'memory',
      job_name: 'greedy',
      job_state: 'running',
      value: 500,
      silenced: false,
      ended_by: null,
    });
    expect((await http.get(`/api/v1/alarms/${alarm.id}`)).body.last_fired_at).not.toBeNull();
    expect((await http.get('/api/v1/alarms')).body.alarms[0].last_fired_at).not.toBeNull();
    await sampled(api, agent.agent.id, execution, 50);
    await endsBy(alarm.id, id, 'cleared');
    await sampled(api, agent.agent.id, execution, 700);
    await expectEventually(async () => expect((await firings('?limit=1'))[0]).toMatchObject({ value: 700 }));
    await execution.ended();
    await endsBy(alarm.id, id, 'gone');
    const page = (await http.get('/api/v1/alarms/firings?limit=1')).body;
    const second = (await http.get(`/api/v1/alarms/firings?limit=1&cursor=${page.next}`)).body;
    expect([page.firings[0].value, second.firings[0].value, second.next]).toEqual([700, 500, null]);

    const other = await running({});
    await sampled(api, agent.agent.id, other.execution, 500);
    await fires(alarm.id, other.id);
    await http.request('PUT', `/api/v1/alarms/${alarm.id}`, { ...RULE, enabled: false });
    await endsBy(alarm.id, other.id, 'changed');
    await http.request('PUT', `/api/v1/alarms/${alarm.id}`, RULE);
    await expectEventually(async () => expect(await firings(`?entry=${other.id}`)).toHaveLength(2));
    await http.delete(`/api/v1/alarms/${alarm.id}`);
    await endsBy(alarm.id, other.id, 'deleted');
    await other.execution.ended();
  });

  it('are known to be silent, and until when', async () => {
    const alarm = (await http.post('/api/v1/alarms', RULE)).body;
    const { id, execution } = await running({ name: 'quiet one' });
    const silence = async (ends_at: string): Promise<void> => {
      const matchers = [{ name: 'queue', value: 'default' }];
      expect((await http.post('/api/v1/alarms/silences', { matchers, ends_at })).status).toBe(201);
    };
    await silence('2099-01-01T00:00:00.000Z');
    await silence('2098-01-01T00:00:00.000Z');
    await sampled(api, agent.agent.id, execution, 500);
    await fires(alarm.id, id);
    expect((await firings(`?alarm=${alarm.id}`))[0]).toMatchObject({ silenced: true });
    const state = { job_name: 'quiet one', silenced_until: '2099-01-01T00:00:00.000Z' };
    expect((await http.get('/api/v1/alarms/active')).body.states).toEqual([expect.objectContaining(state)]);
    expect((await http.get('/api/v1/overview')).body.needs.alarms).toEqual([expect.objectContaining(state)]);
    await http.delete(`/api/v1/alarms/${alarm.id}`);
    await execution.ended();
  });

  it('are in the command line, with alarms and silences', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'drover-alarms-'));
    const file = join(folder, 'rule.json');
    writeFileSync(file, JSON.stringify({ ...RULE, name: 'from a file' }));
    const env = { PATH: process.env['PATH'], HOME: folder, DROVER_API_URL: api.url };
    const drover = async (...args: string[]): Promise<string> =>
      (await promisify(execFile)(process.execPath, [program('cli'), 'alarms', ...args], { env })).stdout.trim();
    try {
      const id = await drover('add', file, '-o', 'quiet');
      const { id: job, execution } = await running({});
      await sampled(api, agent.agent.id, execution, 500);
      await fires(id, job);
      expect(await drover()).toMatch(/from a file.*firing.*queue default.*job_memory_bytes > 100/);
      expect(await drover('active')).toContain(job);
      expect(await drover('history', '--alarm', id)).toContain(job);
      const silence = await drover('silence', 'from a*', '--for', '1h', '--comment', 'known', '-o', 'quiet');
      expect(await drover('silences')).toMatch(/alertname=~from a\*.*known/);
      await drover('unsilence', silence);
      expect(await drover('silences', '-o', 'quiet')).not.toContain(silence);
      await drover('remove', id);
      expect(await drover('list', '-o', 'quiet')).not.toContain(id);
      await execution.ended();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are told of a job of metric clients whose name is nearly an id', async () => {
    const node = await FakeNode.register(api.url, 'pushed');
    for (const entry of ['a'.repeat(36), '-'.repeat(36)]) {
      await node.job(entry, { it_total: 5 }, { desc: jobDesc(entry) });
      const rule = { name: 'pushed', target: entry, metric: 'it_total', operator: '>', threshold: 1 };
      const { id } = (await http.post('/api/v1/alarms', rule)).body;
      await fires(id, entry);
      expect((await firings(''))[0]).toMatchObject({ entry, job_name: null, job_state: null });
      await http.delete(`/api/v1/alarms/${id}`);
    }
  });
});

describe('of two projects', () => {
  const PEOPLE = {
    red: { client_id: 'rosa', role: 'submitter', project: 'red' },
    redViewer: { client_id: 'rolf', role: 'viewer', project: 'red' },
    blue: { client_id: 'bela', role: 'submitter', project: 'blue' },
    operator: { client_id: 'olga', role: 'operator', project: 'red' },
  } as const satisfies Record<string, Claims>;
  type Person = keyof typeof PEOPLE;
  const headers = {} as Record<Person, Record<string, string>>;
  let api: TestApi;
  let http: ReturnType<typeof client>;
  let agent: Awaited<ReturnType<typeof scriptedAgent>>;
  const jobs = {} as Record<'red' | 'blue', string>;

  beforeAll(async () => {
    const env = { DROVER_AUTH: 'oauth2', DROVER_JWT_SIGNING_KEY: JWT_KEY, DROVER_ALARM_PERIOD: '0.2' };
    api = await startApi({ env });
    http = client(api.url);
    agent = await scriptedAgent(api.core);
    for (const [person, claims] of Object.entries(PEOPLE))
      headers[person as Person] = { authorization: `Bearer ${await mint(claims)}` };
    expect((await http.post('/api/v1/alarms', RULE, headers.operator)).status).toBe(201);
    for (const project of ['red', 'blue'] as const) {
      const body = { command: 'true', name: `of ${project}` };
      jobs[project] = (await http.post('/api/v1/jobs', body, headers[project])).body.id;
      const execution = await (await agent.claim(jobs[project])).started();
      await sampled(api, agent.agent.id, execution, 500);
    }
  });
  afterAll(() => api.close());

  const permissions = (person: Person): Principal => ({
    permissions: { ...PEOPLE[person], max_priority: {}, allowed_queues: [], max_reservation_time: {} },
  });

  it('a client sees the firings on jobs of its own project, an operator all of them', async () => {
    const seen = async (person: Person): Promise<string[]> => {
      const { body } = await http.get('/api/v1/alarms/firings', headers[person]);
      return (body.firings as { entry: string }[]).map(({ entry }) => entry).toSorted();
    };
    await expectEventually(async () => expect(await seen('operator')).toEqual(Object.values(jobs).toSorted()));
    expect(await seen('redViewer')).toEqual([jobs.red]);
    // The alarm is of the other project: its history is, too.
    expect(await seen('blue')).toEqual([]);
    const active = (await http.get('/api/v1/alarms/active', headers.redViewer)).body.states;
    expect(active.map(({ entry }: { entry: string }) => entry)).toEqual([jobs.red]);
  });

  it('a backtest finds nothing on jobs of the other, and is for operators', async () => {
    for (const person of ['red', 'redViewer', 'blue'] as const)
      expect((await http.post('/api/v1/alarms/backtest', RULE, headers[person])).status).toBe(403);
    const all = (await http.post('/api/v1/alarms/backtest', { ...RULE, series: 5 }, headers.operator)).body;
    expect(all).toMatchObject({ fired: 2, jobs: 2 });
    const rule = { ...RULE, operator: '>', target_kind: 'queue', target: 'default' } as const;
    const tried = { ...rule, clear_threshold: null, for_s: 0, keep_for_s: 0, no_data: 'ok' } as const;
    for (const project of ['red', 'blue'] as const) {
      const backtests = api.app.get(BacktestService);
      const found = await runAs(permissions(project), () => backtests.run(tried, { windowMs: 3_600_000, series: 5 }));
      expect(found).toMatchObject({ fired: 1, jobs: 1 });
      for (const list of [found.firings, found.seen, found.series])
        expect(list.map(({ job }) => job)).toEqual([jobs[project]]);
    }
  });

  it('a backtest ends once nobody waits for it', async () => {
    const rule = { ...RULE, operator: '>', target_kind: 'queue', target: 'default' } as const;
    const tried = { ...rule, clear_threshold: null, for_s: 0, keep_for_s: 0, no_data: 'ok' } as const;
    const options = { windowMs: 3_600_000, signal: AbortSignal.abort() };
    expect(await api.app.get(BacktestService).run(tried, options)).toMatchObject({ jobs: 0, truncated: true });
  });

  it('a silence is for operators, and there are at most 1,000', async () => {
    const silence = { matchers: [{ name: 'alertname', value: 'memory' }], ends_at: '2099-01-01T00:00:00Z' };
    expect((await http.post('/api/v1/alarms/silences', silence, headers.redViewer)).status).toBe(403);
    await api.core.store.sql.run(
      `INSERT INTO alarm_silence (id, matchers, starts_at, ends_at)
       SELECT gen_random_uuid(), '[]', now() - interval '2 hours', now() - interval '1 hour' FROM generate_series(1, 1000)`,
    );
    const refused = await http.post('/api/v1/alarms/silences', silence, headers.operator);
    expect([refused.status, refused.body.detail]).toEqual([413, expect.stringContaining('1000 silences')]);
  });
});
