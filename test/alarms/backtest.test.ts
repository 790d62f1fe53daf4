import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobCountersService } from '@drover/metrics';
import { scriptedAgent, type ScriptedExecution } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { program } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { FakeNode } from '../support/fake-node.js';
import { client } from '../support/http.js';

interface Result {
  fired: number;
  fired_jobs: number;
  jobs: number;
  readings: number;
  summary: string;
  truncated: boolean;
  samples_since: string | null;
  firings: {
    job: string;
    evidence: string;
    certain: boolean;
    active_at: string;
    fired_at: string;
    ended_at: string | null;
    seconds: number | null;
    value: number;
    points: { at: string; value: number }[];
  }[];
  seen: { job: string; evidence: string; readings: number; min: number; max: number; fired: number }[];
  series: {
    job: string;
    name: string | null;
    evidence: string;
    fired: number;
    offsets_s: number[];
    values: number[];
  }[];
}

describe('a backtest of an alarm', () => {
  let api: TestApi;
  let http: ReturnType<typeof client>;
  let agent: Awaited<ReturnType<typeof scriptedAgent>>;
  beforeAll(async () => {
    api = await startApi({ env: { DROVER_ALARM_PERIOD: '0.2' } });
    http = client(api.url);
    agent = await scriptedAgent(api.core);
  });
  afterAll(() => api.close());

  const running = async (queue: string, command = 'true'): Promise<{ id: string; execution: ScriptedExecution }> => {
    const { id } = (await http.post('/api/v1/jobs', { queue, command })).body;
    return { id, execution: await (await agent.claim(id)).started() };
  };
  const sampled = async (
    execution: ScriptedExecution,
    values: [secondsAgo: number, memory: number][],
  ): Promise<void> => {
    const now = Date.now();
    const samples = values.map(([ago, memory_bytes]) => ({
      at: new Date(now - ago * 1000).toISOString(),
      cpu_percent: 50,
      memory_bytes,
      read_bytes: null,
      write_bytes: null,
      cpu_seconds: null,
      processes: 1,
      gpu_percent: null,
      gpu_memory_bytes: null,
    }));
    const { execution_id, epoch } = execution.claim;
    const [answer] = await api.core.reports.apply(agent.agent.id, [{ execution_id, epoch, kind: 'samples', samples }]);
    expect(answer?.status).toBe(200);
  };
  /** Moves the start of a job and its execution back, as if it had run for an hour. */
  const begunAnHourAgo = (id: string): Promise<number> =>
    api.core.store.sql.run("UPDATE job SET started_at = now() - interval '1 hour' WHERE id = $1", [id]);
  const tried = async (rule: object): Promise<Result> => {
    const answer = await http.post('/api/v1/alarms/backtest', {
      name: 'memory',
      metric: 'job_memory_bytes',
      operator: '>',
      threshold: 100,
      ...rule,
    });
    expect([answer.status, answer.body.detail]).toEqual([200, undefined]);
    return answer.body;
  };

  it('says when, on which jobs and for how long it would have fired, with readings for a chart', async () => {
    const { id, execution } = await running('series');
    await begunAnHourAgo(id);
    // A minute above the threshold, a minute below, and again a minute above.
    const values = Array.from({ length: 180 }, (_, n): [number, number] => [
      300 - n,
      n < 60 || n >= 120 ? 200 + n : 50,
    ]);
    await sampled(execution, values);
    const quiet = await running('series');
    await begunAnHourAgo(quiet.id);
    await sampled(quiet.execution, [[1, 10]]);
    const result = await tried({ queue: 'series', for_s: 20 });
    expect(result).toMatchObject({ fired: 2, fired_jobs: 1, jobs: 2, readings: 181, truncated: false });
    const [first, second] = result.firings;
    expect(first).toMatchObject({ job: id, evidence: 'samples', certain: true, value: 220 });
    expect(Date.parse(first?.fired_at ?? '') - Date.parse(first?.active_at ?? '')).toBe(20_000);
    expect(first?.seconds).toBeCloseTo(40, 0);
    // The last reading counts for a minute; then there is none, and an alarm without data is over.
    expect(second?.seconds).toBeCloseTo(99, 0);
    expect(first?.points.length).toBeGreaterThan(20);
    expect(first?.points.length).toBeLessThanOrEqual(60);
    expect(result.seen.find(({ job }) => job === id)).toMatchObject({ readings: 180, min: 50, fired: 2 });
    expect(result.summary).toContain('It would have fired 2 times in 30 days on 1 of 2 jobs.');
    expect(result.series).toEqual([]);
    const { series } = await tried({ queue: 'series', series: 2 });
    expect(series.map((one) => [one.job, one.fired])).toEqual([
      [quiet.id, 0],
      [id, 2],
    ]);
    const drawn = series[1];
    expect([Math.max(...(drawn?.values ?? [])), Math.min(...(drawn?.values ?? []))]).toEqual([379, 50]);
    expect(drawn?.values.length).toBeLessThanOrEqual(120);
    expect(drawn?.offsets_s.length).toBe(drawn?.values.length);
    // It began an hour ago, and was read for the last five minutes.
    expect(drawn?.offsets_s[0]).toBeCloseTo(3_300, -1);
    // The only place goes to the job on which it fires.
    expect((await tried({ queue: 'series', series: 1 })).series.map(({ job }) => job)).toEqual([id]);
    expect((await tried({ target: quiet.id })).jobs).toBe(1);
    expect(await tried({ queue: 'series', threshold: 1_000 })).toMatchObject({ fired: 0, jobs: 2 });
    expect(await tried({ queue: 'series', window_s: 60 })).toMatchObject({ readings: 1 });
  });

  it('agrees with the alarm that ran: the same rule, live, fires on the samples of a job and ends with it', async () => {
    const { id, execution } = await running('live', 'sleep 5');
    const rule = { name: 'live memory', queue: 'live', metric: 'job_memory_bytes', operator: '>', threshold: 100 };
    const alarm = (await http.post('/api/v1/alarms', rule)).body;
    await sampled(execution, [[0, 50]]);
    await expectEventually(async () =>
      expect((await http.get('/api/v1/alarms/active')).body.states).not.toContainEqual(
        expect.objectContaining({ alarm_id: alarm.id }),
      ),
    );
    await sampled(execution, [[0, 500]]);
    await expectEventually(async () =>
      expect((await http.get('/api/v1/alarms/active')).body.states).toContainEqual(
        expect.objectContaining({ alarm_id: alarm.id, entry: id, state: 'firing', value: 500 }),
      ),
    );
    await execution.ended();
    await expectEventually(async () => {
      const { transitions } = (await http.get(`/api/v1/alarms/history?alarm=${alarm.id}`)).body;
      expect(transitions.map(({ to }: { to: string }) => to)).toEqual(['inactive', 'firing']);
    });
    const { transitions } = (await http.get(`/api/v1/alarms/history?alarm=${alarm.id}`)).body;
    const result = await expectEventually(async () => {
      const found = await tried(rule);
      expect(found.fired).toBe(1);
      expect(found.firings[0]?.ended_at).not.toBeNull();
      return found;
    });
    expect(result.firings[0]).toMatchObject({ job: id, value: 500, certain: true });
    const [ended, fired] = transitions as { at: string }[];
    // The live alarm looks five times a second here.
    expect(Math.abs(Date.parse(result.firings[0]?.fired_at ?? '') - Date.parse(fired?.at ?? ''))).toBeLessThan(3_000);
    expect(Math.abs(Date.parse(result.firings[0]?.ended_at ?? '') - Date.parse(ended?.at ?? ''))).toBeLessThan(3_000);
    await http.delete(`/api/v1/alarms/${alarm.id}`);
  });

  it('sees what a job pushed over time, and agrees with the alarm that looked at it', async () => {
    const node = await FakeNode.register(api.url, 'pushing');
    const pushing = await scriptedAgent(api.core, 'pushing');
    const { id } = (await http.post('/api/v1/jobs', { queue: 'pushed', command: 'true' })).body;
    const execution = await (await pushing.claim(id)).started();
    const counters = api.app.get(JobCountersService);
    const rule = { name: 'residual', queue: 'pushed', metric: 'residual_g', operator: '>', threshold: 0.4 };
    const alarm = (await http.post('/api/v1/alarms', rule)).body;
    const moves = async (): Promise<{ to: string; at: string }[]> =>
      (await http.get(`/api/v1/alarms/history?alarm=${alarm.id}`)).body.transitions;
    for (const [value, changes] of [
      [0.1, 0],
      [0.9, 1],
      [0.2, 2],
    ] as const) {
      await node.job(id, { residual_g: value });
      await counters.keep(new Date());
      await expectEventually(async () => expect((await moves()).length).toBe(changes));
    }
    const result = await tried({ ...rule, series: 1 });
    expect(result).toMatchObject({ fired: 1, fired_jobs: 1, jobs: 1, samples_since: null });
    expect(result.summary).toBe('It would have fired 1 time in 30 days on 1 of 1 job.');
    const [firing] = result.firings;
    expect(firing).toMatchObject({ job: id, evidence: 'counters', certain: true, value: 0.9 });
    const [ended, fired] = await moves();
    expect(Math.abs(Date.parse(firing?.fired_at ?? '') - Date.parse(fired?.at ?? ''))).toBeLessThan(6_000);
    expect(Math.abs(Date.parse(firing?.ended_at ?? '') - Date.parse(ended?.at ?? ''))).toBeLessThan(6_000);
    expect(result.series[0]?.values).toEqual(expect.arrayContaining([0.1, 0.9, 0.2]));
    expect(result.seen).toEqual([expect.objectContaining({ job: id, evidence: 'counters', min: 0.1, max: 0.9 })]);
    // The last value counts to the end of the job, however long ago it was pushed; another metric was never pushed.
    expect(await tried({ ...rule, operator: '<', threshold: 0.3 })).toMatchObject({ fired: 2 });
    expect(await tried({ ...rule, metric: 'other_g' })).toMatchObject({ fired: 0, jobs: 0 });
    await execution.ended();
    await expectEventually(async () => expect((await http.get(`/api/v1/profiles/${id}`)).status).toBe(200));
    expect((await tried(rule)).firings).toEqual([expect.objectContaining({ job: id, evidence: 'counters' })]);
    await api.core.store.sql.run('DELETE FROM counter_reading WHERE job_id = $1', [id]);
    const gone = await tried({ ...rule, operator: '<', threshold: 0.3 });
    expect(gone.firings).toEqual([expect.objectContaining({ job: id, evidence: 'profile', certain: false })]);
    expect(gone.summary).toContain('Of some jobs only the value at their end is kept.');
    await http.delete(`/api/v1/alarms/${alarm.id}`);
  });

  it('says of jobs whose samples are gone, and of metrics without samples, what profiles keep, and that it is not certain', async () => {
    const { id, execution } = await running('gone', 'make profile');
    await sampled(execution, [
      [0, 400],
      [0, 300],
    ]);
    await execution.ended();
    await expectEventually(async () => expect((await http.get(`/api/v1/profiles/${id}`)).status).toBe(200));
    await api.core.store.sql.run('DELETE FROM sample WHERE job_id = $1', [id]);
    const gone = await tried({ queue: 'gone', for_s: 600 });
    expect(gone).toMatchObject({ fired: 1, jobs: 1, readings: 0 });
    expect(gone.firings[0]).toMatchObject({ job: id, evidence: 'profile', certain: false, value: 400, seconds: null });
    expect(gone.summary).toContain('not for how long');
    expect((await tried({ queue: 'gone', series: 1 })).series).toEqual([
      expect.objectContaining({ job: id, evidence: 'profile', values: [400] }),
    ]);
    await api.core.store.sql.run(
      `UPDATE profile SET counters = '[["residual","g","",1,3,2,4],["steps_total","c","",70]]' WHERE jobid = $1`,
      [id],
    );
    expect(await tried({ command: 'make profile', metric: 'steps_total', threshold: 60 })).toMatchObject({
      fired: 1,
      samples_since: null,
      firings: [{ value: 70, certain: false }],
    });
    expect(await tried({ queue: 'gone', metric: 'residual', operator: '<', threshold: 2 })).toMatchObject({
      fired: 0,
      jobs: 1,
    });
    expect(await tried({ queue: 'gone', metric: 'nothing' })).toMatchObject({ fired: 0, jobs: 0 });
    expect(await tried({ target: 'main' })).toMatchObject({
      fired: 0,
      jobs: 0,
      summary: expect.stringContaining('Of main and of nodes nothing is kept.'),
    });
  });

  it('stores nothing, and refuses what no alarm may be', async () => {
    const count = async (): Promise<number> => (await http.get('/api/v1/alarms')).body.alarms.length;
    const before = await count();
    await tried({ queue: 'none' });
    expect(await count()).toBe(before);
    for (const [rule, field] of [
      [{ queue: 'a', target: 'main' }, 'target'],
      [{ queue: 'a', threshold: 'much' }, 'threshold'],
      [{ queue: 'a', window_s: 1 }, 'window_s'],
      [{ queue: 'a', window_s: 1e9 }, 'window_s'],
      [{ queue: 'a', series: 51 }, 'series'],
      [{ queue: 'a', name: '' }, 'name'],
    ] as const) {
      const answer = await http.post('/api/v1/alarms/backtest', {
        name: 'x',
        metric: 'm',
        operator: '>',
        threshold: 1,
        ...rule,
      });
      expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([422, field]);
    }
  });

  it('is in the command line: a rule from a file, the answer as sentences and a table', async () => {
    const { execution } = await running('command-line');
    await sampled(execution, [[0, 500]]);
    const folder = mkdtempSync(join(tmpdir(), 'drover-backtest-'));
    const file = join(folder, 'rule.json');
    writeFileSync(
      file,
      JSON.stringify({ name: 'x', queue: 'command-line', metric: 'job_memory_bytes', operator: '>', threshold: 100 }),
    );
    try {
      const env = { PATH: process.env['PATH'], HOME: folder, DROVER_API_URL: api.url };
      const run = promisify(execFile);
      const said = await run(process.execPath, [program('cli'), 'alarms', 'backtest', file, '--days', '7'], { env });
      expect(said.stdout).toContain(execution.claim.job_id);
      expect(said.stderr).toContain('It would have fired 1 time in 7 days on 1 of 1 job.');
      const json = await run(process.execPath, [program('cli'), 'alarms', 'backtest', file, '-o', 'json'], { env });
      expect(JSON.parse(json.stdout)).toMatchObject({ fired: 1 });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
