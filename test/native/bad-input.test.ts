import { request as rawRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';

interface Operation {
  parameters?: { name: string; in: string; schema?: unknown }[];
  requestBody?: unknown;
}
interface Route {
  path: string;
  method: string;
  operation: Operation;
}
interface Seen {
  status: number;
  type: string;
  body: string;
  allow: string | undefined;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const UNKNOWN = '00000000-0000-7000-8000-000000000000';

/** Bad in every place a path has. */
const BAD_PARTS = [
  '%00',
  '..%2f..%2fetc%2fpasswd',
  'a'.repeat(3_000),
  '%ff%fe',
  '%F0%9F',
  "';DROP%20TABLE%20job;--%20",
  '%0d%0aX-Evil:%201',
  'a%20b',
  '%ED%A0%80',
];
const BAD_IDS = [
  ...BAD_PARTS,
  'x',
  '1',
  UNKNOWN,
  UNKNOWN.toUpperCase().replace(/0/g, 'A'),
  '%F0%9F%98%80',
  'null',
  '-',
  '%2e%2e',
];

const BAD_BODIES: [string, string | Buffer, Record<string, string>?][] = [
  ['no JSON', 'hello'],
  ['cut JSON', '{"command": "tru'],
  ['null', 'null'],
  ['a list', '[]'],
  ['a text', '"x"'],
  ['a number', '1e999'],
  ['deep JSON', '['.repeat(200_000)],
  ['deep closed JSON', `{"command":"x","metadata":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`],
  ['deep lists', `{"command":"x","payload":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`],
  ['deep elsewhere', `{"command":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  [
    'bad UTF-8',
    Buffer.from([0x7b, 0x22, 0x63, 0x6f, 0x6d, 0x6d, 0x61, 0x6e, 0x64, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
  ],
  ['a NUL', '{"command":"a\\u0000b"}'],
  ['a NUL in a key', '{"command":"a","metadata":{"a\\u0000":1}}'],
  ['a lone surrogate', '{"command":"\\ud800"}'],
  ['an own __proto__', '{"__proto__":{"command":"x"}}'],
  ['a constructor', '{"constructor":{"prototype":{"x":1}}}'],
  [
    'wrong types',
    '{"command":{"a":1},"queue":7,"env":[],"tags":"x","priority":"1","limits":7,"retry":[],"resources":null,"reason":{},"jobs":{}}',
  ],
  ['numbers out of range', '{"command":"x","priority":1e300,"limits":{"runtime_s":-1},"reason":5,"jobs":[1]}'],
  ['jobs that are none', '{"jobs":[null,1,"x",[],{}]}'],
  ['an unknown field', '{"command":"x","nonsense":1,"jobs":[],"reason":"r"}'],
  ['another content type', 'command=x', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['XML', '<x/>', { 'content-type': 'text/xml' }],
  ['no content type', '{"command":"x"}', { 'content-type': '' }],
  ['UTF-16', Buffer.from('{"command":"x"}', 'utf16le'), { 'content-type': 'application/json; charset=utf-16le' }],
  ['no gzip', 'xxx', { 'content-encoding': 'gzip' }],
  ['an unknown encoding', '{"command":"x"}', { 'content-encoding': 'compress' }],
  ['a bomb', gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20)), { 'content-encoding': 'gzip' }],
  ['a huge body', Buffer.alloc(33 * 1024 * 1024, 0x20)],
];

const BAD_VALUES = [
  '%00',
  'x'.repeat(5_000),
  '-1',
  '1e9',
  'NaN',
  '99999999999999999999',
  '[]',
  '%ff',
  "'",
  '1&=2',
  'true;false',
];

describe('bad input to every route of the native API', () => {
  let api: TestApi;
  let routes: Route[];
  let job: string;
  let port: number;

  /** As it is: neither path nor body is made better on the way. */
  const send = (
    method: string,
    path: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Seen> =>
    new Promise((resolve, reject) => {
      const given = Object.fromEntries(
        Object.entries({ 'content-type': 'application/json', ...headers }).filter(([, value]) => value !== ''),
      );
      const request = rawRequest(
        {
          host: '127.0.0.1',
          port,
          method,
          path,
          headers: { ...given, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
          timeout: 20_000,
        },
        (response) => {
          const seen = (text: string): Seen => ({
            status: response.statusCode ?? 0,
            type: String(response.headers['content-type'] ?? ''),
            body: text,
            allow: response.headers.allow,
          });
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => {
            parts.push(part);
            // A stream without end is no refusal, but its head says what there is to say.
            if (response.headers['content-type']?.startsWith('text/event-stream')) {
              request.destroy();
              resolve(seen(''));
            }
          });
          response.on('end', () => resolve(seen(Buffer.concat(parts).toString())));
        },
      );
      request.on('timeout', () => request.destroy(new Error(`${method} ${path.slice(0, 100)} hangs`)));
      request.on('error', reject);
      request.end(body);
    });

  const refused = (seen: Seen, what: string): void => {
    expect(seen.status, `${what}: ${seen.body.slice(0, 300)}`).toBeGreaterThanOrEqual(400);
    expect(seen.status, `${what}: ${seen.body.slice(0, 300)}`).toBeLessThan(500);
    expect(seen.type, what).toContain('application/problem+json');
    const problem = JSON.parse(seen.body) as Record<string, unknown>;
    expect(problem, what).toMatchObject({
      status: seen.status,
      code: expect.any(String),
      detail: expect.any(String),
      type: expect.stringMatching(/^urn:/),
    });
    expect(seen.body.length, what).toBeLessThan(20_000);
  };
  const notBroken = (seen: Seen, what: string): void => {
    if (seen.status >= 400) refused(seen, what);
    else expect(seen.status, what).toBeGreaterThanOrEqual(200);
  };
  const counts = async (): Promise<unknown> =>
    api.core.store.sql.rows(
      `SELECT (SELECT count(*) FROM job) AS jobs, (SELECT count(*) FROM event) AS events, (SELECT count(*) FROM queue) AS queues, (SELECT count(*) FROM agent) AS agents,
         (SELECT count(*) FROM outbox) AS marks, (SELECT count(*) FROM idempotency_key) AS keys, (SELECT state FROM job WHERE id = $1) AS state`,
      [job],
    );
  const nothingChanged = async (work: () => Promise<void>): Promise<void> => {
    const before = await counts();
    await work();
    expect(await counts()).toEqual(before);
    expect((await send('GET', '/livez')).status).toBe(200);
  };
  const each = async <T>(items: T[], work: (item: T) => Promise<void>): Promise<void> => {
    const waiting = [...items];
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
      }),
    );
  };

  beforeAll(async () => {
    api = await startApi({ passive: true, env: { DROVER_LOG_LEVEL: 'fatal' } });
    port = Number(new URL(api.url).port);
    job = (
      await api.core.submits.submit({ queue: 'default', owner: 'me', dialect: 'native', spec: { command: 'true' } })
    ).job.id;
    await api.core.dispatcher.settled();
    const document = (await (await fetch(`${api.url}/docs-json`)).json()) as {
      paths: Record<string, Record<string, Operation>>;
    };
    routes = Object.entries(document.paths)
      .filter(([path]) => /^\/(api\/v1|livez|readyz|metrics)/.test(path))
      .flatMap(([path, operations]) =>
        Object.entries(operations).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
      );
    expect(routes.length).toBeGreaterThan(25);
  });
  afterAll(() => api.close());

  it('refuses malformed and unknown ids and path tricks', async () => {
    const cases = routes
      .filter((route) => route.path.includes('{'))
      .flatMap((route) => {
        const artifact = route.path.endsWith('{path}');
        const ids = BAD_IDS.map((part) => route.path.replace(/\{(id|name)\}/, part).replace('{path}', 'x'));
        const paths = artifact
          ? [
              '../../../etc/passwd',
              '..%2f..%2fetc',
              '%00',
              '....//',
              '.',
              '%2e%2e/%2e%2e',
              'x'.repeat(5_000),
              '%5c..%5cx',
              '~root',
            ].map((part) => route.path.replace('{id}', job).replace('{path}', part))
          : [];
        return [...ids, ...paths].map((path) => ({ method: route.method, path }));
      });
    expect(cases.length).toBeGreaterThan(200);
    await nothingChanged(() =>
      each(cases, async ({ method, path }) => {
        const seen = await send(method, path);
        // A path may also turn into another route's, such as the list of artifacts.
        if (/artifacts\/(\.|%2e%2e\/%2e%2e)$/.test(path)) notBroken(seen, `${method} ${path}`);
        else refused(seen, `${method} ${path.slice(0, 200)}`);
      }),
    );
  });

  it('refuses bad bodies', async () => {
    const cases = routes
      .filter((route) => route.operation.requestBody !== undefined)
      .flatMap((route) =>
        BAD_BODIES.map(([what, body, headers]) => ({
          what: `${route.method} ${route.path} with ${what}`,
          method: route.method,
          path: route.path.replace('{id}', job),
          body,
          headers,
        })),
      );
    expect(cases.length).toBeGreaterThan(60);
    await nothingChanged(() =>
      each(cases, async ({ what, method, path, body, headers }) =>
        refused(await send(method, path, body, headers), what),
      ),
    );
  });

  it('refuses a body without a length that is too large, and answers it', async () => {
    await nothingChanged(async () => {
      const answer = await fetch(`${api.url}/api/v1/jobs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        duplex: 'half',
        body: new ReadableStream({
          start(controller) {
            for (let n = 0; n < 12; n++) controller.enqueue(new Uint8Array(1024 * 1024).fill(0x20));
            controller.close();
          },
        }),
      } as RequestInit);
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, 'too_large']);
    });
  });

  it('never fails on a bad query', async () => {
    // `/metrics?job=` is the metric proxy's: its refusals have that API's own envelope, and its own tests.
    const cases = routes
      .filter((route) => route.path !== '/metrics')
      .flatMap((route) =>
        (route.operation.parameters ?? [])
          .filter((parameter) => parameter.in === 'query')
          .flatMap((parameter) => [
            ...BAD_VALUES.map((value) => `${parameter.name}=${value}`),
            `${parameter.name}=a&${parameter.name}=b`,
            `${parameter.name}[x]=1`,
            `${parameter.name}x=1`,
          ])
          .map((query) => ({
            method: route.method,
            path: `${route.path.replace('{id}', job).replace('{name}', 'default').replace('{path}', 'x')}?${query}`,
          })),
      );
    expect(cases.length).toBeGreaterThan(200);
    await nothingChanged(() =>
      each(cases, async ({ method, path }) => notBroken(await send(method, path), `${method} ${path.slice(0, 200)}`)),
    );
    const typed = [
      'jobs?limit=0',
      'jobs?limit=1001',
      'jobs?limit=x',
      'jobs?state=done',
      'jobs?cursor=!!',
      'jobs?cursor=czk5OTk5OTk5OTk5OTk5OTk5OTk5',
      'jobs?cursor=AAAA',
      'jobs?lmit=3',
      'jobs?queue=a&queue=b',
      `jobs/${job}/logs?offset=3`,
      `jobs/${job}/logs?stream=both`,
      `jobs/${job}/logs?stream=stdout&offset=1&tail=2`,
      `jobs/${job}/logs?tail=0`,
      `jobs/${job}/logs?execution=${UNKNOWN}`,
      `jobs/${job}/logs?follow=maybe`,
      `jobs/${job}/metrics?from=yesterday`,
      'events?after=x',
      'events?after=99999999999999999999-1',
      `jobs/${job}/logs/verify`,
    ];
    await nothingChanged(() => each(typed, async (path) => refused(await send('GET', `/api/v1/${path}`), path)));
  });

  it('refuses bad headers', async () => {
    const cases: [string, string, Record<string, string>, string?][] = [
      ...[
        'x',
        '1-',
        '-1',
        '99999999999999999999999-1',
        '18446744073709551616-1',
        '1-99999999999999999999',
        "1-1'; --",
      ].flatMap((id): [string, string, Record<string, string>][] => [
        ['GET', '/api/v1/events', { 'last-event-id': id }],
        ['GET', `/api/v1/jobs/${job}/events`, { 'last-event-id': id }],
        ['GET', `/api/v1/jobs/${job}/logs?follow=true`, { 'last-event-id': id }],
      ]),
      ['GET', `/api/v1/jobs/${job}/logs?follow=true`, { 'last-event-id': `${UNKNOWN}.s1` }],
      ['GET', `/api/v1/jobs/${job}/logs?follow=true&stream=stdout`, { 'last-event-id': `${UNKNOWN}.s1` }],
      ['GET', `/api/v1/jobs/${job}/logs?follow=true`, { 'last-event-id': `${UNKNOWN}.b1` }],
      ['POST', '/api/v1/jobs', { 'idempotency-key': 'x'.repeat(201) }, '{"command":"x"}'],
      ['POST', '/api/v1/jobs', { 'idempotency-key': 'caf\u00e9' }, '{"command":"x"}'],
      ['POST', '/api/v1/jobs', { 'idempotency-key': ' ' }, '{"command":"x"}'],
      ['POST', '/api/v1/jobs/batch', { 'idempotency-key': ' ' }, '{"jobs":[{"command":"x"}]}'],
    ];
    await nothingChanged(() =>
      each(cases, async ([method, path, headers, body]) =>
        refused(await send(method, path, body, headers), `${path} ${JSON.stringify(headers)}`),
      ),
    );
    for (const range of ['bytes=9-1', 'lines=1-2', 'bytes=0-1,3-4', 'bytes=x', 'bytes=-', `bytes=${'9'.repeat(40)}-`]) {
      notBroken(await send('GET', `/api/v1/jobs/${job}/logs?stream=stdout`, undefined, { range }), range);
    }
    expect((await send('GET', '/livez', undefined, { 'x-request-id': 'a b\tc' })).status).toBe(200);
  });

  it('answers a wrong method with 405 and the right ones', async () => {
    const byPath = new Map<string, Set<string>>();
    for (const route of routes) byPath.set(route.path, (byPath.get(route.path) ?? new Set()).add(route.method));
    const cases = [...byPath].flatMap(([path, methods]) =>
      METHODS.filter((method) => !methods.has(method)).map((method) => ({ method, path, methods })),
    );
    await nothingChanged(() =>
      each(cases, async ({ method, path, methods }) => {
        // `…/batch` read as an id (`…/silences` as a name) is a path of its own methods, too.
        if (
          [...byPath].some(
            ([other, own]) =>
              other !== path && own.has(method) && new RegExp(`^${other.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
          )
        )
          return;
        const seen = await send(method, path.replace('{id}', job).replace('{name}', 'default').replace('{path}', 'x'));
        refused(seen, `${method} ${path}`);
        expect(seen.status, `${method} ${path}`).toBe(405);
        for (const right of methods) expect(seen.allow, `${method} ${path}`).toContain(right);
      }),
    );
  });
});
