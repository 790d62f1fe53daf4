import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startApi, type TestApi } from '../support/api.js';
import { Session } from '../support/testflinger-client.js';
import { JWT_KEY, mint } from './support.js';

const basic = (id: string, key: string): Record<string, string> => ({
  Authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`,
});

describe('logins, enforced', () => {
  let api: TestApi;
  const env = {
    DROVER_AUTH: 'oauth2',
    DROVER_JWT_SIGNING_KEY: JWT_KEY,
    DROVER_ENROLMENT_TOKEN: 'a token for new workers',
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
