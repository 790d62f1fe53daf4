import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../access/support.js';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { client } from '../support/http.js';
import { execute } from '../support/postgres.js';

/** Jobs of a queue that ran for ten seconds each on some node, the last ones a minute ago. */
const ran = (n: number, queue: string, name: string | null, seconds = 10, command = 'true'): string => `
  WITH made AS (
    INSERT INTO job (id, queue, owner, name, dialect, dispatch, spec, state, exit_code, attempt, epoch, execution_id,
      created_at, updated_at, queued_at, claimed_at, started_at, finished_at)
    SELECT gen_random_uuid(), '${queue}', 'tester', ${name === null ? 'NULL' : `'${name}'`}, 'native', 'ticket',
      '{"command":"${command}"}', 'succeeded', 0, 1, 1,
      gen_random_uuid(), at, at, at + interval '1 second', at + interval '3 seconds', at + interval '4 seconds',
      at + interval '${seconds + 4} seconds'
    FROM (SELECT now() - (${n} - n + 60) * interval '1 second' - interval '1 minute' AS at FROM generate_series(1, ${n}) AS n) a
    RETURNING *
  )
  INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, exit_code, claimed_at, spawned_at,
    first_byte_at, exited_at, finished_at)
  SELECT execution_id, id, 1, 1, gen_random_uuid(), 'n', 'b', 'ended', 0, claimed_at, started_at,
    started_at + interval '0.5 seconds', finished_at - interval '0.25 seconds', finished_at
  FROM made`;

/** The profiles that jobs of a queue leave, in the order of their ends. */
const profilesOf = (queue: string): string => `
  INSERT INTO profile (jobid, name, command, description, queue, owner, project, outcome, finished_at)
  SELECT id::text, name, spec ->> 'command', '{}', queue, owner, project, state, finished_at
  FROM job
  WHERE queue = '${queue}'
  ORDER BY finished_at`;

describe('the outlook of a job', () => {
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
  const startOf = async (id: string): Promise<any> => (await http.get(`/api/v1/jobs/${id}/explain`)).body.start;

  it('says when it will start, from earlier runs, the slots and what comes before it', async () => {
    await execute(api.databaseUrl, ran(50, 'eta', 'base'));
    const agent = await scriptedAgent(api.core, 'eta-1', ['eta']);
    const first = await submit({ queue: 'eta' });
    expect(await startOf(first)).toMatchObject({ position: 1, p50_s: 0, p90_s: 0, sure: 'well' });
    expect((await startOf(first)).sentence).toBe('It starts now: 4 of 4 slots are free, and no job comes before it.');
    const running = [
      first,
      await submit({ queue: 'eta' }),
      await submit({ queue: 'eta' }),
      await submit({ queue: 'eta' }),
    ];
    for (const id of running) await (await agent.claim(id)).started();
    await api.core.agents.heartbeat(agent.agent, { slots_free: 0, running: [] });
    const waiting: string[] = [];
    for (let n = 0; n < 9; n += 1) waiting.push(await submit({ queue: 'eta' }));
    const start = await startOf(waiting[8] as string);
    expect(start).toMatchObject({ position: 9, sure: 'well' });
    expect(start.p50_s).toBeGreaterThan(20);
    expect(start.p50_s).toBeLessThan(31);
    expect(Date.parse(start.p90_at)).toBeGreaterThanOrEqual(Date.parse(start.p50_at));
    expect(start.sentence).toMatch(
      /^It starts in about \d+ s, with 90 % certainty within \d+ s: 8 jobs come before it, 4 of 4 slots are busy, and half of the last 50 runs of the queue took at most 9\.8 s\.$/,
    );
    expect(await startOf(running[0] as string)).toBeNull();
  });

  it('says that it does not know where there is no base', async () => {
    const agent = await scriptedAgent(api.core, 'eta-2', ['young']);
    for (let n = 0; n < 4; n += 1) await (await agent.claim(await submit({ queue: 'young' }))).started();
    await api.core.agents.heartbeat(agent.agent, { slots_free: 0, running: [] });
    const id = await submit({ queue: 'young' });
    const start = await startOf(id);
    expect(start).toMatchObject({ position: 1, p50_s: null, p90_s: null, p50_at: null, sure: 'unknown' });
    expect(start.sentence).toBe(
      'When it starts is not known: all 4 slots are busy, and the queue young has 0 earlier runs to go by; 5 are needed.',
    );
    await http.post('/api/v1/queues/young/pause');
    expect((await startOf(id)).sentence).toBe('When it starts is not known: the queue young is paused.');
    expect((await startOf(await submit({ queue: 'nobody' }))).sentence).toMatch(/no worker of nobody takes work/);
    expect((await startOf(await submit({ depends_on: [id] }))).sentence).toMatch(/waits for others/);
  });

  it('shows the steps of each attempt beside the medians of the queue, running beside the same command', async () => {
    await execute(api.databaseUrl, ran(30, 'steps', 'base'));
    await execute(api.databaseUrl, ran(5, 'walked', 'walk', 40, 'walk'));
    await execute(api.databaseUrl, profilesOf('walked'));
    const agent = await scriptedAgent(api.core, 'eta-3', ['steps']);
    const id = await submit({ queue: 'steps', command: 'walk' });
    const execution = await (await agent.claim(id)).started();
    await execution.write('hello');
    await execution.ended({ exit_code: 1 });
    await execute(
      api.databaseUrl,
      `UPDATE execution SET finished_at = finished_at - interval '1 hour' WHERE id = '${execution.id}'`,
    );
    await http.post(`/api/v1/jobs/${id}/retry`);
    const { attempts, median_runs } = (await http.get(`/api/v1/jobs/${id}/phases`)).body;
    expect(median_runs).toBeGreaterThanOrEqual(30);
    expect(attempts).toHaveLength(2);
    expect(attempts[0]).toMatchObject({
      execution_id: execution.id,
      attempt: 1,
      node: 'eta-3',
      state: 'ended',
      cause: 'exit_code',
    });
    expect(attempts[0].phases.map(({ name }: { name: string }) => name)).toEqual([
      ...['accepted', 'queued', 'claimed', 'first_output', 'running', 'result'],
    ]);
    const running = attempts[0].phases[4];
    expect(running).toMatchObject({ median_s: 40, from: expect.any(String), to: expect.any(String) });
    expect(running.seconds).toBeGreaterThanOrEqual(0);
    expect(attempts[0].phases[1].median_s).toBe(2);
    expect(attempts[1]).toMatchObject({ execution_id: null, attempt: 2, node: null, state: null });
    // The time that it lay ended is no part of the attempt that somebody asked for.
    expect(attempts[1].phases[0]).toMatchObject({ name: 'accepted', seconds: 0, median_s: 1 });
    expect(attempts[1].phases[1]).toMatchObject({ name: 'queued', from: expect.any(String), to: null, seconds: null });
    // Nobody ran this before: the runs of the queue say nothing about it.
    const other = await submit({ queue: 'steps', command: 'nobody walked so' });
    await (await agent.claim(other)).started();
    const [{ phases }] = (await http.get(`/api/v1/jobs/${other}/phases`)).body.attempts;
    expect(phases[4]).toMatchObject({ name: 'running', median_s: null });
    expect(phases[0]).toMatchObject({ name: 'accepted', median_s: 1 });
  });

  it('compares a step that waits for a time of its own with none', async () => {
    const stepsOf = async (id: string): Promise<{ name: string; median_s: number | null }[]> =>
      (await http.get(`/api/v1/jobs/${id}/phases`)).body.attempts[0].phases;
    await execute(api.databaseUrl, ran(30, 'later', 'base'));
    const start_at = new Date(Date.now() + 3_600_000).toISOString();
    const later = await submit({ queue: 'later', start_at });
    expect((await stepsOf(later))[0]).toMatchObject({ name: 'accepted', to: null, median_s: null });
    // So does one that waited for another job, after that.
    const agent = await scriptedAgent(api.core, 'eta-4', ['later']);
    const before = await submit({ queue: 'later', command: 'first of two' });
    const behind = await submit({ queue: 'later', depends_on: [before] });
    await (await (await agent.claim(before)).started()).ended();
    const [accepted, queued] = await stepsOf(behind);
    expect(accepted).toMatchObject({ name: 'accepted', to: expect.any(String), median_s: null });
    expect(queued).toMatchObject({ name: 'queued', to: null, median_s: 2 });
  });

  it('finds the runs of the same name before and after, and what they took', async () => {
    await execute(api.databaseUrl, ran(25, 'named', 'nightly', 20));
    const [middle, last] = [await submit({ name: 'nightly', env: { A: '1' } }), await submit({ name: 'nightly' })];
    const runs = (await http.get(`/api/v1/jobs/${middle}/runs`)).body;
    expect(runs).toMatchObject({
      previous: { name: 'nightly', queue: 'named', env: {} },
      next: { id: last },
      same: 'name',
      band: { p10_s: 20, p50_s: 20, p90_s: 20, runs: 20 },
    });
    expect(runs.last).toHaveLength(20);
    expect(runs.last[0]).toMatchObject({ id: runs.previous.id, state: 'succeeded', duration_s: 20, memory_max: null });
    const after = (await http.get(`/api/v1/jobs/${last}/runs`)).body;
    expect(after).toMatchObject({ previous: { id: middle, env: { A: expect.any(String) } }, next: null });
    const nameless = await submit({ command: 'nobody ran this' });
    expect((await http.get(`/api/v1/jobs/${nameless}/runs`)).body).toMatchObject({
      previous: null,
      next: null,
      last: [],
    });
  });

  it('finds the runs of a job without a name by its command, and keeps commands of one name apart', async () => {
    await execute(api.databaseUrl, ran(25, 'made', null, 30, 'make all'));
    await execute(api.databaseUrl, ran(3, 'made', 'build', 500, 'make clean'));
    await execute(api.databaseUrl, profilesOf('made'));
    const { jobs } = (await http.get('/api/v1/jobs?queue=made&limit=28')).body as {
      jobs: { id: string; command: string }[];
    };
    const made = jobs.filter(({ command }) => command === 'make all').map(({ id }) => id);
    const job = await submit({ command: 'make all' });
    const runs = (await http.get(`/api/v1/jobs/${job}/runs`)).body;
    expect(runs).toMatchObject({
      previous: { id: made[0], command: 'make all' },
      next: null,
      same: 'command',
      band: { p10_s: 30, p50_s: 30, p90_s: 30, runs: 20 },
    });
    expect(runs.last.map(({ id }: { id: string }) => id)).toEqual(made.slice(0, 20));
    // One that has ended stands between those that ended before and after it.
    const middle = (await http.get(`/api/v1/jobs/${made[10]}/runs`)).body;
    expect(middle).toMatchObject({ previous: { id: made[11] }, next: { id: made[9] }, same: 'command' });
    expect(middle.last).toHaveLength(14);
    // For jobs of one name, the band is that of the command; the neighbours are those of the name.
    const named = await submit({ name: 'build', command: 'make all' });
    expect((await http.get(`/api/v1/jobs/${named}/runs`)).body).toMatchObject({
      previous: { name: 'build', command: 'make clean' },
      same: 'command',
      band: { p50_s: 30, runs: 20 },
    });
    // The same command in another image is another thing.
    const image = await submit({ command: 'make all', image: 'gcc:14' });
    expect((await http.get(`/api/v1/jobs/${image}/runs`)).body).toMatchObject({ previous: null, last: [] });
  });
});

describe('with logins, the outlook', () => {
  it('goes by runs of the own project alone', async () => {
    const api = await startApi({ passive: true, env: { DROVER_AUTH: 'oauth2', DROVER_JWT_SIGNING_KEY: JWT_KEY } });
    try {
      const as = async (project: string, role = 'submitter') =>
        client(api.url, {
          authorization: `Bearer ${await mint({ client_id: `${role} of ${project}`, role, project })}`,
        });
      const [own, blue] = [await as('default'), await as('blue')];
      await execute(api.databaseUrl, ran(20, 'q', 'nightly'));
      const job = { queue: 'q', name: 'nightly', command: 'true' };
      const mine = (await own.post('/api/v1/jobs', job)).body.id;
      const theirs = (await blue.post('/api/v1/jobs', job)).body.id;
      expect((await own.get(`/api/v1/jobs/${mine}/runs`)).body.last).toHaveLength(20);
      expect((await blue.get(`/api/v1/jobs/${theirs}/runs`)).body).toMatchObject({
        previous: null,
        next: null,
        last: [],
      });
      // Who sees every project compares with runs of the job's own, too.
      const operator = await as('none', 'operator');
      expect((await operator.get(`/api/v1/jobs/${theirs}/runs`)).body.last).toEqual([]);
      expect((await operator.get(`/api/v1/jobs/${mine}/runs`)).body.last).toHaveLength(20);
      expect((await own.get(`/api/v1/jobs/${mine}/phases`)).body.median_runs).toBe(20);
      expect((await blue.get(`/api/v1/jobs/${theirs}/phases`)).body.median_runs).toBe(0);
      for (const path of ['runs', 'phases', 'explain'])
        expect((await blue.get(`/api/v1/jobs/${mine}/${path}`)).status).toBe(404);
    } finally {
      await api.close();
    }
  });
});
