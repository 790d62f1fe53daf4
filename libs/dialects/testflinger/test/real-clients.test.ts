import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../../../../test/access/support.js';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { Session } from '../../../../test/support/testflinger-client.js';
import { RealAgent, startWebhook } from './agent.js';
import { RealCli } from './real-cli.js';

const KEY = 'correct horse battery staple';

/** Every command of the real command line, and the real agent's turns, in the order of their calls. */
describe.each(['none', 'oauth2'] as const)('the real command line and the real agent with DROVER_AUTH=%s', (auth) => {
  let api: TestApi;
  let cli: RealCli;
  let admin: RealCli;
  let agent: RealAgent;
  let webhook: Awaited<ReturnType<typeof startWebhook>>;
  const enforced = auth === 'oauth2';

  beforeAll(async () => {
    webhook = await startWebhook();
    api = await startApi({
      env: {
        DROVER_AUTH: auth,
        DROVER_JWT_SIGNING_KEY: JWT_KEY,
        DROVER_WEBHOOK_NETWORKS: 'loopback',
        ...(enforced
          ? {
              DROVER_ENROLMENT_TOKEN: 'a token for new workers',
              DROVER_TESTFLINGER_WEBHOOK_ORIGINS: new URL(webhook.url).origin,
            }
          : {}),
      },
    });
    const root = new Session(api.url);
    root.token = await mint({ client_id: 'root', role: 'admin' });
    for (const [id, role] of [
      ['boss', 'admin'],
      ['me', 'contributor'],
    ])
      expect((await root.send('PUT', `/v1/client-permissions/${id}`, { client_secret: KEY, role })).status).toBe(200);
    admin = new RealCli(api.url, { id: 'boss', key: KEY });
    cli = new RealCli(api.url, enforced ? { id: 'me', key: KEY } : undefined);
    agent = new RealAgent(api.url, 'rack-1', ['lab']);
    if (enforced) agent.token = await mint({ client_id: 'rack', role: 'agent' });
  });
  afterAll(async () => {
    await api.close();
    await webhook.close();
  });

  it('refuses to submit to a queue nobody serves, in words the command line shows', async () => {
    await expect(cli.submitJob({ job_queue: 'lab' })).rejects.toThrow(
      enforced ? "404 Queue 'lab' does not exist." : 'No online agents available for queue lab',
    );
    await agent.start();
    await agent.post('/v1/agents/data/rack-1', { state: 'offline' });
    await expect(cli.submitJob({ job_queue: 'lab' })).rejects.toThrow('No online agents available');
    await agent.post('/v1/agents/data/rack-1', { state: 'waiting' });
  });

  it('submit --poll with attachments, results, artifacts, show, status', async () => {
    const archive = gzipSync('test/data');
    const job = {
      job_queue: 'lab',
      test_data: { attachments: [{ agent: 'data' }], test_cmds: 'true' },
      provision_data: { url: 'http://images.example/i' },
    };
    const id = await cli.submitJob(job, archive);
    expect((await cli.call('GET', `/v1/job/${id}`)).json).toMatchObject({ ...job, job_id: id });
    expect(await cli.pollOnce(id, 0)).toEqual({ state: 'waiting', text: '', next: 0, position: 0 });
    const taken = (await agent.poll()) as Record<string, any>;
    expect(taken).toMatchObject({ job_id: id, attachments_status: 'complete' });
    const states: string[] = [];
    let [output, next] = ['', 0];
    await agent.run(taken, { test: 1 }, async () => {
      const round = await cli.pollOnce(id, next);
      [output, next] = [output + round.text, round.next];
      states.push(round.state);
      expect(round.position).toBeNull();
    });
    expect(states).toEqual(['running', 'setup', 'provision', 'firmware_update', 'test', 'allocate']);
    const last = await cli.pollOnce(id, next);
    expect(last.state).toBe('complete');
    expect(output + last.text).toMatch(/provision runs\n.*\ntest runs\n/s);
    expect(Object.keys((await cli.call('GET', `/v1/result/${id}/log/serial`)).json.serial)).toHaveLength(7);
    expect((await cli.call('GET', `/v1/result/${id}/log/output?phase=test&start_fragment=0`)).json.output).toEqual({
      test: { last_fragment_number: expect.any(Number), log_data: expect.stringContaining('test runs') },
    });
    expect((await cli.call('GET', `/v1/result/${id}`)).json).toMatchObject({
      job_state: 'complete',
      test_status: 1,
      provision_status: 0,
    });
    expect((await cli.bytes(`/v1/result/${id}/artifact`)).bytes.equals(gzipSync('artifacts'))).toBe(true);
    expect((await cli.call('GET', '/v1/result/00000000-0000-0000-0000-000000000000')).status).toBe(204);
    await expect(cli.call('GET', '/v1/result/nonsense')).rejects.toThrow('400 Invalid job_id specified');
  });

  it('cancel, once', async () => {
    const id = await cli.submitJob({ job_queue: 'lab' });
    expect((await cli.call('POST', `/v1/job/${id}/action`, { action: 'cancel' })).text).toBe('OK');
    await expect(cli.call('POST', `/v1/job/${id}/action`, { action: 'cancel' })).rejects.toThrow(
      '400 The job is already completed or cancelled',
    );
    expect(await agent.poll()).toBeNull();
  });

  it('list-queues, reserve, list-agents, agent-status, queue-status', async () => {
    expect((await cli.call('GET', '/v1/agents/queues')).json).toEqual({ lab: 'the queue lab' });
    const images = (await cli.call('GET', '/v1/agents/images/lab')).json as Record<string, string>;
    const [url] = Object.values(images).map((text) => text.replace(/^url: /, ''));
    const id = await cli.submitJob({
      job_queue: 'lab',
      provision_data: { url },
      reserve_data: { ssh_keys: ['lp:me'], timeout: '1h' },
    });
    expect((await cli.call('GET', `/v1/job/${id}`)).json.reserve_data).toEqual({ ssh_keys: ['lp:me'], timeout: 3_600 });
    await agent.run((await agent.poll()) as Record<string, any>);
    expect((await cli.call('GET', '/v1/agents/data')).json).toEqual([
      expect.objectContaining({
        name: 'rack-1',
        state: 'waiting',
        queues: ['lab'],
        location: 'rack 1',
        provision_type: 'noprovision',
        job_id: '',
      }),
    ]);
    expect((await cli.call('GET', '/v1/agents/data/rack-1')).json).toMatchObject({ name: 'rack-1', state: 'waiting' });
    expect((await cli.send('GET', '/v1/agents/data/nobody')).status).toBe(404);
    expect((await cli.call('GET', '/v1/queues/lab/agents')).json).toEqual([
      expect.objectContaining({ name: 'rack-1', state: 'waiting' }),
    ]);
    const jobs = (await cli.call('GET', '/v1/queues/lab/jobs')).json as { job_state: string; job_queue: string }[];
    expect(jobs.map(({ job_state }) => job_state)).toEqual(['complete', 'cancelled', 'complete']);
    expect(new Set(jobs.map(({ job_queue }) => job_queue))).toEqual(new Set(['lab']));
    expect((await cli.call('GET', '/v1/queues/empty/jobs')).status).toBe(204);
  });

  it('login, secret write and delete, and a job that uses the secret', async () => {
    const me = new RealCli(api.url, { id: 'me', key: KEY });
    await me.begin();
    expect(JSON.parse(Buffer.from(me.token?.split('.')[1] ?? '', 'base64url').toString()).permissions.role).toBe(
      'contributor',
    );
    expect((await me.call('PUT', '/v1/secrets/me/lab/token', { value: 'hunter2' })).json).toEqual({
      expires_at: expect.stringMatching(/\+00:00$/),
    });
    const id = await me.submitJob({
      job_queue: 'lab',
      test_data: { test_cmds: 'true', secrets: { TOKEN: 'lab/token' } },
    });
    const taken = (await agent.poll()) as Record<string, any>;
    expect([taken['job_id'], taken['test_data']['secrets']]).toEqual([id, { TOKEN: 'hunter2' }]);
    await agent.run(taken);
    expect((await me.call('GET', `/v1/job/${id}`)).json.test_data.secrets).toEqual({ TOKEN: 'lab/token' });
    expect((await me.call('DELETE', '/v1/secrets/me/lab/token')).text).toBe('OK');
    await expect(me.submitJob({ job_queue: 'lab', test_data: { secrets: { TOKEN: 'lab/token' } } })).rejects.toThrow(
      '422 Validation error',
    );
  });

  it('admin: agents, clients, restricted queues', async () => {
    const before = (await admin.call('GET', '/v1/agents/data/rack-1')).json;
    expect(
      (await admin.call('POST', '/v1/agents/data/rack-1', { state: 'maintenance', comment: 'new disk' })).json,
    ).toEqual({ status: 'OK' });
    // The agent reads it, and takes nothing until it is changed.
    expect((await agent.get('/v1/agents/data/rack-1')).json).toMatchObject({
      state: 'maintenance',
      comment: 'new disk',
    });
    await admin.call('POST', '/v1/agents/data/rack-1', { state: before.state, comment: '' });
    expect(
      (await admin.call('PUT', '/v1/client-permissions/ci', { client_secret: KEY, max_priority: { lab: 10 } })).text,
    ).toBe("Created permissions for client 'ci'");
    expect((await admin.call('GET', '/v1/client-permissions/ci')).json).toMatchObject({
      client_id: 'ci',
      role: 'contributor',
      max_priority: { lab: 10 },
    });
    expect((await admin.call('POST', '/v1/restricted-queues/lab', { client_id: 'ci' })).text).toBe('OK');
    await expect(cli.submitJob({ job_queue: 'lab' })).rejects.toThrow(
      enforced
        ? '403 Not enough permissions to push to the restricted queue lab'
        : '401 Authentication required to push to restricted queue: lab',
    );
    const ci = new RealCli(api.url, { id: 'ci', key: KEY });
    const id = await ci.submitJob({ job_queue: 'lab', job_priority: 10 });
    // The agent now asks for its restricted queue alone.
    const taken = (await agent.poll()) as Record<string, any>;
    expect(taken['job_id']).toBe(id);
    await agent.run(taken);
    expect((await admin.call('GET', '/v1/restricted-queues')).json).toEqual([{ queue: 'lab', owners: ['ci'] }]);
    expect((await admin.call('DELETE', '/v1/restricted-queues/lab', { client_id: 'ci' })).text).toBe('OK');
    expect((await admin.call('DELETE', '/v1/client-permissions/ci')).text).toBe('OK');
    await expect(cli.call('GET', '/v1/client-permissions')).rejects.toThrow(
      enforced ? '403 Specified action requires role: manager, admin' : '401 Authentication required',
    );
  });

  it('events of a job reach the webhook of who submitted it, as one list that grows', async () => {
    const id = await cli.submitJob({ job_queue: 'lab', job_status_webhook: webhook.url });
    const taken = (await agent.poll()) as Record<string, any>;
    const events: object[] = [];
    for (const event_name of ['job_start', 'setup_start', 'setup_success', 'job_end']) {
      events.push({ event_name, timestamp: new Date().toISOString(), detail: `${api.url}/jobs/${id}` });
      const answer = await agent.post(`/v1/job/${id}/events`, {
        agent_id: 'rack-1',
        job_queue: 'lab',
        job_status_webhook: taken['job_status_webhook'],
        events,
      });
      expect([answer.status, answer.text]).toEqual([200, 'webhook says OK']);
    }
    await agent.run(taken);
    expect(
      webhook.seen.map(({ method, body }) => [method, (JSON.parse(body) as { events: unknown[] }).events.length]),
    ).toEqual([
      ['PUT', 1],
      ['PUT', 2],
      ['PUT', 3],
      ['PUT', 4],
    ]);
    expect(webhook.seen.at(-1)?.body).not.toContain('job_status_webhook');
    // The page the agent named in its first event.
    expect((await cli.get(`/jobs/${id}`)).status).toBe(200);
  });
});

describe('the agents and command lines of before, in open mode', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it('run a job without cookies, fragments and tokens', async () => {
    const cli = new Session(api.url);
    const id = await cli.submit({ job_queue: 'old', test_data: { test_cmds: 'true' } });
    // A session each: nothing is remembered between two calls.
    const agent = (): Session => new Session(api.url);
    await agent().post('/v1/agents/data/old-agent', { state: 'waiting', queues: ['old'] });
    const job = (await agent().get('/v1/job?queue=old')).json as { job_id: string };
    expect(job.job_id).toBe(id);
    await agent().post(`/v1/result/${id}`, { job_state: 'test' });
    for (const line of ['one\n', 'two\n'])
      await agent().post(`/v1/result/${id}/output`, new TextEncoder().encode(line));
    expect((await cli.get(`/v1/result/${id}/output`)).text).toBe('one\n\ntwo\n');
    await agent().post(`/v1/result/${id}`, {
      test_status: 0,
      test_output: 'one\ntwo\n',
      test_serial: '',
      job_state: 'complete',
    });
    expect((await cli.get(`/v1/result/${id}`)).json).toEqual({
      job_state: 'complete',
      test_status: 0,
      test_output: 'one\ntwo\n',
      test_serial: '',
    });
    expect(await api.core.query.get(id)).toMatchObject({ state: 'succeeded', exit_code: 0 });
  });

  it('allocate several devices for one parent job', async () => {
    const parentAgent = new RealAgent(api.url, 'multi', ['multi']);
    const childAgent = new RealAgent(api.url, 'child', ['child']);
    await parentAgent.start();
    await childAgent.start();
    const cli = new Session(api.url);
    const parent = await cli.submit({ job_queue: 'multi', provision_data: { jobs: [{ job_queue: 'child' }] } });
    expect((await parentAgent.poll())?.['job_id']).toBe(parent);
    await parentAgent.post(`/v1/result/${parent}`, { job_state: 'provision' });
    // Without a token, from within provision.
    const connector = new Session(api.url);
    const child = await connector.submit({
      job_queue: 'child',
      allocate_data: { allocate: true },
      parent_job_id: parent,
    });
    expect(await childAgent.poll()).toMatchObject({ job_id: child, parent_job_id: parent });
    await childAgent.post(`/v1/result/${child}`, { job_state: 'allocate' });
    await childAgent.post(`/v1/result/${child}`, { device_info: { device_ip: '10.0.0.9' } });
    await childAgent.post(`/v1/result/${child}`, { job_state: 'allocated' });
    expect((await connector.get(`/v1/result/${child}`)).json).toEqual({
      job_state: 'allocated',
      device_info: { device_ip: '10.0.0.9' },
    });
    expect((await connector.post(`/v1/job/${child}/action`, { action: 'cancel' })).text).toBe('OK');
    expect(await cli.stateOf(child)).toBe('cancelled');
    await childAgent.post(`/v1/result/${child}`, { status: { allocate: 0 }, job_state: 'complete' });
    expect(await cli.stateOf(child)).toBe('cancelled');
    expect(await cli.stateOf(parent)).toBe('provision');
  });
});
