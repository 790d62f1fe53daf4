import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { FluxClient } from './client.js';

const KEY = 'shared secret of 32 characters or more';
const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
/** As python-jose signs. */
function jwt(payload: object, key = KEY, alg = 'HS256'): string {
  const text = `${base64url({ alg, typ: 'JWT' })}.${base64url(payload)}`;
  return `${text}.${alg === 'none' ? '' : createHmac('sha256', key).update(text).digest('base64url')}`;
}
const proof = (user: string, pass: string, more: object = {}): string => jwt({ user, pass, scope: 'token', ...more });

let api: TestApi;
beforeAll(async () => {
  api = await startApi({
    passive: true,
    env: {
      FLUX_REQUIRE_AUTH: 'yes',
      FLUX_USER: 'root',
      FLUX_TOKEN: 'password',
      FLUX_SECRET_KEY: KEY,
      FLUX_USERS: 'plain:pw,gone:pw:inactive',
      FLUX_SERVER_MODE: 'multi-user',
    },
  });
});
afterAll(() => api.close());

const call = async (
  method: string,
  path: string,
  authorization?: string,
): Promise<{ status: number; body: any; challenge: string | null }> => {
  const answer = await fetch(`${api.url}${path}`, { method, ...(authorization ? { headers: { authorization } } : {}) });
  return { status: answer.status, body: await answer.json(), challenge: answer.headers.get('www-authenticate') };
};

describe('the token dance', () => {
  it('goes 401, token, again without query and with a JSON body; the job is submitted once', async () => {
    const client = new FluxClient(api.url, () => Promise.resolve(proof('plain', 'pw')));
    const submitted = await client.submit('echo hello', { num_tasks: 1, envars: { A: 'b' } });
    expect(submitted.status).toBe(200);
    expect(client.log).toEqual(['POST /v1/jobs/submit 401', 'POST /v1/token 200', 'POST /v1/jobs/submit 200']);
    const list = await client.jobs();
    expect(list.body.jobs).toHaveLength(1);
    expect(list.body.jobs[0]).toMatchObject({ id: submitted.body.id, user: 'plain' });
    expect(client.log.at(-1)).toBe('GET /v1/jobs 200');
    expect((await client.submit('echo again', { exclusive: false })).status).toBe(200);
  });

  it('needs the header of the challenge, and gives the words of each failure', async () => {
    expect(await call('GET', '/v1/jobs')).toEqual({
      status: 401,
      challenge: 'Bearer',
      body: { detail: 'Not authenticated', error: 'invalid_request', message: 'Not authenticated' },
    });
    const now = Math.floor(Date.now() / 1000);
    for (const bad of [
      'nonsense',
      jwt({ sub: '1', exp: now - 10 }),
      jwt({ sub: '1', exp: now + 60 }, 'other key'),
      jwt({ sub: '1', exp: now + 60 }, KEY, 'none'),
      jwt({ sub: '1' }),
    ]) {
      expect(await call('GET', '/v1/jobs', `Bearer ${bad}`)).toMatchObject({
        status: 401,
        challenge: 'Bearer',
        body: { detail: 'Could not validate credentials' },
      });
    }
    expect(await call('GET', '/v1/nodes', `Bearer ${jwt({ sub: '99', exp: now + 60 })}`)).toMatchObject({
      status: 404,
      body: { detail: 'User not found' },
    });
    expect(await call('GET', '/v1/nodes', `Bearer ${jwt({ sub: '3', exp: now + 60 })}`)).toMatchObject({
      status: 400,
      body: { detail: 'Inactive user' },
    });
    for (const path of [
      '/v1/jobs/search',
      '/v1/jobs/1',
      '/v1/jobs/1/output',
      '/v1/jobs/1/output/stream',
      '/v1/jobs/1/metrics',
    ])
      expect((await call('GET', path)).status, path).toBe(401);
  });

  it('never answers 401 on the token route', async () => {
    for (const authorization of [
      undefined,
      'Bearer nonsense',
      `Bearer ${proof('plain', 'wrong')}`,
      `Bearer ${proof('nobody', 'pw')}`,
      `Bearer ${proof('gone', 'pw')}`,
      `Bearer ${jwt({ user: 'plain', pass: 'pw' })}`,
      `Bearer ${proof('plain', 'pw', { scope: 'other' })}`,
      `Bearer ${jwt({ user: 'plain', pass: 'pw', scope: 'token' }, 'other')}`,
      `Bearer ${jwt({ user: 'plain', pass: 'pw', scope: 'token' }, KEY, 'none')}`,
    ]) {
      expect(await call('POST', '/v1/token', authorization), authorization).toMatchObject({
        status: 400,
        body: { Message: 'Denied' },
      });
    }
    const { body } = await call('POST', '/v1/token', `Bearer ${proof('root', 'password')}`);
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer' });
    expect((await call('GET', '/v1/jobs', `Bearer ${body.access_token}`)).status).toBe(200);
  });

  it('takes Basic credentials, too', async () => {
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    expect((await call('GET', '/v1/jobs', basic('root:password'))).status).toBe(200);
    expect(await call('GET', '/v1/jobs', basic('root:wrong'))).toMatchObject({ status: 401, challenge: 'Bearer' });
    expect(await call('GET', '/v1/jobs', basic('gone:pw'))).toMatchObject({
      status: 400,
      body: { detail: 'Inactive user' },
    });
  });

  it('takes name and password as a form', async () => {
    const login = async (form: Record<string, string>): Promise<{ status: number; body: any }> => {
      const answer = await fetch(`${api.url}/v1/login/access-token`, {
        method: 'POST',
        body: new URLSearchParams(form),
      });
      return { status: answer.status, body: await answer.json() };
    };
    const { status, body } = await login({ username: 'plain', password: 'pw' });
    expect(status).toBe(200);
    expect((await call('GET', '/v1/nodes', `Bearer ${body.access_token}`)).status).toBe(200);
    expect(await login({ username: 'plain', password: 'no' })).toMatchObject({
      status: 400,
      body: { detail: 'Incorrect email or password' },
    });
    expect(await login({ username: 'gone', password: 'pw' })).toMatchObject({
      status: 400,
      body: { detail: 'Inactive user' },
    });
    expect(await login({ username: 'plain' })).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'password'] }] },
    });
  });
});

describe('service/stop', () => {
  it('is for the superuser, and refuses where nobody started the whole stack', async () => {
    expect(await call('POST', '/v1/service/stop')).toMatchObject({ status: 401, challenge: 'Bearer' });
    const plain = await call('POST', '/v1/token', `Bearer ${proof('plain', 'pw')}`);
    expect(await call('POST', '/v1/service/stop', `Bearer ${plain.body.access_token}`)).toMatchObject({
      status: 400,
      body: { detail: "The user doesn't have enough privileges" },
    });
    const root = await call('POST', '/v1/token', `Bearer ${proof('root', 'password')}`);
    expect(await call('POST', '/v1/service/stop', `Bearer ${root.body.access_token}`)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('npm start') },
    });
  });

  it('needs the token even where everything else is open', async () => {
    const open = await startApi({ passive: true });
    try {
      const answer = await fetch(`${open.url}/v1/service/stop`, { method: 'POST' });
      expect(answer.status).toBe(401);
      expect((await fetch(`${open.url}/v1/jobs`)).status).toBe(200);
    } finally {
      await open.close();
    }
  });
});
