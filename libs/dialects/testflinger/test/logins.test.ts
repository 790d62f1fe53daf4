import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../../../../test/access/support.js';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { Session } from '../../../../test/support/testflinger-client.js';
import { adminOf, basic, KEY, newClient } from './clients.js';

describe('logins, in open mode', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ env: { DROVER_JWT_SIGNING_KEY: JWT_KEY } });
  });
  afterAll(() => api.close());

  const admin = (): ReturnType<typeof adminOf> => adminOf(api.url);
  const client = (permissions?: Record<string, unknown>): ReturnType<typeof newClient> =>
    newClient(api.url, permissions);

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
    // The old command line sends and understands this.
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
});
