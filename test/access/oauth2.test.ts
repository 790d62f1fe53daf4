import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startApi, type TestApi } from '../support/api.js';
import { RealAgent, Session, startWebhook } from '../support/testflinger-client.js';
import { JWT_KEY, mint } from './support.js';

const KEY = 'correct horse battery staple';
const basic = (id: string, key: string): Record<string, string> => ({
  Authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`,
});

describe('logins, in open mode', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ env: { DROVER_JWT_SIGNING_KEY: JWT_KEY } });
    await api.core.store.sql.run(`INSERT INTO testflinger_queue (name, description) VALUES ('vault', '')`);
  });
  afterAll(() => api.close());

  async function admin(): Promise<Session> {
    const session = new Session(api.url);
    session.token = await mint({ client_id: 'root', role: 'admin' });
    return session;
  }

  async function client(
    permissions: Record<string, unknown> = {},
  ): Promise<{ id: string; session: Session; refresh: string }> {
    const id = `client-${randomUUID()}`;
    const made = await (
      await admin()
    ).send('PUT', `/v1/client-permissions/${id}`, { client_secret: KEY, role: 'contributor', ...permissions });
    expect(made.text).toBe(`Created permissions for client '${id}'`);
    const session = new Session(api.url);
    const { json } = await session.post('/v1/oauth2/token', undefined, basic(id, KEY));
    expect(json).toEqual({
      access_token: expect.stringMatching(/^ey[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 600,
      refresh_token: expect.stringMatching(/^\S{48,64}$/),
    });
    session.token = json.access_token;
    return { id, session, refresh: json.refresh_token };
  }

  it('give a token for the right key, and keep the key only as argon2id', async () => {
    const { id, session } = await client({ max_priority: { '*': 5 } });
    const [row] = await api.core.store.sql.rows<{ key_hash: string }>(
      'SELECT key_hash FROM access_client WHERE id = $1',
      [id],
    );
    expect(row?.key_hash).toMatch(/^\$argon2id\$/);
    const claims = JSON.parse(Buffer.from(session.token?.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({
      sub: 'access_token',
      permissions: {
        client_id: id,
        role: 'contributor',
        max_priority: { '*': 5 },
        allowed_queues: [],
        max_reservation_time: {},
      },
    });
    expect(claims.exp - claims.iat).toBe(600);
    const open = new Session(api.url);
    for (const headers of [basic(id, 'wrong'), basic('nobody', KEY), basic(id, ''), { Authorization: 'Basic !!' }, {}])
      expect((await open.post('/v1/oauth2/token', undefined, headers)).status).toBe(401);
    // What the old command line sends, and what it understands.
    const bare = await open.post('/v1/oauth2/token', {}, basic(id, KEY));
    expect(bare.text).toMatch(/^ey[\w-]+\.[\w-]+\.[\w-]+$/);
    const old = new Session(api.url);
    expect((await old.get('/v1/agents/data', { Authorization: bare.text })).status).toBe(200);
  });

  it('say of a bad token what is wrong with it, also on open routes, and store nothing', async () => {
    const http = new Session(api.url);
    const lab = `q-${randomUUID()}`;
    const cases: [string, number, string][] = [
      [await mint({}, { age: 3_600 }), 401, 'Token has expired'],
      [await mint({}, { age: -60 }), 401, 'not yet valid'],
      [await mint({}, { key: 'another' }), 403, 'Invalid Token signature'],
      [await mint({}, { without: 'exp' }), 403, 'Token missing required claim: exp'],
      [await mint({}, { without: 'iat' }), 403, 'Token missing required claim: iat'],
      [await mint({}, { without: 'sub' }), 403, 'Token missing required claim: sub'],
      ['rubbish', 403, 'Unable to decode token'],
    ];
    for (const [token, status, message] of cases) {
      const answer = await http.post('/v1/job', { job_queue: lab }, { Authorization: `Bearer ${token}` });
      expect([answer.status, answer.json.message], message).toEqual([status, expect.stringContaining(message)]);
      expect((await http.get('/v1/agents/data', { Authorization: `Bearer ${token}` })).status).toBe(status);
    }
    expect((await http.get(`/v1/queues/${lab}/jobs`)).status).toBe(204);
    // A few seconds of difference between clocks do not matter.
    expect(
      (await http.get('/v1/agents/data', { Authorization: `Bearer ${await mint({}, { age: 602 })}` })).status,
    ).toBe(200);
  });

  it('are refreshed with what the client is allowed now, until somebody revokes them', async () => {
    const { id, refresh } = await client();
    const http = new Session(api.url);
    const root = await admin();
    await root.send('PUT', `/v1/client-permissions/${id}`, { max_priority: { lab: 9 }, email: 'a@b.example' });
    const answer = await http.post('/v1/oauth2/refresh', { refresh_token: refresh });
    expect(Object.keys(answer.json).sort()).toEqual(['access_token', 'expires_in', 'token_type']);
    expect(
      JSON.parse(Buffer.from(answer.json.access_token.split('.')[1], 'base64url').toString()).permissions,
    ).toMatchObject({ max_priority: { lab: 9 }, email: 'a@b.example' });
    expect((await http.post('/v1/oauth2/refresh', { refresh_token: 'unknown' })).status).toBe(400);
    for (const bad of [{}, { refresh_token: '' }, { refresh_token: 1 }])
      expect((await http.post('/v1/oauth2/refresh', bad)).status).toBe(422);
    expect((await http.post('/v1/oauth2/revoke', { refresh_token: refresh })).status).toBe(401);
    expect((await root.post('/v1/oauth2/revoke', { refresh_token: refresh })).json).toEqual({ status: 'OK' });
    expect((await root.post('/v1/oauth2/revoke', { refresh_token: refresh })).status).toBe(400);
    expect((await http.post('/v1/oauth2/refresh', { refresh_token: refresh })).status).toBe(400);
  });

  it('end with the client: its tokens are refused, its refresh tokens and secrets are gone', async () => {
    const { id, session, refresh } = await client();
    expect((await session.send('PUT', `/v1/secrets/${id}/a`, { value: 'v' })).status).toBe(200);
    expect((await session.get('/v1/agents/data')).status).toBe(200);
    const root = await admin();
    expect((await root.send('DELETE', `/v1/client-permissions/${id}`)).text).toBe('OK');
    expect((await root.send('DELETE', `/v1/client-permissions/${id}`)).status).toBe(404);
    expect((await session.get('/v1/agents/data')).status).toBe(401);
    expect((await session.post('/v1/oauth2/refresh', { refresh_token: refresh }, { Authorization: '' })).status).toBe(
      400,
    );
    expect(await api.core.store.sql.rows('SELECT 1 FROM access_secret WHERE client_id = $1', [id])).toEqual([]);
  });

  it('let nobody edit a client above themselves', async () => {
    const manager = new Session(api.url);
    manager.token = await mint({ client_id: 'm', role: 'manager' });
    const id = `client-${randomUUID()}`;
    const put = (body: unknown, who = manager) => who.send('PUT', `/v1/client-permissions/${id}`, body);
    expect((await put({ role: 'agent' })).status).toBe(400);
    expect((await put({ client_secret: KEY, role: 'admin' })).status).toBe(403);
    expect((await put({ client_secret: 'short' })).json.detail.json).toEqual({
      client_secret: ['Shorter than minimum length 15.'],
    });
    expect((await put({ client_secret: KEY, role: 'agent' })).text).toBe(`Created permissions for client '${id}'`);
    expect((await put({ role: 'manager' })).text).toBe(`Updated permissions for client '${id}'`);
    expect((await put({ role: 'king' })).status).toBe(422);
    expect((await put({ role: 'admin' }, await admin())).status).toBe(200);
    expect((await put({ role: 'agent' })).status).toBe(403);
    expect((await manager.get(`/v1/client-permissions/${id}`)).json).toEqual({
      client_id: id,
      role: 'admin',
      max_priority: {},
      allowed_queues: [],
      max_reservation_time: {},
    });
    expect((await manager.get('/v1/client-permissions/nobody')).status).toBe(404);
    expect(
      (await manager.get('/v1/client-permissions')).json.map((one: { client_id: string }) => one.client_id),
    ).toContain(id);
    expect((await put({ client_secret: KEY }, await admin())).status).toBe(200);
    // In upstream's words: its command line prints them.
    expect((await manager.get('/v1/client-permissions/nobody')).json.message).toBe(
      'Error: Specified client_id does not exist.',
    );
    expect((await (await admin()).send('DELETE', '/v1/client-permissions/nobody')).json.message).toBe(
      'Error: Specified client_id does not exist.',
    );
    expect((await put({ role: 'agent' })).json.message).toBe(`m has insufficient permissions to modify client '${id}'`);
    const fresh = (body: unknown) => manager.send('PUT', `/v1/client-permissions/${randomUUID()}`, body);
    expect((await fresh({ role: 'agent' })).json.message).toBe(
      'Error: Missing client_secret in request body for new client',
    );
    expect((await fresh({ client_secret: KEY, role: 'admin' })).json.message).toMatch(
      /^m has insufficient permissions to assign role 'admin' to client '/,
    );
    for (const email of ['nobody', 'a@b@c', 'a b@c.de', '@c.de', 'a@', 'a@c..de']) {
      expect((await fresh({ client_secret: KEY, email })).json, email).toEqual({
        message: 'Validation error',
        detail: { json: { email: ['Not a valid email address.'] } },
      });
    }
    expect((await fresh({ client_secret: KEY, email: 'a.b+c@lab.example' })).status).toBe(200);
    expect(
      (await (await admin()).send('PUT', '/v1/client-permissions/testflinger-admin', { client_secret: KEY })).status,
    ).toBe(422);
    expect((await (await admin()).send('DELETE', '/v1/client-permissions/testflinger-admin')).status).toBe(422);
    // A token without a role is a contributor's.
    const plain = new Session(api.url);
    plain.token = await mint({ client_id: 'x' });
    expect((await plain.get('/v1/client-permissions')).status).toBe(403);
  });

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
    // What a client may do is read from the record: the token it has is enough.
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
    await api.core.store.sql.run(`INSERT INTO access_restricted_queue (queue) VALUES ('vault')`);
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

  it('hold every other API to restricted queues and priorities', async () => {
    const outside = await as('submitter');
    const inside = await as('submitter', { allowed_queues: ['vault'], max_priority: { vault: 3 } });
    const native = (who: Session, job: object) => who.post('/api/v1/jobs', { command: 'true', ...job });
    const refused = await native(outside, { queue: 'vault' });
    expect([refused.status, refused.json.code]).toEqual([403, 'forbidden']);
    expect((await native(inside, { queue: 'vault', priority: 3 })).status).toBe(201);
    expect((await native(inside, { queue: 'vault', priority: 4 })).status).toBe(403);
    expect((await native(outside, { queue: 'default', priority: -1 })).status).toBe(201);
    expect((await native(await as('operator'), { queue: 'default', priority: 100 })).status).toBe(201);
    expect((await outside.post('/v1/jobs/submit?command=true')).status).toBe(200);
    expect((await native(outside, { queue: 'default' })).json.owner).toBe('submitter');
  });

  it('tell other APIs in their own words', async () => {
    const http = new Session(api.url);
    const native = await http.get('/api/v1/jobs');
    expect([
      native.status,
      native.json.code,
      native.headers.get('www-authenticate'),
      native.headers.get('content-type'),
    ]).toEqual([401, 'unauthenticated', 'Bearer', expect.stringContaining('problem+json')]);
    expect((await http.get('/v1/jobs')).json).toMatchObject({ detail: 'Not authenticated' });
    expect((await http.post('/oidc/auth-init')).status).toBe(404);
    const forbidden = await (await as('viewer')).post('/api/v1/jobs', { command: 'true' });
    expect([forbidden.status, forbidden.json.role]).toEqual([403, 'viewer']);
  });

  it('send events only where an operator said', async () => {
    const webhook = await startWebhook();
    const agent = await as('agent');
    expect((await agent.post(`/v1/job/${randomUUID()}/events`, { job_status_webhook: webhook.url })).status).toBe(403);
    expect(webhook.seen).toEqual([]);
    await webhook.close();
  });

  it('guard websockets as they guard requests, and leave a dialect its own login', async () => {
    const path = `/tasks/t/jobs/${randomUUID()}/ws`;
    const open = (url: string, authorization?: string): Promise<number | 'open'> =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, {
          headers: authorization === undefined ? {} : { Authorization: authorization },
        });
        socket.on('open', () => (socket.terminate(), resolve('open')));
        socket.on('unexpected-response', (request, response) => (request.destroy(), resolve(response.statusCode ?? 0)));
        socket.on('error', reject);
      });
    expect(await open(api.url)).toBe(401);
    expect(await open(api.url, `Bearer ${(await as('agent')).token}`)).toBe(401);
    expect(await open(api.url, `Bearer ${await mint({ role: 'viewer' }, { age: 3_600 })}`)).toBe(401);
    expect(await open(api.url, `Bearer ${(await as('viewer')).token}`)).toBe('open');
    const basicToo = await startApi({
      passive: true,
      databaseUrl: api.databaseUrl,
      env: { ...env, BASIC_AUTH_USERNAME: 'u', BASIC_AUTH_PASSWORD: 'p' },
    });
    try {
      expect(await open(basicToo.url, basic('u', 'p').Authorization)).toBe('open');
      expect(await open(basicToo.url, basic('u', 'wrong').Authorization)).toBe(401);
      const http = new Session(basicToo.url);
      expect((await http.get('/tasks', basic('u', 'p'))).status).toBe(200);
      expect((await http.get('/tasks')).status).toBe(401);
      expect((await http.get('/api/v1/jobs', basic('u', 'p'))).status).toBe(401);
    } finally {
      await basicToo.close();
    }
  });

  it('can leave parts open whose clients cannot log in', async () => {
    const open = await startApi({
      passive: true,
      databaseUrl: api.databaseUrl,
      env: { ...env, DROVER_AUTH_OPEN: 'metrics,metric-proxy', DROVER_TESTFLINGER_ANONYMOUS: 'contributor' },
    });
    try {
      const http = new Session(open.url);
      expect((await http.get('/metrics')).status).toBe(200);
      expect((await http.get('/job/list')).status).toBe(200);
      expect((await http.get('/api/v1/jobs')).status).toBe(401);
      expect((await http.post('/v1/job', { job_queue: 'lab' })).status).toBe(200);
      expect((await http.get('/v1/job?queue=lab')).status).toBe(403);
      expect((await http.post(`/v1/result/${randomUUID()}`, {})).status).toBe(403);
    } finally {
      await open.close();
    }
  });
});
