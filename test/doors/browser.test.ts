import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { openBrowser } from '../support/browser.js';
import { expectEventually } from '../support/expect-eventually.js';
import { FakeNode } from '../support/fake-node.js';
import { otherSite, send } from './support.js';

// This runs in the pages; the types of browsers are no part of this project.
/* eslint-disable @typescript-eslint/no-explicit-any */
declare const document: any, window: any, location: any, WebSocket: any, EventSource: any;
/* eslint-enable @typescript-eslint/no-explicit-any */

const JSON_TYPE = { 'content-type': 'application/json' };
const COMMAND = '{"command":"touch /tmp/drover-door"}';
const TASK = JSON.stringify({ image: 'ubuntu', command: 'true' });

let browser: Browser;
let site: { server: Server; port: number };
let api: TestApi;
let port: string;
let labJob: string;
let cancellable: string;
/** The requests that reached the API, refused or not: a way in that was never tried proves nothing. */
let answered: string[] = [];
function watchAnswers(server: Server): void {
  const emit = server.emit.bind(server) as (event: string, ...given: unknown[]) => boolean;
  server.emit = ((event: string, request: IncomingMessage, response: ServerResponse): boolean => {
    // The node of the test says every two seconds that it lives, and browsers look for icons.
    if (event === 'request' && !/^\/(agent\/|favicon)/.test(request.url ?? ''))
      response.once('finish', () =>
        answered.push(`${request.method} ${request.url?.split('?')[0]} ${response.statusCode}`),
      );
    return emit(event, request, response, ...(event === 'upgrade' ? [Buffer.alloc(0)] : []));
  }) as Server['emit'];
}

const program = (method: string, path: string, body?: unknown): ReturnType<typeof send> =>
  send(
    api.url,
    method,
    path,
    body === undefined ? {} : JSON_TYPE,
    body === undefined ? undefined : JSON.stringify(body),
  );

beforeAll(async () => {
  site = await otherSite();
  [browser, api] = await Promise.all([
    openBrowser({
      resolve: [
        ['evil.example', '127.0.0.1'],
        ['rebound.example', '127.0.0.1'],
        ['console.example', '127.0.0.1'],
      ],
    }),
    startApi({
      passive: true,
      env: {
        METRIC_PROXY_SYSTEM: 'off',
        METRIC_PROXY_NODE: 'n1',
        DROVER_FASTLANE_EXECUTOR: 'process',
        DROVER_ORIGINS: `http://console.example:${site.port}`,
      },
    }),
  ]);
  ({ port } = new URL(api.url));
  watchAnswers(api.app.getHttpServer() as Server);
  const node = await FakeNode.register(api.url, 'n1');
  await node.system({ hot_g: 5, proxy_cpu_total: 2 });
  expect((await program('GET', '/push?key=kept&doc=d')).status).toBe(200);
  expect((await program('GET', '/set?key=kept&value=1')).status).toBe(200);
  expect(
    (
      await program('POST', '/alarms/add', {
        name: 'kept',
        target: 'Node: n1',
        metric: 'hot_g',
        operation: '>',
        value: 100,
      })
    ).status,
  ).toBe(200);
  labJob = (await program('POST', '/v1/job', { job_queue: 'lab' })).json.job_id;
  cancellable = (await program('POST', '/v1/jobs/submit', { command: 'true' })).json.id;
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
  site?.server.close();
});

/** Everything an attack below would change. */
async function state(): Promise<unknown> {
  const [jobs, queue, counters, alarms, targets, labWaits] = await Promise.all([
    program('GET', '/api/v1/jobs?limit=500'),
    program('GET', '/api/v1/queues/default'),
    program('GET', '/job?job=main'),
    program('GET', '/alarms/list'),
    program('GET', '/join/list'),
    program('GET', `/v1/job/${labJob}/position`),
  ]);
  return {
    jobs: (jobs.json.jobs as { id: string; state: string }[]).map(({ id, state }) => `${id} ${state}`),
    paused: queue.json.paused,
    counters: (counters.json.counters as { name: string; value?: number }[]).filter(({ name }) =>
      ['kept', 'evil'].includes(name),
    ),
    alarms: alarms.json['Node: n1'].length,
    targets: (targets.json as { target_url: string }[]).map((target) => target.target_url),
    labWaits: labWaits.text,
  };
}

/** A page of this origin: of the other site's server, or, on the broker's own port, made up. */
async function pageAt(origin: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(20_000);
  if (new URL(origin).port === port)
    await page.route(`${origin}/page`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>page</title>' }),
    );
  await page.goto(`${origin}/page`);
  answered = [];
  return page;
}

/** The answers of the API since the last look, each answer once: browsers ask again at a 421. */
const taken = (): string[] => [...new Set(answered.splice(0))];

/** Ways in, by fetch: what the page gets, or `refused` where the browser lets it see nothing. */
const FETCHES: [what: string, path: string, init: RequestInit][] = [
  [
    'native submit as text/plain without CORS',
    '/v1/jobs/submit',
    { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: COMMAND },
  ],
  [
    'HPC job as text/plain',
    '/v1/jobs',
    {
      method: 'POST',
      mode: 'no-cors',
      headers: { 'content-type': 'text/plain' },
      body: '{"id":"observed","user":"u","nodes":["n"]}',
    },
  ],
  [
    'fastlane task as text/plain',
    '/tasks/x',
    { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: TASK },
  ],
  ['fastlane task as JSON after a preflight', '/tasks/x', { method: 'POST', headers: JSON_TYPE, body: TASK }],
  ['native job as JSON after a preflight', '/api/v1/jobs', { method: 'POST', headers: JSON_TYPE, body: COMMAND }],
  ['pause of a queue', '/api/v1/queues/default/pause', { method: 'POST', mode: 'no-cors' }],
  [
    'a job of the lab as text',
    '/v1/job',
    { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: '{"job_queue":"lab"}' },
  ],
  ['GET /push', '/push?key=evil&doc=d', { mode: 'no-cors' }],
  ['GET /accumulate', '/accumulate?key=kept&value=5', { mode: 'no-cors' }],
  ['GET /set', '/set?key=kept&value=99', { mode: 'no-cors' }],
  ['GET /join', '/join?to=SITE', { mode: 'no-cors' }],
  ['GET /alarms/del', '/alarms/del?targetjob=Node%3A%20n1&name=kept', { mode: 'no-cors' }],
  ['GET /v1/job', '/v1/job?queue=lab', { mode: 'no-cors' }],
  ['GET /job/<id>/cancel', '/job/CANCEL/cancel', { mode: 'no-cors' }],
];

const filled = (path: string): string => path.replace('SITE', `127.0.0.1:${site.port}`).replace('CANCEL', cancellable);

describe.each([
  ['another site', () => `http://evil.example:${site.port}`, 403],
  ['another port of this machine', () => `http://127.0.0.1:${site.port}`, 403],
  ['the same port of another name of this machine', () => `http://localhost:${port}`, 403],
  ['a name that was rebound to this machine', () => `http://rebound.example:${port}`, 421],
] as const)('a page of %s', (_, origin, status) => {
  /** A rebound page asks its own origin, the others ask the broker. */
  const target = (): string => (status === 421 ? origin() : api.url);

  it('changes nothing by fetch, with or without CORS', async () => {
    const before = await state();
    const page = await pageAt(origin());
    const results: unknown[] = [];
    const expected: unknown[] = [];
    for (const [what, path, init] of FETCHES) {
      const got = await page.evaluate(
        ([url, given]) =>
          fetch(url, given).then(
            (answer) => `${answer.type} ${answer.status}`,
            () => 'refused',
          ),
        [target() + filled(path), init] as const,
      );
      results.push([what, got, taken().map((one) => one.split(' ')[2])]);
      // The browser itself asks first where the page says that its body is JSON, and gets no leave; for a page that a
      // test made up, playwright gives it.
      const preflight = status === 403 && init.mode === undefined;
      expected.push([
        what,
        preflight ? 'refused' : status === 421 ? 'basic 421' : 'opaque 0',
        preflight ? [expect.stringMatching(/^(200|403|404|405)$/)] : [String(status)],
      ]);
    }
    expect(results).toEqual(expected);
    expect(await state()).toEqual(before);
    await page.context().close();
  });

  it('changes nothing by a form, of any enctype', async () => {
    const before = await state();
    const page = await pageAt(origin());
    const text = (names: string): [string, string][] => [[`{${names},"x":"`, '"}']];
    const forms: [path: string, enctype: string, method: string, fields: [string, string][]][] = [
      ['/v1/jobs/submit', 'text/plain', 'post', text('"command":"touch /tmp/drover-door"')],
      ['/v1/jobs', 'text/plain', 'post', text('"id":"o","user":"u","nodes":["n"]')],
      ['/tasks/x', 'text/plain', 'post', text('"image":"ubuntu","command":"true"')],
      ['/jobs/submit', 'application/x-www-form-urlencoded', 'post', [['command', 'true']]],
      ['/jobs/submit', 'multipart/form-data', 'post', [['command', 'true']]],
      [
        '/push',
        '',
        'get',
        [
          ['key', 'evil'],
          ['doc', 'd'],
        ],
      ],
      ['/job/CANCEL/cancel', '', 'post', []],
    ];
    for (const [path, enctype, method, fields] of forms) {
      const [answer] = await Promise.all([
        page.waitForNavigation(),
        page.evaluate(
          ([action, type, verb, pairs]) => {
            const form = document.createElement('form');
            Object.assign(form, { action, method: verb });
            if (type !== '') form.enctype = type;
            for (const [name, value] of pairs)
              form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
            document.body.append(form);
            form.submit();
          },
          [target() + filled(path), enctype, method, fields] as const,
        ),
      ]);
      expect([path, answer?.status()]).toEqual([path, status]);
      await page.goto(`${origin()}/page`);
    }
    expect(await state()).toEqual(before);
    await page.context().close();
  });

  it('changes nothing by an image, a window or a link', async () => {
    const before = await state();
    const page = await pageAt(origin());
    for (const path of [
      '/push?key=evil&doc=d',
      '/set?key=kept&value=98',
      '/alarms/del?targetjob=Node%3A%20n1&name=kept',
      `/job/${cancellable}/cancel`,
      '/v1/job?queue=lab',
    ]) {
      const url = target() + path;
      const refused = `GET ${path.split('?')[0]} ${status}`;
      taken();
      await page.evaluate(
        (src) => void document.body.append(Object.assign(document.createElement('img'), { src })),
        url,
      );
      await expectEventually(() => expect(answered).toContain(refused), { withinMs: 10_000 });
      expect(taken()).toEqual([refused]);
      const [popup] = await Promise.all([
        page.waitForEvent('popup'),
        page.evaluate((href) => void window.open(href), url),
      ]);
      await expectEventually(() => expect(answered).toContain(refused), { withinMs: 10_000 });
      expect(taken()).toEqual([refused]);
      await popup.close();
      const [answer] = await Promise.all([
        page.waitForNavigation(),
        page.evaluate((href) => void (location.href = href), url),
      ]);
      expect(answer?.status()).toBe(status);
      await page.goto(`${origin()}/page`);
    }
    expect(await state()).toEqual(before);
    await page.context().close();
  });

  it('opens no websocket and reads nothing, by fetch, event stream or script', async () => {
    const page = await pageAt(origin());
    const seen = await page.evaluate(
      async ([url, ws]) => {
        const socket = await new Promise((resolve) => {
          const opened = new WebSocket(ws);
          opened.onopen = () => resolve('open');
          opened.onerror = () => resolve('refused');
        });
        const events = await new Promise((resolve) => {
          const source = new EventSource(`${url}/api/v1/events`);
          source.onopen = () => resolve('open');
          source.onerror = () => resolve('refused');
        });
        const script = await new Promise((resolve) => {
          const element = Object.assign(document.createElement('script'), {
            src: `${url}/pages/jobs.js`,
            onload: () => resolve('loaded'),
            onerror: () => resolve('refused'),
          });
          document.body.append(element);
        });
        const reads = await Promise.all(
          ['/api/v1/jobs', '/job', '/tasks/', '/metrics'].map((path) =>
            fetch(url + path).then(
              async (answer) => (answer.ok ? await answer.text() : 'refused'),
              () => 'refused',
            ),
          ),
        );
        return [socket, events, script, ...reads];
      },
      [target(), `${target().replace('http', 'ws')}/tasks/x/jobs/00000000-0000-0000-0000-000000000000/ws`] as const,
    );
    expect(seen).toEqual(Array.from({ length: 7 }, () => 'refused'));
    await page.context().close();
  });
});

describe('a browser', () => {
  it('from a sandboxed frame (Origin: null) changes nothing', async () => {
    const before = await state();
    const page = await pageAt(api.url);
    await page.evaluate((url) => {
      const script = `fetch(${JSON.stringify(`${url}/v1/jobs/submit`)},{method:'POST',mode:'no-cors',body:'{"command":"true"}'}).finally(()=>parent.postMessage('done','*'))`;
      const frame = Object.assign(document.createElement('iframe'), { srcdoc: `<script>${script}</script>` });
      frame.setAttribute('sandbox', 'allow-scripts');
      const done = new Promise((resolve) => window.addEventListener('message', resolve, { once: true }));
      document.body.append(frame);
      return done;
    }, api.url);
    expect(taken()).toEqual(['POST /v1/jobs/submit 403']);
    expect(await state()).toEqual(before);
    await page.context().close();
  });

  it('follows a link from another site to what only reads', async () => {
    const page = await pageAt(`http://evil.example:${site.port}`);
    for (const path of ['/jobs', '/jobs/submit', '/jobs.html', '/docs', '/topo', '/alarms/list']) {
      await page.goto(`http://evil.example:${site.port}/page`);
      await page.evaluate(
        (href) => document.body.append(Object.assign(document.createElement('a'), { href, textContent: 'go' })),
        api.url + path,
      );
      const [answer] = await Promise.all([page.waitForNavigation(), page.click('a')]);
      expect([path, answer?.status()]).toEqual([path, 200]);
    }
    await page.context().close();
  });

  it.each(['127.0.0.1', 'localhost'])('opens our own pages as %s and uses their forms', async (host) => {
    const own = `http://${host}:${port}`;
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(`${own}/jobs/submit`);
    await page.fill('[name=command]', 'true');
    await Promise.all([page.waitForNavigation(), page.click('main button')]);
    await page.click('main a[href^="/job/"]');
    await page.waitForURL(/\/job\//);
    await Promise.all([page.waitForNavigation(), page.click('button:has-text("Cancel")')]);
    expect(await page.locator('.notice').textContent()).toContain('requested');
    // A page whose policy lets its scripts ask this server.
    await page.goto(`${own}/alarms.html`);
    const made = await page.evaluate(
      ([type, body]) => fetch('/api/v1/jobs', { method: 'POST', headers: type, body }).then((answer) => answer.status),
      [JSON_TYPE, '{"command":"true"}'] as const,
    );
    expect(made).toBe(201);
    expect(await page.evaluate(() => fetch('/push?key=own&doc=d').then((answer) => answer.status))).toBe(200);
    const socket = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const opened = new WebSocket(
            `${location.origin.replace('http', 'ws')}/tasks/x/jobs/00000000-0000-0000-0000-000000000000/ws`,
          );
          opened.onopen = () => resolve('open');
          opened.onerror = () => resolve('refused');
        }),
    );
    expect(socket).toBe('open');
    expect((await page.goto(`${own}/push?key=typed&doc=d`))?.status(), 'an address that was typed').toBe(200);
    await page.context().close();
  });

  it('lets a page of an origin of DROVER_ORIGINS submit, read and listen', async () => {
    const page = await pageAt(`http://console.example:${site.port}`);
    const got = await page.evaluate(
      async ([url, ws]) => {
        const made = await fetch(`${url}/api/v1/jobs`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"command":"true"}',
        });
        const job = (await made.json()) as { id: string };
        const read = await fetch(`${url}/api/v1/jobs/${job.id}`, { headers: { 'x-request-id': 'abc' } });
        const socket = await new Promise((resolve) => {
          const opened = new WebSocket(ws);
          opened.onopen = () => resolve('open');
          opened.onerror = () => resolve('refused');
        });
        return [made.status, read.status, read.headers.get('x-request-id'), socket];
      },
      [api.url, `${api.url.replace('http', 'ws')}/tasks/x/jobs/00000000-0000-0000-0000-000000000000/ws`] as const,
    );
    expect(got).toEqual([201, 200, 'abc', 'open']);
    await page.context().close();
  });
});

describe('the same requests by a program', () => {
  it('all go on working, so that what was refused above was refused to a page', async () => {
    for (const [what, path, init] of FETCHES) {
      const { status } = await send(
        api.url,
        init.method ?? 'GET',
        filled(path),
        (init.headers ?? {}) as Record<string, string>,
        init.body as string | undefined,
      );
      const expected =
        what === 'a job of the lab as text'
          ? 422
          : what.includes('cancel')
            ? 307
            : /HPC|native job/.test(what)
              ? 201
              : 200;
      expect([what, status]).toEqual([what, expected]);
    }
    expect(await state()).toMatchObject({
      paused: true,
      alarms: 0,
      targets: [expect.stringContaining(`127.0.0.1:${site.port}`), '/system'],
    });
  });
});
