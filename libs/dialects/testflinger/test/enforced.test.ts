import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../../../../test/access/support.js';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { Session } from '../../../../test/support/testflinger-client.js';
import { RealAgent, startWebhook } from './agent.js';

describe('logins, enforced', () => {
  let api: TestApi;
  const env = {
    DROVER_AUTH: 'oauth2',
    DROVER_JWT_SIGNING_KEY: JWT_KEY,
    DROVER_ENROLMENT_TOKEN: 'a token for new workers',
    DROVER_WEBHOOK_NETWORKS: 'loopback',
  };
  beforeAll(async () => {
    api = await startApi({ env });
  });
  afterAll(() => api.close());
  const as = async (role: string, more: object = {}): Promise<Session> => {
    const session = new Session(api.url);
    session.token = await mint({ client_id: role, role, ...more });
    return session;
  };

  it('let the real agent and command line do all of a job, each with its token', async () => {
    const cli = await as('contributor');
    const agent = new RealAgent(api.url, 'agent-1', ['lab']);
    agent.token = await mint({ client_id: 'lab-agents', role: 'agent' });
    expect((await cli.get('/v1/queues/lab/agents')).json).toEqual({
      message: "Queue 'lab' does not exist.",
      detail: {},
    });
    await agent.start();
    const id = await cli.submit({ job_queue: 'lab', test_data: { test_cmds: 'true' } });
    expect((await cli.get(`/v1/job/${id}`)).json).toMatchObject({ exclude_agents: [] });
    expect((await cli.get(`/v1/job?queue=lab`)).status).toBe(403);
    const job = await agent.poll();
    await agent.run(job as Record<string, any>, { test: 2 });
    expect((await cli.get(`/v1/result/${id}`)).json).toMatchObject({ job_state: 'complete', test_status: 2 });
    expect(await api.core.query.get(id)).toMatchObject({ owner: 'contributor', node: 'agent-1', state: 'failed' });
    expect((await agent.post('/v1/agents/provision_logs/stranger', { job_id: id, exit_code: 0 })).status).toBe(404);
  });

  it('ask for the cookie of the agent that takes a job', async () => {
    const nameless = await as('agent');
    expect((await nameless.get('/v1/job?queue=lab')).status).toBe(401);
    await nameless.post('/v1/agents/data/named', { state: 'waiting' });
    expect((await nameless.get('/v1/job?queue=lab')).status).toBe(204);
  });

  it('keep an id to its owner when it is submitted again', async () => {
    const [one, two] = [await as('contributor'), await as('contributor', { client_id: 'two' })];
    const job_id = randomUUID();
    expect((await one.post('/v1/job', { job_queue: 'lab', job_id })).status).toBe(200);
    expect((await two.post('/v1/job', { job_queue: 'lab', job_id })).status).toBe(403);
    expect((await (await as('manager')).post('/v1/job', { job_queue: 'lab', job_id })).status).toBe(200);
  });

  it('send events only where an operator said', async () => {
    const webhook = await startWebhook();
    const agent = await as('agent');
    expect((await agent.post(`/v1/job/${randomUUID()}/events`, { job_status_webhook: webhook.url })).status).toBe(403);
    expect(webhook.seen).toEqual([]);
    await webhook.close();
  });
});
