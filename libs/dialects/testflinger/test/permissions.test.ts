import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY } from '../../../../test/access/support.js';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { Session } from '../../../../test/support/testflinger-client.js';
import { RealAgent } from './agent.js';
import { adminOf, newClient } from './clients.js';

describe('logins, in open mode', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ env: { DROVER_JWT_SIGNING_KEY: JWT_KEY } });
    await api.core.store.sql.run(`INSERT INTO testflinger_queue (name, description) VALUES ('vault', '')`);
  });
  afterAll(() => api.close());

  const admin = (): ReturnType<typeof adminOf> => adminOf(api.url);
  const client = (permissions?: Record<string, unknown>): ReturnType<typeof newClient> =>
    newClient(api.url, permissions);

  it('are needed for priorities, restricted queues and long reservations, and must allow them', async () => {
    const http = new Session(api.url);
    const { id, session } = await client({ max_priority: { '*': 5, fast: 10 }, max_reservation_time: { '*': 30_000 } });
    const submit = async (who: Session, job: Record<string, unknown>): Promise<[number, string | undefined]> => {
      const answer = await who.post('/v1/job', job);
      return [answer.status, answer.json.message];
    };
    expect(await submit(http, { job_queue: 'fast', job_priority: 1 })).toEqual([
      401,
      'Authentication required for setting priority: 1',
    ]);
    expect((await submit(http, { job_queue: 'fast', job_priority: -1 }))[0]).toBe(401);
    expect((await submit(http, { job_queue: 'fast', job_priority: 0 }))[0]).toBe(200);
    expect((await submit(session, { job_queue: 'slow', job_priority: 5 }))[0]).toBe(200);
    expect((await submit(session, { job_queue: 'slow', job_priority: 6 }))[0]).toBe(403);
    expect((await submit(session, { job_queue: 'fast', job_priority: '10' }))[0]).toBe(200);
    const reserve = (timeout: unknown) => ({ job_queue: 'slow', reserve_data: { ssh_keys: ['lp:me'], timeout } });
    expect((await submit(http, reserve('6h')))[0]).toBe(200);
    expect(await submit(http, reserve(21_601))).toEqual([401, 'Authentication required for setting timeout: 21601']);
    expect((await submit(session, reserve(30_000)))[0]).toBe(200);
    expect((await submit(session, reserve(30_001)))[0]).toBe(403);

    const root = await admin();
    expect((await root.post('/v1/restricted-queues/nobody-serves-it', { client_id: id })).status).toBe(404);
    expect((await root.post('/v1/restricted-queues/vault', { client_id: 'nobody' })).status).toBe(404);
    expect((await root.post('/v1/restricted-queues/vault', { client_id: '' })).status).toBe(400);
    expect((await root.post('/v1/restricted-queues/vault', {})).status).toBe(422);
    expect((await root.post('/v1/restricted-queues/vault', { client_id: id })).text).toBe('OK');
    expect((await http.get('/v1/restricted-queues')).json).toEqual([{ queue: 'vault', owners: [id] }]);
    expect((await http.get('/v1/restricted-queues/vault')).json).toEqual({ queue: 'vault', owners: [id] });
    expect((await http.get('/v1/restricted-queues/other')).status).toBe(404);
    expect(await submit(http, { job_queue: 'vault' })).toEqual([
      401,
      'Authentication required to push to restricted queue: vault',
    ]);
    // The rights of a client are read from the record: the token it has is enough.
    expect((await submit(session, { job_queue: 'vault' }))[0]).toBe(200);
    const agent = new RealAgent(api.url, 'vault-agent', ['vault', 'slow']);
    await agent.start();
    expect((await agent.get('/v1/agents/data/vault-agent')).json.restricted_to).toEqual({ vault: [id] });
    expect((await agent.poll())?.['job_queue']).toBe('vault');
    expect(await agent.poll()).toBeNull();
    expect((await root.send('DELETE', '/v1/restricted-queues/vault', { client_id: id })).text).toBe('OK');
    expect((await root.send('DELETE', '/v1/restricted-queues/vault', { client_id: id })).status).toBe(404);
    expect((await submit(http, { job_queue: 'vault' }))[0]).toBe(200);
  });

  it('own secrets, sealed in the database, which only the agent of a job reads', async () => {
    const { id, session } = await client();
    const http = new Session(api.url);
    const path = `/v1/secrets/${id}/ci/token`;
    const put = (body: unknown, who = session) => who.send('PUT', path, body);
    expect((await put({ value: 'x' }, http)).status).toBe(401);
    expect((await session.send('PUT', '/v1/secrets/somebody/ci', { value: 'x' })).status).toBe(403);
    for (const bad of [
      {},
      { value: '' },
      { value: 'x', expire_after: 0 },
      { value: 'x', ephemeral: true, expire_after: 5 },
    ])
      expect((await put(bad)).status).toBe(422);
    expect((await session.send('PUT', `/v1/secrets/${id}/bad path`, { value: 'x' })).status).toBe(422);
    const stored = await put({ value: 'hunter2 ü' });
    expect(new Date(stored.json.expires_at).getTime() - Date.now()).toBeGreaterThan(364 * 86_400_000);
    expect(stored.json.expires_at).toMatch(/\+00:00$/);
    expect((await put({ value: 'hunter2 ü', expire_after: null })).json).toEqual({ expires_at: null });
    const [row] = await api.core.store.sql.rows<{ sealed: Buffer }>(
      'SELECT sealed FROM access_secret WHERE client_id = $1',
      [id],
    );
    expect(row?.sealed.includes('hunter2')).toBe(false);

    const job = { job_queue: 'with-secrets', test_data: { test_cmds: 'env', secrets: { TOKEN: 'ci/token' } } };
    expect((await http.post('/v1/job', job)).status).toBe(422);
    const missing = await session.post('/v1/job', { ...job, test_data: { secrets: { A: 'no/such', B: 'ci/token' } } });
    expect([missing.status, missing.json.detail.json]).toEqual([
      422,
      { test_data: { secrets: ['Inaccessible secret paths: no/such'] } },
    ]);
    expect((await session.post('/v1/job', { ...job, test_data: { secrets: { '1A': 'x' } } })).status).toBe(422);
    const other = await client();
    expect((await other.session.post('/v1/job', job)).status).toBe(422);
    const jobId = await session.submit(job);
    // People see paths; the record and the native API, too.
    expect((await http.get(`/v1/job/${jobId}`)).json.test_data.secrets).toEqual({ TOKEN: 'ci/token' });
    expect(JSON.stringify(await api.core.query.get(jobId))).not.toContain('hunter2');
    expect((await http.get('/v1/job?queue=with-secrets')).json.test_data.secrets).toEqual({ TOKEN: 'hunter2 ü' });
    expect((await http.get(`/v1/job/${jobId}`)).json.test_data.secrets).toEqual({ TOKEN: 'ci/token' });

    await put({ value: 'once', ephemeral: true });
    const once = await session.submit(job);
    const twice = await session.submit(job);
    expect((await http.get('/v1/job?queue=with-secrets')).json).toMatchObject({
      job_id: once,
      test_data: { secrets: { TOKEN: 'once' } },
    });
    expect((await http.get('/v1/job?queue=with-secrets')).json).toMatchObject({
      job_id: twice,
      test_data: { secrets: { TOKEN: '' } },
    });
    // A row under another owner, or another path, does not open.
    await put({ value: 'mine' });
    await api.core.store.sql.run(
      'INSERT INTO access_secret SELECT $2, path, sealed, ephemeral, expires_at, created_at FROM access_secret WHERE client_id = $1',
      [id, other.id],
    );
    await other.session.submit(job);
    expect((await http.get('/v1/job?queue=with-secrets')).json.test_data.secrets).toEqual({ TOKEN: '' });
    expect((await session.send('DELETE', path)).text).toBe('OK');
    expect((await session.send('DELETE', path)).text).toBe('OK');
    expect(
      (await session.send('DELETE', path, undefined, { Authorization: `Bearer ${other.session.token}` })).status,
    ).toBe(403);
  });
});
