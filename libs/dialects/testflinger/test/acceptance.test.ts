import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { Session } from '../../../../test/support/testflinger-client.js';
import { startWebhook, ZERO } from './agent.js';

/** The examples of the document, in its order, on a fresh server. */
describe('the examples of the Testflinger document, on a fresh server in open mode', () => {
  let api: TestApi;
  let http: Session;
  beforeAll(async () => {
    api = await startApi({ env: { DROVER_WEBHOOK_NETWORKS: 'loopback' } });
    http = new Session(api.url);
  });
  afterAll(() => api.close());

  it('take a job with an unknown option and give it to the agent', async () => {
    const submitted = await http.post('/v1/job', { job_queue: 'myqueue', option: 'foo' });
    expect(submitted.status).toBe(200);
    expect(submitted.json.job_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/);
    const taken = await http.get('/v1/job?queue=myqueue');
    expect(taken.json).toMatchObject({ job_queue: 'myqueue', option: 'foo', job_id: submitted.json.job_id });
  });

  it('give nothing for queues without jobs, and want a queue', async () => {
    const nothing = await http.get('/v1/job?queue=foo&queue=bar');
    expect([nothing.status, nothing.text]).toEqual([204, '']);
    expect((await http.get('/v1/job')).status).toBe(400);
  });

  it('find no job with both tags', async () => {
    const found = await http.get('/v1/job/search?tags=foo&tags=bar&match=all');
    expect([found.status, found.json]).toEqual([200, []]);
  });

  it('keep results of an id that was never submitted', async () => {
    expect((await http.get(`/v1/result/${ZERO}`)).status).toBe(204);
    const posted = await http.post(`/v1/result/${ZERO}`, { exit_code: 0, output: 'foo' });
    expect([posted.status, posted.text]).toEqual([200, 'OK']);
    expect((await http.get(`/v1/result/${ZERO}`)).json).toEqual({ exit_code: 0, output: 'foo' });
  });

  it('keep artifacts, byte by byte', async () => {
    expect((await http.bytes(`/v1/result/${ZERO}/artifact`)).status).toBe(204);
    const bytes = Buffer.from(Array.from({ length: 5_000 }, (_, i) => i % 256));
    expect(await http.upload(`/v1/result/${ZERO}/artifact`, bytes)).toMatchObject({ status: 200, text: 'OK' });
    const got = await http.bytes(`/v1/result/${ZERO}/artifact`);
    expect(got.status).toBe(200);
    expect(got.bytes.equals(bytes)).toBe(true);
    expect(got.headers.get('content-encoding')).toBeNull();
  });

  it('list queues and images', async () => {
    const queues = { myqueue: 'queue 1', myqueue2: 'queue 2' };
    expect((await http.post('/v1/agents/queues', queues)).text).toBe('OK');
    expect((await http.get('/v1/agents/queues')).json).toEqual(queues);
    expect((await http.post('/v1/agents/images', { myqueue: { image1: 'url: http://place/imgae1' } })).status).toBe(
      200,
    );
    expect((await http.get('/v1/agents/images/myqueue')).json).toEqual({ image1: 'url: http://place/imgae1' });
  });

  it('do not find an unknown job to cancel', async () => {
    expect((await http.post(`/v1/job/${ZERO}/action`, { action: 'cancel' })).status).toBe(404);
    expect((await http.post(`/v1/job/${ZERO}/action`, { action: 'dance' })).status).toBe(422);
  });

  it('list agents, and log a provision of one that never spoke', async () => {
    expect((await http.get('/v1/agents/data')).json).toEqual([]);
    const logged = await http.post('/v1/agents/provision_logs/myagent', { job_id: ZERO, exit_code: 1, detail: 'foo' });
    expect([logged.status, logged.text]).toEqual([200, 'OK']);
  });

  it('pass events on to the webhook and answer with its text', async () => {
    const webhook = await startWebhook();
    const events = [
      {
        event_name: 'started_provisioning',
        timestamp: '2024-05-03T19:11:33.541130+00:00',
        detail: 'my_detailed_message',
      },
    ];
    const answer = await http.post(`/v1/job/${ZERO}/events`, {
      agent_id: 'agent-00',
      job_queue: 'myqueue',
      job_status_webhook: webhook.url,
      events,
    });
    expect([answer.status, answer.text]).toEqual([200, 'webhook says OK']);
    expect(webhook.seen.map(({ method, body }) => [method, JSON.parse(body)])).toEqual([
      ['PUT', { agent_id: 'agent-00', job_queue: 'myqueue', events }],
    ]);
    await webhook.close();
    expect((await http.post(`/v1/job/${ZERO}/events`, { events })).status).toBe(400);
  });

  it('know no wait times, and no agents of queues nobody serves', async () => {
    expect((await http.get('/v1/queues/wait_times?queue=foo&queue=bar')).json).toEqual({});
    const agents = await http.get('/v1/queues/foo/agents');
    expect([agents.status, agents.json]).toEqual([200, []]);
  });

  it('give no token for made-up credentials, by POST and by GET', async () => {
    const headers = { Authorization: `Basic ${Buffer.from('made:up').toString('base64')}` };
    expect((await http.post('/v1/oauth2/token', undefined, headers)).status).toBe(401);
    expect((await http.get('/v1/oauth2/token', headers)).status).toBe(401);
    expect((await http.get('/v1/oauth2/token')).status).toBe(401);
  });
});
