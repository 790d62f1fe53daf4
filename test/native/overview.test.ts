import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentStore } from '@drover/store';
import { JWT_KEY, mint } from '../access/support.js';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { client } from '../support/http.js';
import { execute } from '../support/postgres.js';
import { EventReader, type SeenEvent } from '../support/sse.js';

const FACTS = {
  ...{ hostname: 'h', version: '0', os: 'linux', cpus: 4, memory_mb: 1_024 },
  ...{ gpus: [], labels: {}, executors: ['process'] },
};

describe('the overview', () => {
  let api: TestApi;
  let http: ReturnType<typeof client>;
  beforeAll(async () => {
    api = await startApi({ passive: true });
    http = client(api.url);
  });
  afterAll(() => api.close());

  const submit = async (body: object): Promise<string> =>
    (await http.post('/api/v1/jobs', { command: 'true', ...body })).body.id;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test looks at what came
  const look = async (): Promise<any> => (await http.get('/api/v1/overview')).body;
  const named = (list: { name: string }[], name: string): unknown => list.find((one) => one.name === name);

  it('shows of each queue what waits, runs, started and failed, how long jobs waited, and why it is paused', async () => {
    const agent = await scriptedAgent(api.core, 'over-1', ['over']);
    const [fails, runs] = [await submit({ queue: 'over' }), await submit({ queue: 'over', name: 'the one' })];
    await submit({ queue: 'over' });
    await submit({ queue: 'over', start_at: '2999-01-01T00:00:00Z' });
    await execute(
      api.databaseUrl,
      `UPDATE job SET queued_at = queued_at - interval '100 seconds' WHERE id = '${fails}'`,
    );
    await (await (await agent.claim(fails)).started()).ended({ exit_code: 3 });
    await (await agent.claim(runs)).started();
    expect(named((await look()).queues, 'over')).toMatchObject({
      ...{ waiting: 1, scheduled: 1, running: 1, started: 2, failed: 1, agents: 1, slots: 4 },
      paused: false,
      pause: null,
      oldest_queued_at: expect.any(String),
    });
    const { wait_p50_s, wait_p95_s } = named((await look()).queues, 'over') as Record<string, number>;
    expect(wait_p50_s).toBeLessThan(60);
    expect(wait_p95_s).toBeGreaterThan(85);
    expect(wait_p95_s).toBeLessThan(120);
    const paused = await http.post('/api/v1/queues/over/pause', { reason: 'the disk is full' });
    expect(paused.body.pause).toMatchObject({ by: 'anonymous', reason: 'the disk is full' });
    expect(named((await look()).queues, 'over')).toMatchObject({ paused: true, pause: { reason: 'the disk is full' } });
    expect((await http.post('/api/v1/queues/over/resume')).body).toMatchObject({ paused: false, pause: null });
    expect((await http.post('/api/v1/queues/over/pause', { reason: '' })).status).toBe(422);
    expect(named((await look()).nodes, 'over-1')).toMatchObject({
      ...{ kind: 'worker', state: 'online', lost: false, blocked_by: null, last_seen_at: null, slots: 4 },
      taken: [{ slot: 1, slots: 1, gpus: [], job: { job_id: runs, name: 'the one', queue: 'over', state: 'running' } }],
    });
  });

  it('gathers failures by their reason, with a filter that lists them', async () => {
    const agent = await scriptedAgent(api.core, 'over-2', ['broken']);
    for (const exit_code of [41, 41, 42]) {
      const id = await submit({ queue: 'broken' });
      await (await (await agent.claim(id)).started()).ended({ exit_code });
    }
    const groups = (await look()).needs.failures.filter(({ exit_code }: { exit_code: number }) => exit_code > 40);
    expect(groups).toMatchObject([
      { cause: 'exit_code', exit_code: 41, count: 2, queues: ['broken'], job_id: expect.any(String) },
      { cause: 'exit_code', exit_code: 42, count: 1 },
    ]);
    expect(groups[0].sentence).toMatch(/41/);
    const query = new URLSearchParams(groups[0].filter as Record<string, string>);
    expect((await http.get(`/api/v1/jobs/count?${query}`)).body).toEqual({ count: 2, exact: true });
  });

  it('names nodes that are lost or blocked, and none that has left by itself', async () => {
    const register = async (name: string) =>
      (await api.core.agents.register({ name, queues: ['t'], slots: 2, facts: FACTS, boot_id: 'b' })).agent;
    const [lost, left, full] = [await register('t-lost'), await register('t-left'), await register('t-full')];
    await api.core.agents.heartbeat(full, { slots_free: 2, running: [], blocked_by: 'disk_full' });
    await api.core.agents.deregister(left);
    await execute(api.databaseUrl, `UPDATE agent SET last_seen_at = now() - interval '1 hour' WHERE id = '${lost.id}'`);
    await agentStore.declareLost(api.core.store.keyed, 600_000);
    const { needs, nodes } = await look();
    expect(needs.nodes).toEqual([
      { name: 't-full', why: 'disk_full', sentence: expect.stringContaining('The disk of t-full is full') },
      { name: 't-lost', why: 'lost', sentence: expect.stringContaining('has not said that it goes') },
    ]);
    expect(named(nodes, 't-left')).toMatchObject({ state: 'offline', lost: false });
    await register('t-lost');
    expect((await look()).needs.nodes.map(({ name }: { name: string }) => name)).toEqual(['t-full']);
  });

  it('is followed as a snapshot and then what changes', async () => {
    const stream = new EventReader(`${api.url}/api/v1/overview/stream`);
    try {
      const first = (event: string, fits: (seen: SeenEvent) => boolean = () => true): Promise<SeenEvent> =>
        expectEventually(() => {
          const seen = stream.of(event).find(fits);
          if (!seen) throw new Error(`no ${event} came`);
          return seen;
        });
      const snapshot = await first('snapshot');
      expect(Object.keys(snapshot.data).sort()).toEqual(['at', 'needs', 'nodes', 'queues']);
      await submit({ queue: 'followed' });
      const change = await first('change', ({ data }) => data.queues.length > 0);
      expect(change.data).toMatchObject({
        queues: [{ name: 'followed', waiting: 1 }],
        queues_gone: [],
        nodes: [],
        nodes_gone: [],
        needs: null,
      });
    } finally {
      await stream.close();
    }
  });
});

describe('with logins, the overview', () => {
  it('shows the jobs of the own project alone, and that slots are taken', async () => {
    const api = await startApi({ passive: true, env: { DROVER_AUTH: 'oauth2', DROVER_JWT_SIGNING_KEY: JWT_KEY } });
    try {
      const token = async (project: string, role: string) => mint({ client_id: `${role}-${project}`, role, project });
      const as = async (project: string, role = 'submitter') =>
        client(api.url, { authorization: `Bearer ${await token(project, role)}` });
      const red = await as('red');
      const { id } = (await red.post('/api/v1/jobs', { queue: 'q', command: 'true', name: 'hidden' })).body;
      const failed = (await red.post('/api/v1/jobs', { queue: 'q', command: 'true' })).body.id;
      const agent = await scriptedAgent(api.core, 'shared', ['q']);
      await (await (await agent.claim(failed)).started()).ended({ exit_code: 9 });
      await (await agent.claim(id)).started();
      const seen = async (who: ReturnType<typeof client>) => {
        const { queues, nodes, needs } = (await who.get('/api/v1/overview')).body;
        const [queue] = queues.filter(({ name }: { name: string }) => name === 'q');
        return {
          running: queue.running,
          started: queue.started,
          taken: nodes[0].taken,
          failures: needs.failures.length,
        };
      };
      expect(await seen(red)).toMatchObject({
        running: 1,
        started: 2,
        taken: [{ job: { name: 'hidden' } }],
        failures: 1,
      });
      expect(await seen(await as('none', 'operator'))).toMatchObject({ running: 1, started: 2, failures: 1 });
      const blue = await seen(await as('blue'));
      expect(blue).toMatchObject({ running: 0, started: 0, taken: [{ slot: 1, job: null }], failures: 0 });
      expect(JSON.stringify(blue)).not.toContain('hidden');
      const follow = async (project: string): Promise<EventReader> =>
        new EventReader(`${api.url}/api/v1/overview/stream`, {
          authorization: `Bearer ${await token(project, 'viewer')}`,
        });
      const [redStream, blueStream] = [await follow('red'), await follow('blue')];
      try {
        await expectEventually(() => redStream.of('snapshot').length > 0 && blueStream.of('snapshot').length > 0);
        expect(JSON.stringify(redStream.events)).toContain('hidden');
        expect(JSON.stringify(blueStream.events)).not.toContain('hidden');
      } finally {
        await Promise.all([redStream.close(), blueStream.close()]);
      }
      expect((await fetch(`${api.url}/api/v1/overview/stream`)).status).toBe(401);
    } finally {
      await api.close();
    }
  });
});
