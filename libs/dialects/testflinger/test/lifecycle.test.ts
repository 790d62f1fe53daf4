import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { Session } from '../../../../test/support/testflinger-client.js';
import { RealAgent } from './agent.js';

/** The calls of the real agent and command line, in their order, against one server in open mode. */
describe('a job between the real command line and the real agent', () => {
  let api: TestApi;
  let cli: Session;
  let agent: RealAgent;
  beforeAll(async () => {
    api = await startApi();
    cli = new Session(api.url);
    agent = new RealAgent(api.url, encodeURIComponent('agent one ü'), ['lab-a', 'lab b/ü']);
    await agent.start();
  });
  afterAll(() => api.close());

  it('is submitted, polled, run through its phases and read back', async () => {
    // submit: the command line looks for agents first.
    expect((await cli.post('/oidc/auth-init')).status).toBe(404);
    const agents = await cli.get('/v1/queues/lab-a/agents');
    expect(agents.json).toEqual([
      {
        name: 'agent one ü',
        state: 'waiting',
        queues: ['lab-a', 'lab b/ü'],
        location: 'rack 1',
        provision_type: 'noprovision',
        comment: '',
      },
    ]);
    const document = {
      job_queue: 'lab-a',
      name: 'a job',
      tags: ['nightly', 'x'],
      provision_data: { url: 'http://images.example/i.img.xz', odd: [1, { two: null }] },
      test_data: { test_cmds: 'echo hi\n' },
      reserve_data: { ssh_keys: ['lp:me'], timeout: '1h30m' },
      global_timeout: '3600',
      job_status_webhook: 'http://x',
      whatever: { nested: ['ä', 1.5, true] },
    };
    const id = await cli.submit(document);
    const stored = { ...document, reserve_data: { ssh_keys: ['lp:me'], timeout: 5400 }, global_timeout: 3600 };
    expect((await cli.get(`/v1/job/${id}`)).json).toEqual({ ...stored, job_id: id });
    expect((await cli.get(`/v1/result/${id}`)).json).toEqual({ job_state: 'waiting' });
    expect((await cli.get(`/v1/job/${id}/position`)).text).toBe('0');

    // The agent takes it, and at once it is an execution of the record.
    const job = await agent.poll();
    expect(job).toMatchObject({ ...stored, job_id: id });
    expect(job?.['started_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(await cli.stateOf(id)).toBe('running');
    expect((await cli.get(`/v1/job/${id}/position`)).status).toBe(410);
    expect((await api.core.query.find(id))?.state).toBe('running');
    expect((await api.core.query.find(id))?.node).toBe('agent one ü');

    // poll: state by state, fragments as they come.
    const seen: string[] = [];
    let next = 0;
    let output = '';
    await agent.run(job as Record<string, any>, {}, async () => {
      const { json } = await cli.get(`/v1/result/${id}`);
      seen.push(json.job_state);
      const log = (await cli.get(`/v1/result/${id}/log/output?start_fragment=${next}`)).json.output as Record<
        string,
        { last_fragment_number: number; log_data: string }
      >;
      expect(Object.keys(log)).toHaveLength(7);
      for (const { last_fragment_number, log_data } of Object.values(log)) {
        output += log_data;
        next = Math.max(next, last_fragment_number + 1);
      }
    });
    expect(seen).toEqual(['running', 'setup', 'provision', 'firmware_update', 'test', 'allocate']);
    expect(output).toContain('provision runs\n');

    const result = (await cli.get(`/v1/result/${id}`)).json;
    expect(result).toMatchObject({
      job_state: 'complete',
      setup_status: 0,
      provision_status: 0,
      test_status: 0,
      reserve_status: 0,
      device_info: { device_ip: '10.0.0.7' },
      test_output: expect.stringContaining('test runs\n'),
      provision_serial: 'serial of provision\u0000\n',
    });
    const artifact = await cli.bytes(`/v1/result/${id}/artifact`);
    expect(artifact.bytes.equals(gzipSync('artifacts'))).toBe(true);

    // The same through the native side: state, phases, log, artifact.
    const core = api.core;
    const native = await core.query.get(id);
    expect(native).toMatchObject({
      state: 'succeeded',
      exit_code: 0,
      dialect: 'testflinger',
      owner: 'anonymous',
      tags: ['nightly', 'x'],
    });
    const [execution] = await core.query.executions(id);
    expect(execution).toMatchObject({
      state: 'ended',
      phase: 'reserve',
      payload: { phases: { setup: 0, provision: 0, test: 0, reserve: 0 } },
    });
    const parts: Buffer[] = [];
    for await (const part of core.logReader.range(execution?.id ?? '', 'stdout', 0)) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe(
      ['setup', 'provision', 'test', 'reserve']
        .map((phase) => `* Starting testflinger ${phase} phase on ${agent.name} *\n${phase} runs\n`)
        .join(''),
    );
    expect((await core.query.artifacts(id)).map(({ path }) => path)).toEqual(['artifact.tar.gz']);
    expect((await core.query.events(undefined, { job_id: id }, 100)).map(({ type }) => type)).toEqual([
      'job.queued',
      'job.claimed',
      'job.running',
      ...['setup', 'provision', 'firmware_update', 'test', 'allocate', 'reserve'].map(() => 'execution.phase'),
      'job.succeeded',
    ]);

    // Lists.
    expect((await cli.get('/v1/queues/lab-a/jobs')).json).toEqual([
      { job_id: id, created_at: expect.stringMatching(/Z$/), job_state: 'complete', job_queue: 'lab-a' },
    ]);
    expect((await cli.get('/v1/queues/wait_times')).json).toEqual({
      'lab-a': {
        5: expect.any(Number),
        10: expect.any(Number),
        50: expect.any(Number),
        90: expect.any(Number),
        95: expect.any(Number),
      },
    });
    const [listed] = (await cli.get('/v1/agents/data')).json;
    expect(listed).toMatchObject({
      name: 'agent one ü',
      state: 'waiting',
      job_id: '',
      provision_streak_type: 'pass',
      provision_streak_count: 1,
      restricted_to: {},
    });
    expect(listed.log).toBeUndefined();
  });

  it('ends with the first phase that fails, and says so in the codes, not in the state', async () => {
    const id = await cli.submit({
      job_queue: 'lab b/ü',
      provision_data: { url: 'http://images.example/x' },
      test_data: { test_cmds: 'false' },
    });
    const job = await agent.poll();
    expect(job?.['job_id']).toBe(id);
    await agent.run(job as Record<string, any>, { provision: 46 });
    expect((await cli.get(`/v1/result/${id}`)).json).toMatchObject({ job_state: 'complete', provision_status: 46 });
    expect(await api.core.query.get(id)).toMatchObject({
      state: 'failed',
      cause: 'exit_code',
      exit_code: 46,
      cause_detail: 'Phase provision ended with exit code 46.',
    });
    expect((await cli.get(`/v1/agents/data/${agent.name}`)).json).toMatchObject({
      provision_streak_type: 'fail',
      provision_streak_count: 1,
    });
    expect((await cli.get(`/v1/queues/${encodeURIComponent('lab b/ü')}/jobs`)).json).toHaveLength(1);
  });

  it('is cancelled while it runs: the agent stops, and the job stays cancelled whatever is posted at its end', async () => {
    const id = await cli.submit({ job_queue: 'lab-a', test_data: { test_cmds: 'sleep 100' }, reserve_data: {} });
    const job = (await agent.poll()) as Record<string, any>;
    const phases: string[] = [];
    await agent.run(job, {}, async (phase) => {
      phases.push(phase);
      if (phase !== 'test') return;
      expect(await cli.post(`/v1/job/${id}/action`, { action: 'cancel' })).toMatchObject({ status: 200, text: 'OK' });
      expect(await cli.post(`/v1/job/${id}/action`, { action: 'cancel' })).toMatchObject({
        status: 400,
        text: 'The job is already completed or cancelled',
      });
    });
    expect(phases.at(-1)).toBe('test');
    expect(await cli.stateOf(id)).toBe('cancelled');
    expect(await api.core.query.get(id)).toMatchObject({ state: 'cancelled', cause: 'cancelled' });
    expect((await cli.post(`/v1/job/${id}/action`, { action: 'cancel' })).status).toBe(400);
  });

  it('is cancelled while it waits, and never handed out', async () => {
    const id = await cli.submit({ job_queue: 'lab-a' });
    await cli.post(`/v1/job/${id}/action`, { action: 'cancel' });
    expect(await agent.poll()).toBeNull();
    expect(await cli.stateOf(id)).toBe('cancelled');
  });

  it('waits for its attachments, and the agent gets the bytes that were sent', async () => {
    const bytes = gzipSync(Buffer.from('a tar, as far as the server cares'));
    const id = await cli.submit({ job_queue: 'lab-a', test_data: { attachments: [{ agent: 'data.bin' }] } });
    expect(await agent.poll()).toBeNull();
    expect((await cli.get(`/v1/job/${id}/attachments`)).status).toBe(204);
    expect(await cli.upload(`/v1/job/${id}/attachments`, bytes)).toMatchObject({ status: 200, text: 'OK' });
    expect(await cli.upload(`/v1/job/${id}/attachments`, Buffer.from('a retry'))).toMatchObject({ status: 200 });
    const job = (await agent.poll()) as Record<string, any>;
    expect(job).toMatchObject({ job_id: id, attachments_status: 'complete' });
    const got = await agent.bytes(`/v1/job/${id}/attachments`);
    expect([got.status, got.headers.get('content-type'), got.headers.get('content-encoding')]).toEqual([
      200,
      'application/gzip',
      null,
    ]);
    expect(got.bytes.equals(bytes)).toBe(true);
    expect((await cli.upload(`/v1/job/${id}/attachments`, bytes)).status).toBe(422);
    expect((await cli.get(`/v1/job/${id}`)).json.attachments_status).toBeUndefined();
    // An agent gives the job back as it got it: it keeps its archive and waits again.
    expect((await agent.post('/v1/job', job)).json).toEqual({ job_id: id });
    expect(await cli.stateOf(id)).toBe('waiting');
    expect(await agent.poll()).toMatchObject({ job_id: id, attachments_status: 'complete' });
    await agent.run({ job_id: id });
  });

  it('is taken back when the agent hangs up before the answer', async () => {
    const id = await cli.submit({ job_queue: 'hang-up' });
    const take = api.core.claims.claimNext.bind(api.core.claims);
    const gone = new AbortController();
    api.core.claims.claimNext = async (...args) => {
      const taken = await take(...args);
      gone.abort();
      return taken;
    };
    await expect(fetch(`${api.url}/v1/job?queue=hang-up`, { signal: gone.signal })).rejects.toThrow();
    api.core.claims.claimNext = take;
    await expectEventually(async () => (await cli.stateOf(id)) === 'waiting', { what: 'the job that nobody got' });
    expect((await cli.get('/v1/job?queue=hang-up')).json.job_id).toBe(id);
  });
});
