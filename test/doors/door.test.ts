import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startApi, type TestApi } from '../support/api.js';
import { bytes, send } from './support.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const EVIL = { origin: 'http://evil.example' };
const COMMAND = JSON.stringify({ command: 'true' });

/** Every way in that changes something, as a program would use it. */
const CHANGES: [method: string, path: string, headers: Record<string, string>, body?: string][] = [
  ['POST', '/api/v1/jobs', JSON_TYPE, COMMAND],
  ['POST', '/api/v1/queues/default/pause', {}],
  ['POST', '/api/v1/queues/default/resume', {}],
  ['POST', '/v1/jobs/submit', { 'content-type': 'text/plain' }, COMMAND],
  ['POST', '/v1/jobs/submit?command=true', {}],
  ['POST', '/v1/jobs', { 'content-type': 'text/plain' }, JSON.stringify({ id: 'o', user: 'u', nodes: ['n'] })],
  ['POST', '/v1/jobs/x/metrics', JSON_TYPE, JSON.stringify({ cpu_usage: 1, memory_usage_mb: 1 })],
  ['POST', '/tasks/x', { 'content-type': 'text/plain' }, JSON.stringify({ image: 'ubuntu', command: 'true' })],
  [
    'POST',
    '//tasks/x/',
    { 'content-type': 'application/x-www-form-urlencoded' },
    JSON.stringify({ image: 'ubuntu', command: 'true' }),
  ],
  ['POST', '/jobs/submit', { 'content-type': 'application/x-www-form-urlencoded' }, 'command=true'],
  ['POST', '/v1/job', JSON_TYPE, JSON.stringify({ job_queue: 'lab' })],
  ['POST', '/push', JSON_TYPE, JSON.stringify({ key: 'k', doc: 'd' })],
  ['GET', '/push?key=k&doc=d', {}],
  ['GET', '/push/?key=k&doc=d', {}],
  ['HEAD', '/push?key=k&doc=d', {}],
  ['GET', '/accumulate?key=k&value=1', {}],
  ['GET', '/set?key=k&value=1', {}],
  ['GET', '/join?to=/system', {}],
  ['GET', '/join/multiple?to=/system', {}],
  ['GET', '/join//multiple?to=/system', {}],
  ['GET', '/pivot?from=10.0.0.1:1337', {}],
  ['GET', '/leave?from=10.0.0.1:1337', {}],
  ['GET', '/remove?from=10.0.0.1:1337&target=10.0.0.2:1337', {}],
  ['GET', '/disconnect?target=10.0.0.2:1337', {}],
  ['GET', '/alarms/del?targetjob=main&name=x', {}],
  ['GET', '/v1/job?queue=lab', {}],
  ['GET', '/v1/result/00000000-0000-0000-0000-000000000000/output', {}],
  ['GET', '/v1/oauth2/token', {}],
  ['GET', '/job/1/cancel', {}],
  ['DELETE', '/api/v1/jobs/00000000-0000-0000-0000-000000000000', {}],
  ['PUT', '/v1/secrets/x/y', JSON_TYPE, '{"value":"v"}'],
  ['PATCH', '/v1/jobs/x', JSON_TYPE, '{}'],
  ['POST', '/nowhere', {}],
];
const name = ([method, path, headers]: (typeof CHANGES)[number]): string =>
  `${method} ${path} ${headers['content-type'] ?? ''}`;

/** The fields that the client of each dialect looks for in a refusal. */
function expectReadable(json: Record<string, unknown>, code: string): void {
  expect(json).toMatchObject({
    code,
    error: code,
    operation: expect.any(String),
    success: false,
    detail: expect.any(String),
    message: json['detail'],
  });
}

const closing: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));
async function started(env: Record<string, string> = {}): Promise<TestApi> {
  const api = await startApi({ passive: true, env });
  closing.push(() => api.close());
  return api;
}

describe.each<[string, Record<string, string>]>([
  ['without a login', {}],
  ['with a login', { DROVER_AUTH: 'oauth2', DROVER_ENROLMENT_TOKEN: 'sixteen-letters-at-least' }],
])('the door, %s', (_, env) => {
  let api: TestApi;
  let jobs: () => Promise<number>;
  beforeAll(async () => {
    api = await started(env);
    jobs = () => api.core.query.count({});
  });

  it.each(CHANGES.map((one) => [name(one), one] as const))(
    '%s: not from a page of another origin, whatever says so',
    async (_name, [method, path, headers, body]) => {
      const before = await jobs();
      const says: Record<string, string>[] = [
        { origin: 'null' },
        EVIL,
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { origin: api.url.replace('127.0.0.1', 'localhost') },
      ];
      for (const foreign of says) {
        const refused = await send(api.url, method, path, { ...headers, ...foreign }, body);
        expect(refused.status, JSON.stringify(foreign)).toBe(403);
        if (method !== 'HEAD') expectReadable(refused.json, 'foreign_origin');
        expect(refused.head).not.toContain('access-control-allow');
        if (method !== 'HEAD') expect(refused.json.detail).toContain('DROVER_ORIGINS');
      }
      expect(await jobs()).toBe(before);
    },
  );

  it.each(CHANGES.map((one) => [name(one), one] as const))(
    '%s: not under a Host that is none of ours, page or program',
    async (_name, [method, path, headers, body]) => {
      const before = await jobs();
      const host = `evil.example:${new URL(api.url).port}`;
      const also: Record<string, string>[] = [{}, { origin: `http://${host}` }, { 'x-forwarded-host': 'localhost' }];
      for (const more of also) {
        const refused = await send(api.url, method, path, { ...headers, host, ...more }, body);
        expect(refused.status).toBe(421);
        if (method !== 'HEAD') expectReadable(refused.json, 'foreign_host');
        if (method !== 'HEAD') expect(refused.json.detail).toContain('DROVER_HOSTS');
      }
      expect(await jobs()).toBe(before);
    },
  );

  it.each(CHANGES.map((one) => [name(one), one] as const))(
    '%s: a program that sends no Origin gets past the door, by every name of ours',
    async (_name, [method, path, headers, body]) => {
      const { port } = new URL(api.url);
      for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'LOCALHOST', `[::1]:${port}`]) {
        const { status, text } = await send(
          api.url,
          method,
          path,
          { ...headers, host, 'user-agent': 'python-requests/2.32.5', accept: '*/*' },
          body,
        );
        expect([status, text]).not.toEqual([421, expect.anything()]);
        expect(text).not.toContain('foreign_');
        // Without a login, 403 could be the door's only.
        if (env['DROVER_AUTH'] === undefined) expect(status).not.toBe(403);
      }
    },
  );

  it('nothing is read under a foreign Host, the health checks and the document included', async () => {
    for (const path of [
      '/',
      '/livez',
      '/readyz',
      '/metrics',
      '/docs',
      '/docs-json',
      '/api/v1/jobs',
      '/jobs/submit',
      '/tasks/',
      '/v1',
      '/job',
      '/nowhere',
      '*',
    ]) {
      expect((await send(api.url, path === '*' ? 'OPTIONS' : 'GET', path, { host: 'evil.example' })).status, path).toBe(
        421,
      );
    }
  });

  it('a link from another site is followed, but no other page can use what it gets', async () => {
    for (const path of [
      '/',
      '/livez',
      '/jobs',
      '/docs-json',
      '/jobs.html',
      '/topo',
      '/period',
      '/join/list',
      '/alarms',
      '/alarms/list',
      '/tasks/',
    ]) {
      const found = await send(api.url, 'GET', path, {
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        connection: 'close',
      });
      expect(found.status, path).not.toBe(403);
      expect(found.head, path).toContain('cross-origin-resource-policy: same-origin');
      expect(found.head, path).toContain('x-content-type-options: nosniff');
      expect(found.head, path).not.toContain('access-control-allow');
      expect((await send(api.url, 'GET', path, { ...EVIL, connection: 'close' })).head, path).not.toContain(
        'access-control-allow',
      );
    }
  });

  it('no websocket opens from a page of another origin, or under a foreign Host', async () => {
    const at = `${api.url.replace('http', 'ws')}/tasks/x/jobs/00000000-0000-0000-0000-000000000000/ws`;
    const answers = (headers: Record<string, string>): Promise<number> =>
      new Promise((resolve) => {
        const socket = new WebSocket(at, { headers });
        socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
        socket.once('open', () => resolve(101));
        socket.once('error', () => undefined);
        closing.push(async () => socket.terminate());
      });
    const open = env['DROVER_AUTH'] === undefined ? 101 : 401;
    expect(await answers({ Origin: 'http://evil.example' })).toBe(403);
    expect(await answers({ Origin: 'null' })).toBe(403);
    expect(await answers({ Host: 'evil.example' })).toBe(421);
    expect(await answers({ Host: 'evil.example', Origin: 'http://evil.example' })).toBe(421);
    expect(await answers({})).toBe(open);
    expect(await answers({ Origin: api.url })).toBe(open);
  });

  it.each(['/job/%/cancel', '/job/%zz/cancel', '/push%', '/v1/result/%/output', '/%', '/push/%ff', '/push\u00a0'])(
    'answers %j, which cannot be decoded, like any other path: nothing ends by it',
    async (path) => {
      for (const more of [{}, EVIL]) expect((await send(api.url, 'GET', path, more)).status).toBeLessThan(500);
      expect((await send(api.url, 'GET', '/livez')).status).toBe(200);
    },
  );

  it('judges before the body is read: a refused upload is answered at its head', async () => {
    const refused = await bytes(
      api.url,
      `POST /v1/jobs/submit HTTP/1.1\nHost: 127.0.0.1\nOrigin: http://evil.example\nContent-Length: 1000000000\n\n`,
    );
    expect(refused.status).toBe(403);
  });

  it('takes HTTP/1.0 without a Host, an absolute target of ours, and refuses two Hosts and a foreign target', async () => {
    const { host } = new URL(api.url);
    expect((await bytes(api.url, 'GET /livez HTTP/1.0\n\n')).status).toBe(200);
    expect((await bytes(api.url, `GET http://${host}/livez HTTP/1.1\nHost: ${host}\n\n`)).status).toBe(200);
    expect((await bytes(api.url, `GET http://evil.example/livez HTTP/1.1\nHost: ${host}\n\n`)).status).toBe(421);
    expect((await bytes(api.url, `GET http://${host}/livez HTTP/1.1\nHost: evil.example\n\n`)).status).toBe(421);
    expect(
      (await bytes(api.url, `GET http://${host}/push?key=k HTTP/1.1\nHost: ${host}\nOrigin: null\n\n`)).status,
    ).toBe(403);
    for (const both of [
      `Host: ${host}\nHost: evil.example`,
      `Host: evil.example\nHost: ${host}`,
      `Host: ${host}\nhost: ${host}`,
    ]) {
      const refused = await bytes(api.url, `GET /livez HTTP/1.1\n${both}\n\n`);
      expect(refused.status, both).toBe(400);
    }
    expect((await bytes(api.url, 'GET /livez HTTP/1.1\nHost:\n\n')).status).toBe(421);
    expect((await bytes(api.url, 'GET /livez HTTP/1.1\n\n')).status).toBe(400);
  });

  it('a browser over plain HTTP beyond loopback says neither Origin nor Sec-Fetch-Site with an image: its Referer has to be ours', async () => {
    const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140', 'accept-language': 'en' };
    expect((await send(api.url, 'GET', '/push?key=k', browser)).status).toBe(403);
    expect((await send(api.url, 'GET', '/push?key=k', { ...browser, referer: 'http://evil.example/' })).status).toBe(
      403,
    );
    expect((await send(api.url, 'GET', '/push?key=k', { ...browser, referer: `${api.url}/alarms.html` })).status).toBe(
      env['DROVER_AUTH'] === undefined ? 200 : 401,
    );
  });
});

describe('origins that a setting names', () => {
  it('DROVER_ORIGINS: they read every answer and change what their login may, after a preflight that names them', async () => {
    const api = await started({ DROVER_ORIGINS: 'https://Console.example:443, http://10.1.2.3:3000' });
    for (const origin of ['https://console.example', 'http://10.1.2.3:3000']) {
      const asked = { origin, 'sec-fetch-site': 'cross-site' };
      for (const path of ['/api/v1/jobs', '/v1/jobs/submit', '/push', '/tasks/x', '/nowhere']) {
        const preflight = await send(api.url, 'OPTIONS', path, {
          ...asked,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        });
        expect([preflight.status, path]).toEqual([204, path]);
        for (const line of [
          `access-control-allow-origin: ${origin}`,
          'vary: origin',
          'access-control-allow-headers: authorization,content-type',
          ' post, ',
        ])
          expect(preflight.head).toContain(line);
      }
      const made = await send(api.url, 'POST', '/api/v1/jobs', { ...JSON_TYPE, ...asked }, COMMAND);
      expect([made.status, made.head]).toEqual([
        201,
        expect.stringContaining(`access-control-allow-origin: ${origin}`),
      ]);
      expect((await send(api.url, 'GET', '/push?key=k', asked)).status).toBe(200);
    }
    expect(
      (await send(api.url, 'POST', '/api/v1/jobs', { ...JSON_TYPE, origin: 'http://console.example' }, COMMAND)).status,
    ).toBe(403);
    expect((await send(api.url, 'POST', '/api/v1/jobs', { ...JSON_TYPE, origin: 'null' }, COMMAND)).status).toBe(403);
    const other = await send(api.url, 'OPTIONS', '/api/v1/jobs', { ...EVIL, 'access-control-request-method': 'POST' });
    expect(other.head).not.toContain('access-control-allow');
  });

  it('CORS_ORIGINS of fastlane: named ones read and change tasks and nothing else; * lets everybody read tasks, and change nothing', async () => {
    const task = JSON.stringify({ image: 'ubuntu', command: 'true' });
    const named = await started({ CORS_ORIGINS: 'http://a.example' });
    const from = { origin: 'http://a.example' };
    const made = await send(named.url, 'POST', '/tasks/x/', { ...JSON_TYPE, ...from }, task);
    expect([made.status, made.head]).toEqual([
      200,
      expect.stringContaining('access-control-allow-origin: http://a.example'),
    ]);
    expect((await send(named.url, 'POST', '/api/v1/jobs', { ...JSON_TYPE, ...from }, COMMAND)).status).toBe(403);
    expect((await send(named.url, 'GET', '/push?key=k', from)).status).toBe(403);

    const open = await started({ CORS_ORIGINS: '*' });
    const read = await send(open.url, 'GET', '/tasks/', from);
    expect([read.status, read.head]).toEqual([
      200,
      expect.stringContaining('access-control-allow-origin: http://a.example'),
    ]);
    const preflight = await send(open.url, 'OPTIONS', '/tasks/x/', {
      ...from,
      'access-control-request-method': 'POST',
    });
    expect(preflight.head).toContain('access-control-allow-methods: get, head, options\r\n');
    for (const origin of ['http://a.example', 'null', '*'])
      expect((await send(open.url, 'POST', '/tasks/x/', { ...JSON_TYPE, origin }, task)).status, origin).toBe(403);

    const off = await started({ CORS_ORIGINS: 'http://a.example', ENABLE_CORS: 'false' });
    expect((await send(off.url, 'POST', '/tasks/x/', { ...JSON_TYPE, ...from }, task)).status).toBe(403);
  });

  it('DROVER_PUBLIC_URL: pages of this API behind a proxy that changes Host are our own', async () => {
    const api = await started({ DROVER_PUBLIC_URL: 'https://drover.example/' });
    const from = { origin: 'https://drover.example', 'sec-fetch-site': 'same-origin' };
    expect((await send(api.url, 'POST', '/api/v1/jobs', { ...JSON_TYPE, ...from }, COMMAND)).status).toBe(201);
    expect(
      (await send(api.url, 'POST', '/api/v1/jobs', { ...JSON_TYPE, ...from, host: 'drover.example' }, COMMAND)).status,
    ).toBe(201);
    expect(
      (await send(api.url, 'POST', '/api/v1/jobs', { ...JSON_TYPE, origin: 'http://drover.example' }, COMMAND)).status,
    ).toBe(403);
  });

  it.each([
    ['DROVER_ORIGINS', '*'],
    ['DROVER_ORIGINS', 'null'],
    ['DROVER_ORIGINS', 'console.example'],
    ['DROVER_ORIGINS', 'https://console.example/path'],
    ['DROVER_HOSTS', '*'],
    ['DROVER_HOSTS', 'http://broker'],
    ['DROVER_HOSTS', 'broker:8080'],
    ['CORS_ORIGINS', 'a.example'],
  ])('%s=%s is refused at the start, with the reason', async (variable, value) => {
    await expect(startApi({ env: { [variable]: value } })).rejects.toThrow(`${variable}=${value}: must `);
  });
});

describe('names that a setting adds', () => {
  it('DROVER_HOSTS: what a container network calls the proxy, and every name below a domain', async () => {
    const api = await started({ DROVER_HOSTS: 'proxy,*.svc.cluster.local' });
    for (const host of ['proxy:8080', 'drover.lab.svc.cluster.local:8080'])
      expect((await send(api.url, 'GET', '/livez', { host })).status).toBe(200);
    expect((await send(api.url, 'GET', '/livez', { host: 'proxy.evil.example' })).status).toBe(421);
  });
});
