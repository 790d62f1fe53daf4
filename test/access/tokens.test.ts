import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ClientsService, TokensService } from '@drover/access';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { Session } from '../support/testflinger-client.js';
import { JWT_KEY, mint } from './support.js';

const KEY = 'correct horse battery staple';
const OTHER_KEY = 'another horse, another battery';
const env = {
  DROVER_AUTH: 'oauth2',
  DROVER_JWT_SIGNING_KEY: JWT_KEY,
  DROVER_ENROLMENT_TOKEN: 'a token for new workers',
};
const basic = (id: string, key: string) => ({
  Authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`,
});

/** Two replicas of one installation: what one is told, the other knows with the next request. */
let here: TestApi;
let there: TestApi;
beforeAll(async () => {
  here = await startApi({ env });
  there = await startApi({ env, databaseUrl: here.databaseUrl });
});
afterAll(async () => {
  await there.close();
  await here.close();
});

async function admin(at = here): Promise<Session> {
  const session = new Session(at.url);
  session.token = await mint({ client_id: 'root', role: 'admin' });
  return session;
}

async function put(id: string, change: Record<string, unknown>): Promise<void> {
  const answer = await (await admin()).send('PUT', `/v1/client-permissions/${id}`, change);
  expect([answer.status, answer.text]).toEqual([200, expect.stringContaining(id)]);
}

/** Testflinger's routes know no viewer; the command line makes one this way. */
const demote = (id: string) => here.app.get(ClientsService).put(id, { role: 'viewer' });

async function login(id: string, key = KEY): Promise<{ access: string; refresh: string }> {
  const { status, json } = await new Session(here.url).post('/v1/oauth2/token', undefined, basic(id, key));
  expect(status).toBe(200);
  return { access: json.access_token, refresh: json.refresh_token };
}

async function client(role = 'contributor'): Promise<{ id: string; access: string; refresh: string }> {
  const id = `client-${randomUUID()}`;
  await put(id, { client_secret: KEY, role });
  return { id, ...(await login(id)) };
}

const with_ = (token: string) => ({ Authorization: `Bearer ${token}` });
const reads = async (api: TestApi, token: string) =>
  (await new Session(api.url).get('/api/v1/jobs', with_(token))).status;
const submits = async (api: TestApi, token: string) =>
  (await new Session(api.url).post('/api/v1/jobs', { command: 'true' }, with_(token))).status;
const refreshed = async (token: string) =>
  (await new Session(there.url).post('/v1/oauth2/refresh', { refresh_token: token })).status;

describe('a token', () => {
  it('loses what its client loses with the next request, on every replica', async () => {
    const { id, access } = await client('manager');
    for (const api of [here, there]) expect(await submits(api, access)).toBe(201);
    await demote(id);
    for (const api of [there, here]) expect([await submits(api, access), await reads(api, access)]).toEqual([403, 200]);
    await put(id, { role: 'contributor' });
    expect(await submits(there, access)).toBe(201);
  });

  it('ends with its client at once, on every replica', async () => {
    const { id, access, refresh } = await client();
    for (const api of [here, there]) expect(await reads(api, access)).toBe(200);
    expect((await (await admin()).send('DELETE', `/v1/client-permissions/${id}`)).status).toBe(200);
    for (const api of [there, here]) expect(await reads(api, access)).toBe(401);
    expect(await refreshed(refresh)).toBe(400);
  });

  it('ends with the key it was made for, and so does the refresh token', async () => {
    const { id, access, refresh } = await client();
    await put(id, { max_priority: { '*': 3 } });
    expect([await reads(there, access), await refreshed(refresh)]).toEqual([200, 200]);
    await put(id, { client_secret: OTHER_KEY });
    for (const api of [there, here]) expect(await reads(api, access)).toBe(401);
    expect(await refreshed(refresh)).toBe(400);
    const anew = await login(id, OTHER_KEY);
    expect([await reads(there, anew.access), await refreshed(anew.refresh)]).toEqual([200, 200]);
  });

  it('is none when a new key overtakes the login', async () => {
    const { id } = await client();
    const tokens = here.app.get(TokensService);
    const loggedIn = await here.app.get(ClientsService).login(id, KEY, '127.0.0.1');
    await put(id, { client_secret: OTHER_KEY });
    if (!loggedIn) throw new Error('The key was right.');
    expect(await reads(there, await tokens.access(loggedIn))).toBe(401);
    expect(await refreshed(await tokens.refreshToken(loggedIn))).toBe(400);
  });

  it('stays dead when a client is made again under its name', async () => {
    const { id, access, refresh } = await client('manager');
    const elsewhere = await mint({ client_id: id, role: 'admin' });
    expect(await reads(there, elsewhere)).toBe(200);
    const owner = new Session(here.url);
    owner.token = access;
    await owner.send('PUT', `/v1/secrets/${id}/pass`, { value: 'of the first' });
    const old = await owner.submit({
      job_queue: `lab-${id}`,
      test_data: { test_cmds: 'env', secrets: { PASS: 'pass' } },
    });
    await (await admin()).send('DELETE', `/v1/client-permissions/${id}`);
    // A request that waits ends with its owner.
    const stateOf = async (): Promise<unknown> =>
      (await here.core.store.sql.rows<{ state: string }>('SELECT state FROM job WHERE id = $1', [old]))[0]?.state;
    await expectEventually(async () => (await stateOf()) === 'cancelled');
    // Objects know their owner by name: only an admin who says so gives the name away.
    await put(id, { client_secret: KEY, role: 'contributor', take_over: true });
    for (const api of [there, here]) for (const token of [access, elsewhere]) expect(await reads(api, token)).toBe(401);
    expect(await refreshed(refresh)).toBe(400);
    // The same key, and a token of now: the new client. It keeps its secrets from the jobs of the old one.
    const anew = await login(id);
    expect(await reads(there, anew.access)).toBe(200);
    owner.token = anew.access;
    expect((await owner.send('PUT', `/v1/secrets/${id}/pass`, { value: 'of the second' })).status).toBe(200);
    // As one that still ran then, lost its agent, and waits again.
    await here.core.store.sql.run(
      `UPDATE job SET state = 'queued', cause = NULL, finished_at = NULL, cancel_requested_at = NULL WHERE id = $1`,
      [old],
    );
    const agent = new Session(here.url);
    agent.token = await mint({ client_id: 'rack', role: 'agent' });
    await agent.post('/v1/agents/data/rack-1', { state: 'waiting', queues: [`lab-${id}`] });
    expect((await agent.get(`/v1/job?queue=lab-${id}`)).json).toMatchObject({
      job_id: old,
      test_data: { secrets: { PASS: '' } },
    });
    await owner.submit({ job_queue: `lab-${id}`, test_data: { test_cmds: 'env', secrets: { PASS: 'pass' } } });
    expect((await agent.get(`/v1/job?queue=lab-${id}`)).json).toMatchObject({
      test_data: { secrets: { PASS: 'of the second' } },
    });
  });

  it('made elsewhere with the same key speaks for itself, unless its client is known here', async () => {
    expect(await submits(there, await mint({ client_id: `nobody-${randomUUID()}`, role: 'contributor' }))).toBe(201);
    expect(await submits(there, await mint({ client_id: `nobody-${randomUUID()}` }))).toBe(201);
    const { id } = await client();
    await demote(id);
    expect(await submits(there, await mint({ client_id: id, role: 'admin' }))).toBe(403);
    // One that says it is ours has a client of ours.
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      permissions: { client_id: 'never-was', role: 'admin' },
      gen: 0,
      sub: 'access_token',
      iat: now,
      exp: now + 600,
    };
    expect(
      await reads(there, await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(JWT_KEY))),
    ).toBe(401);
  });

  it('names its key, and is taken while the key is a present or previous one', async () => {
    const next = 'the next key has 32 characters, too';
    const { id, access } = await client();
    const head = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
    expect(head(access)).toMatchObject({ alg: 'HS256', kid: expect.stringMatching(/^[\da-f]{16}$/) });
    const start = (more: Record<string, string>) =>
      startApi({ passive: true, databaseUrl: here.databaseUrl, env: { ...env, ...more } });
    const rotated = await start({ DROVER_JWT_SIGNING_KEY: next, DROVER_JWT_PREVIOUS_KEYS: JWT_KEY });
    const done = await start({ DROVER_JWT_SIGNING_KEY: next });
    try {
      const anew = (await new Session(rotated.url).post('/v1/oauth2/token', undefined, basic(id, KEY))).json
        .access_token;
      expect(head(anew).kid).not.toBe(head(access).kid);
      expect([await reads(rotated, access), await reads(rotated, anew)]).toEqual([200, 200]);
      expect([await reads(done, access), await reads(done, anew)]).toEqual([401, 200]);
      // Made elsewhere, with no name of a key or one of theirs.
      expect(await reads(rotated, await mint({ client_id: 'x', role: 'viewer' }))).toBe(200);
      const now = Math.floor(Date.now() / 1000);
      const theirs = new SignJWT({ permissions: { role: 'viewer' }, sub: 'access_token', iat: now, exp: now + 600 });
      expect(
        await reads(rotated, await theirs.setProtectedHeader({ alg: 'HS256', kid: 'theirs' }).sign(Buffer.from(next))),
      ).toBe(200);
      // The name of one key and the signature of another: forged.
      const mixed = new SignJWT({ permissions: { role: 'viewer' }, sub: 'access_token', iat: now, exp: now + 600 });
      expect(
        await reads(
          rotated,
          await mixed.setProtectedHeader({ alg: 'HS256', kid: head(anew).kid }).sign(Buffer.from(JWT_KEY)),
        ),
      ).toBe(401);
    } finally {
      await rotated.close();
      await done.close();
    }
  });
});

describe('a connection that stays open', () => {
  it.each(['revoked', 'demoted', 'given a new key'])(
    'ends when its client is %s on another replica',
    async (what) => {
      const { id, access } = await client();
      const job = (
        await new Session(here.url).post('/api/v1/jobs', { command: 'sleep 60', queue: `none-${id}` }, with_(access))
      ).json.id;
      const events = await fetch(`${there.url}/api/v1/jobs/${job}/events`, {
        headers: { ...with_(access), Accept: 'text/event-stream' },
      });
      const logs = await fetch(`${there.url}/api/v1/jobs/${job}/logs?follow=true`, {
        headers: { ...with_(access), Accept: 'text/event-stream' },
      });
      expect([events.status, logs.status]).toEqual([200, 200]);
      const ended = [events, logs].map((one) =>
        one.text().then(
          () => 'ended',
          () => 'ended',
        ),
      );
      if (what === 'revoked') await (await admin()).send('DELETE', `/v1/client-permissions/${id}`);
      else if (what === 'demoted') await demote(id);
      else await put(id, { client_secret: OTHER_KEY });
      expect(await Promise.all(ended)).toEqual(['ended', 'ended']);
    },
    15_000,
  );

  it('ends as a websocket, too, and goes on for others', async () => {
    const [one, other] = [await client(), await client()];
    const task = `t-${randomUUID()}`;
    const made = await new Session(here.url).post(
      `/tasks/${task}`,
      { details: { command: ['sleep', '60'] } },
      with_(one.access),
    );
    expect(made.status).toBeLessThan(500);
    const job = randomUUID();
    const open = (token: string) =>
      new Promise<{ closed: Promise<void>; socket: WebSocket }>((resolve, reject) => {
        const socket = new WebSocket(`${there.url.replace('http', 'ws')}/tasks/${task}/jobs/${job}/ws`, {
          headers: with_(token),
        });
        const closed = new Promise<void>((done) => socket.on('close', () => done()));
        socket.on('open', () => resolve({ socket, closed }));
        socket.on('error', reject);
      });
    const [first, second] = [await open(one.access), await open(other.access)];
    await (await admin()).send('DELETE', `/v1/client-permissions/${one.id}`);
    await first.closed;
    second.socket.terminate();
  }, 15_000);
});

describe('equals', () => {
  const asManager = async (api: TestApi, id: string) => {
    const session = new Session(api.url);
    session.token = await mint({ client_id: 'm', role: 'manager' });
    return session.send('PUT', `/v1/client-permissions/${id}`, { client_secret: OTHER_KEY });
  };

  it('may change each other, unless DROVER_EDIT_EQUALS=0 forbids it', async () => {
    const { id } = await client('manager');
    const strict = await startApi({
      passive: true,
      databaseUrl: here.databaseUrl,
      env: { ...env, DROVER_EDIT_EQUALS: '0' },
    });
    try {
      const refused = await asManager(strict, id);
      expect([refused.status, refused.json.message]).toEqual([
        403,
        expect.stringContaining('has insufficient permissions to'),
      ]);
      expect((await asManager(strict, (await client()).id)).status).toBe(200);
      expect((await asManager(strict, `new-${randomUUID()}`)).status).toBe(200);
    } finally {
      await strict.close();
    }
    expect((await asManager(here, id)).status).toBe(200);
  });
});
