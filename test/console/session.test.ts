import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientsService } from '@drover/access';
import { otherSite, send } from '../doors/support.js';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';

// This runs in the pages; the types of browsers are no part of this project.
/* eslint-disable @typescript-eslint/no-explicit-any */
declare const document: any, location: any;
/* eslint-enable @typescript-eslint/no-explicit-any */

const KEY = 'a-key-of-ada-that-nobody-guesses';
const JSON_TYPE = { 'content-type': 'application/json' };
/** The headers that a browser adds to what our own page sends. */
const OWN = { 'sec-fetch-site': 'same-origin' };

let api: TestApi;
let clients: ClientsService;
let browser: Browser;
let site: Awaited<ReturnType<typeof otherSite>>;
let port: string;

beforeAll(async () => {
  site = await otherSite();
  [browser, api] = await Promise.all([
    openBrowser({
      resolve: ['app.example', 'sub.app.example', 'evil.example'].map((name): [string, string] => [name, '127.0.0.1']),
    }),
    startApi({ env: { DROVER_AUTH: 'oauth2', DROVER_HOSTS: 'app.example' } }),
  ]);
  ({ port } = new URL(api.url));
  clients = api.app.get(ClientsService);
  await clients.create('ada', { key: KEY, role: 'submitter' });
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
  site?.server.close();
});

/** Logs in as a program does; gives the cookie as it is sent back, and as it was set. */
async function logIn(
  client_id = 'ada',
  headers: Record<string, string> = {},
): Promise<{ cookie: string; set: string }> {
  const answer = await send(
    api.url,
    'POST',
    '/api/v1/session',
    { ...JSON_TYPE, ...headers },
    JSON.stringify({ client_id, key: KEY }),
  );
  expect(answer.status).toBe(200);
  const set = /^set-cookie: (.+)$/im.exec(answer.head)?.[1]?.trim() ?? '';
  // The head came in lower case: the value is taken from an answer that keeps it.
  const raw = await fetch(`${api.url}/api/v1/session`, {
    method: 'POST',
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify({ client_id, key: KEY }),
  });
  return { cookie: (raw.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '', set };
}

const listJobs = (headers: Record<string, string>): Promise<number> =>
  send(api.url, 'GET', '/api/v1/jobs?limit=1', headers).then(({ status }) => status);

describe('a session', () => {
  it('is a cookie that no script reads, no other site sends and that ends, and says who its client is', async () => {
    const { cookie, set } = await logIn();
    expect(set).toMatch(/^drover_session=[\w-]{48}; path=\/; expires=\w{3}, .+ gmt; httponly; samesite=strict$/);
    const until = Date.parse(/expires=([^;]+)/.exec(set)?.[1] ?? '');
    expect(until - Date.now()).toBeGreaterThan(11 * 3_600_000);
    expect(until - Date.now()).toBeLessThanOrEqual(12 * 3_600_000 + 1_000);
    const { json } = await send(api.url, 'GET', '/api/v1/session', { cookie, ...OWN });
    expect(json).toEqual({
      auth: 'oauth2',
      client_id: 'ada',
      role: 'submitter',
      project: 'default',
      abilities: ['read', 'submit'],
      expires_at: expect.any(String) as string,
    });
    expect(await listJobs({ cookie, ...OWN })).toBe(200);
  });

  it('goes over TLS alone, for this host alone, where the browser came over TLS', async () => {
    const { set } = await logIn('ada', { origin: `https://127.0.0.1:${port}` });
    expect(set).toMatch(/^__host-drover_session=.+; path=\/; .+; httponly; samesite=strict; secure$/);
  });

  it('counts for nothing that does not prove to come from our own page', async () => {
    const { cookie } = await logIn();
    const browserWords = { 'user-agent': 'Mozilla/5.0 Chrome/140', 'accept-language': 'en' };
    for (const headers of [
      {},
      browserWords,
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { ...browserWords, referer: 'http://evil.example/' },
    ] as Record<string, string>[])
      expect([headers, await listJobs({ cookie, ...headers })]).toEqual([headers, 401]);
    const submit = (headers: Record<string, string>): ReturnType<typeof send> =>
      send(api.url, 'POST', '/api/v1/jobs', { cookie, ...JSON_TYPE, ...headers }, '{"command":"true"}');
    expect((await submit({})).status).toBe(401);
    expect((await submit({ origin: 'http://evil.example' })).status).toBe(403);
    expect((await submit({ origin: `http://127.0.0.1:${port}` })).status).toBe(201);
  });

  it('stands back where a token comes with the request', async () => {
    const { cookie } = await logIn();
    expect(await listJobs({ cookie, ...OWN, authorization: 'Bearer nonsense' })).toBe(401);
  });

  it('is no refresh token, and a refresh token is no session', async () => {
    const { cookie } = await logIn();
    const value = cookie.split('=')[1] ?? '';
    const refreshed = await send(
      api.url,
      'POST',
      '/v1/oauth2/refresh',
      JSON_TYPE,
      JSON.stringify({ refresh_token: value }),
    );
    expect(refreshed.status).toBe(400);
    const basic = Buffer.from(`ada:${KEY}`).toString('base64');
    const { json } = await send(api.url, 'POST', '/v1/oauth2/token', { authorization: `Basic ${basic}` });
    expect(await listJobs({ cookie: `drover_session=${json.refresh_token}`, ...OWN })).toBe(401);
  });

  it('is refused in a sentence for a wrong key and an unknown client, with the same answer', async () => {
    const wrong = await Promise.all(
      [
        { client_id: 'ada', key: 'another-key-than-hers' },
        { client_id: 'nobody-at-all', key: KEY },
      ].map((body) => send(api.url, 'POST', '/api/v1/session', JSON_TYPE, JSON.stringify(body))),
    );
    expect(wrong.map(({ status }) => status)).toEqual([401, 401]);
    expect(wrong[0]?.json).toEqual(wrong[1]?.json);
    expect(wrong[0]?.head).not.toContain('set-cookie');
    const without = await send(api.url, 'POST', '/api/v1/session', JSON_TYPE, '{"client_id":"ada"}');
    expect([without.status, without.json.errors[0].field]).toEqual([422, 'key']);
    const large = JSON.stringify({ client_id: 'ada', key: 'k'.repeat(9_000) });
    expect((await send(api.url, 'POST', '/api/v1/session', JSON_TYPE, large)).status).toBe(413);
  });

  it('ends with a log-out, here and for whoever has copied the cookie, and its streams end with it', async () => {
    const { cookie } = await logIn();
    const stream = await fetch(`${api.url}/api/v1/events`, { headers: { cookie, ...OWN } });
    expect(stream.status).toBe(200);
    const ended = stream.text().catch(() => 'cut');
    const out = await send(api.url, 'DELETE', '/api/v1/session', { cookie, ...OWN });
    expect(out.status).toBe(204);
    expect(out.head).toMatch(/set-cookie: drover_session=; path=\/; expires=thu, 01 jan 1970/);
    expect(await listJobs({ cookie, ...OWN })).toBe(401);
    await ended;
    const { json } = await send(api.url, 'GET', '/api/v1/session', { cookie, ...OWN });
    expect(json).toMatchObject({ auth: 'oauth2', client_id: null, abilities: [] });
    // Again is no fault.
    expect((await send(api.url, 'DELETE', '/api/v1/session', { cookie, ...OWN })).status).toBe(204);
  });

  it.each([
    ['revoked', (id: string) => clients.revoke(id)],
    ['given a new key', (id: string) => clients.put(id, { key: 'another-key-of-this-client' }).then(() => undefined)],
  ])('ends when its client is %s', async (what, change) => {
    const id = `client-${what.length}`;
    await clients.create(id, { key: KEY, role: 'submitter' });
    const { cookie } = await logIn(id);
    expect(await listJobs({ cookie, ...OWN })).toBe(200);
    await change(id);
    expect(await listJobs({ cookie, ...OWN })).toBe(401);
  });

  it('may do at once what its client may do now', async () => {
    await clients.create('climber', { key: KEY, role: 'viewer' });
    const { cookie } = await logIn('climber');
    const submit = (): Promise<number> =>
      send(api.url, 'POST', '/api/v1/jobs', { cookie, ...JSON_TYPE, ...OWN }, '{"command":"true"}').then(
        (a) => a.status,
      );
    expect(await submit()).toBe(403);
    await clients.put('climber', { role: 'submitter' });
    expect(await submit()).toBe(201);
  });
});

describe('a page of somebody else cannot use the session of a browser that is logged in', () => {
  /** A browser in which somebody is logged in at app.example, over plain HTTP, and at 127.0.0.1, which browsers trust. */
  async function loggedIn(): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext();
    const page = await context.newPage();
    for (const host of ['app.example', '127.0.0.1']) {
      await page.goto(`http://${host}:${port}/docs`);
      const status = await page.evaluate(
        ([key]) =>
          fetch('/api/v1/session', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ client_id: 'ada', key }),
          }).then((answer) => answer.status),
        [KEY] as const,
      );
      expect(status).toBe(200);
      const seen = await page.evaluate(async () => [
        document.cookie,
        (await fetch('/api/v1/jobs?limit=1')).status,
        await fetch('/api/v1/jobs', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"command":"true","queue":"own"}',
        }).then((answer) => answer.status),
      ]);
      expect(seen).toEqual(['', 200, 201]);
    }
    return { context, page };
  }

  const jobs = async (): Promise<number> => (await api.core.query.list({}, { limit: 500 })).jobs.length;

  it.each([
    ['another site', () => `http://evil.example:${site.port}`],
    ['a subdomain', () => `http://sub.app.example:${site.port}`],
    ['another port of the same host', () => `http://app.example:${site.port}`],
    ['another port of 127.0.0.1', () => `http://127.0.0.1:${site.port}`],
  ])('%s: no fetch, form, frame, image, window or stream does or reads anything', async (_, origin) => {
    const { context, page } = await loggedIn();
    const before = await jobs();
    for (const target of [`http://app.example:${port}`, `http://127.0.0.1:${port}`]) {
      await page.goto(`${origin()}/page`);
      const got = await page.evaluate(async (url) => {
        const outcome = (asking: Promise<Response>): Promise<string> =>
          asking.then(
            async (answer) => `${answer.type} ${answer.status} ${await answer.text()}`,
            () => 'refused',
          );
        const credentials = 'include' as const;
        const body = '{"command":"touch /tmp/drover-session"}';
        return Promise.all([
          outcome(fetch(`${url}/api/v1/jobs`, { credentials })),
          outcome(fetch(`${url}/api/v1/jobs`, { credentials, mode: 'no-cors' })),
          outcome(fetch(`${url}/api/v1/jobs`, { credentials, referrerPolicy: 'no-referrer', mode: 'no-cors' })),
          outcome(
            fetch(`${url}/api/v1/jobs`, {
              credentials,
              method: 'POST',
              mode: 'no-cors',
              headers: { 'content-type': 'text/plain' },
              body,
            }),
          ),
          outcome(
            fetch(`${url}/api/v1/jobs`, {
              credentials,
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body,
            }),
          ),
          outcome(fetch(`${url}/api/v1/session`, { credentials, method: 'DELETE' })),
        ]);
      }, target);
      expect(got).toEqual(['refused', 'refused', 'refused', 'opaque 0 ', 'refused', 'refused']);

      const [answer] = await Promise.all([
        page.waitForNavigation(),
        page.evaluate((url) => {
          const form = document.createElement('form');
          Object.assign(form, { action: `${url}/api/v1/jobs`, method: 'post', enctype: 'text/plain' });
          form.append(Object.assign(document.createElement('input'), { name: '{"command":"true","x":"', value: '"}' }));
          document.body.append(form);
          form.submit();
        }, target),
      ]);
      expect(answer?.status()).toBe(403);

      // A link that is followed shows the page of the console, which is nobody's; the API's answers it does not show.
      await page.goto(`${origin()}/page`);
      const [shown] = await Promise.all([
        page.waitForNavigation(),
        page.evaluate((url) => void (location.href = `${url}/api/v1/jobs`), target),
      ]);
      expect(shown?.status()).toBe(401);
    }
    expect(await jobs()).toBe(before);
    await context.close();
  });

  it('nor can it log the browser in as somebody else, or log it out', async () => {
    const { context, page } = await loggedIn();
    await page.goto(`http://evil.example:${site.port}/page`);
    const [answer] = await Promise.all([
      page.waitForNavigation(),
      page.evaluate((url) => {
        const form = document.createElement('form');
        Object.assign(form, { action: `${url}/api/v1/session`, method: 'post', enctype: 'text/plain' });
        form.append(
          Object.assign(document.createElement('input'), { name: '{"client_id":"eve","key":"', value: 'x"}' }),
        );
        document.body.append(form);
        form.submit();
      }, `http://app.example:${port}`),
    ]);
    expect(answer?.status()).toBe(403);
    await page.goto(`http://app.example:${port}/docs`);
    await expectEventually(async () => {
      const session = await page.evaluate(() => fetch('/api/v1/session').then((one) => one.json()));
      expect((session as { client_id: string }).client_id).toBe('ada');
    });
    await context.close();
  });
});

describe('where nobody logs in', () => {
  it('every request may do everything, says so, and there is nothing to log in to', async () => {
    const open = await startApi({ passive: true });
    try {
      const { json } = await send(open.url, 'GET', '/api/v1/session');
      expect(json).toMatchObject({ auth: 'none', client_id: null, project: 'default' });
      expect(json.abilities).toEqual(['read', 'submit', 'agent', 'operate', 'admin']);
      const login = await send(
        open.url,
        'POST',
        '/api/v1/session',
        JSON_TYPE,
        JSON.stringify({ client_id: 'a', key: 'b' }),
      );
      expect([login.status, login.json.code]).toEqual([409, 'conflict']);
    } finally {
      await open.close();
    }
  });
});
