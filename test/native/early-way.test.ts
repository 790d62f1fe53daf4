import { randomUUID } from 'node:crypto';
import { request as rawRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { CanActivate, ExceptionFilter, NestInterceptor } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import type { Express, NextFunction, Request, Response } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EarlyHandlers, EarlyRoutes } from '@drover/http';
import { LIMITS } from '@drover/jobs';
import { JWT_KEY, mint } from '../access/support.js';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';

/** A request, and what both ways must answer to it. */
interface Case {
  name: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Without a Content-Length, in chunks. */
  chunked?: boolean;
  /** Refused before either way sees it. */
  atTheDoor?: boolean;
  status: number;
}

interface Answer {
  status: string;
  headers: string[];
  body: string;
}

const JSON_BODY = { 'content-type': 'application/json' };
const job = (more: object = {}): string => JSON.stringify({ command: ['true'], ...more });
const batch = (...jobs: object[]): string => JSON.stringify({ jobs: jobs.map((one) => ({ command: 'x', ...one })) });

/** Sends one request over a connection of its own. */
function send(api: TestApi, path: string, { headers = {}, body, chunked }: Case): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = rawRequest(
      `${api.url}${path}`,
      {
        method: 'POST',
        headers: { 'x-request-id': 'both-ways', ...headers, ...(chunked ? { 'transfer-encoding': 'chunked' } : {}) },
        timeout: 30_000,
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.once('end', () =>
          resolve({
            status: `${response.statusCode} ${response.statusMessage}`,
            headers: response.rawHeaders,
            body: Buffer.concat(parts).toString('utf8'),
          }),
        );
        response.once('error', reject);
      },
    );
    request.once('error', reject);
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.end(body);
  });
}

/** The parts of an answer that no two answers share: ids, times and lengths of times are of one length each. */
const alike = ({ status, headers, body }: Answer): Answer => {
  const plain = (text: string): string =>
    text
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
      .replace(/\d{4}-\d{2}-\d{2}T[\d:.]{12}Z/g, '<time>')
      .replace(/^\w{3}, \d{2} \w{3} \d{4} [\d:]{8} GMT$/, '<date>');
  return { status, headers: headers.map(plain), body: plain(body) };
};

/** The paths of the requests that came to the router, as far as it was asked. */
function watchRouter(api: TestApi): string[] {
  const seen: string[] = [];
  const server = api.app.getHttpAdapter().getInstance() as Express;
  const router = server.router as unknown as { handle(request: Request, ...rest: unknown[]): unknown };
  const handle = router.handle.bind(router);
  router.handle = (request, ...rest) => {
    seen.push(request.url);
    return handle(request, ...rest);
  };
  return seen;
}

/** A query keeps a request on the router's way: the early way takes the bare path alone. */
async function bothWays(api: TestApi, seen: string[], path: string, one: Case): Promise<void> {
  seen.length = 0;
  const early = await send(api, path, one);
  expect(seen, `${one.name}: the router was asked`).toEqual([]);
  const routed = await send(api, `${path}?router`, one);
  // The door refuses before either way.
  expect(seen).toEqual(one.atTheDoor ? [] : [`${path}?router`]);
  expect(alike(early), one.name).toEqual(alike(routed));
  expect(Number.parseInt(early.status, 10), `${one.name}: ${early.body}`).toBe(one.status);
}

const BODIES: Omit<Case, 'headers'>[] = [
  { name: 'no JSON', body: 'hello', status: 400 },
  { name: 'cut JSON', body: '{"command": "tru', status: 400 },
  { name: 'null', body: 'null', status: 422 },
  { name: 'a list', body: '[]', status: 422 },
  { name: 'nothing', body: '', status: 422 },
  { name: 'deep JSON', body: `{"metadata":${'['.repeat(500)}`, status: 400 },
  { name: 'bad UTF-8', body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), status: 400 },
  { name: 'an own __proto__', body: '{"__proto__":{"command":"x"}}', status: 422 },
  { name: 'wrong types', body: '{"command":{"a":1},"queue":7,"env":[],"jobs":{}}', status: 422 },
  { name: 'an unknown field', body: '{"command":"x","nonsense":1,"jobs":[]}', status: 422 },
];

const SINGLE: Case[] = [
  { name: 'a job', headers: JSON_BODY, body: job(), status: 201 },
  { name: 'a job in words of many bytes', headers: JSON_BODY, body: job({ name: 'é😀'.repeat(20) }), status: 201 },
  { name: 'a job in chunks', headers: JSON_BODY, body: job(), chunked: true, status: 201 },
  { name: 'a long job', headers: JSON_BODY, body: job({ stdin: 'x'.repeat(300_000) }), status: 201 },
  {
    name: 'a job that names everything',
    headers: JSON_BODY,
    body: job({ queue: 'q', tags: ['a'], env: { A: '1' }, priority: 3, start_at: '2999-01-01T00:00:00Z' }),
    status: 201,
  },
  { name: 'a packed job', headers: { ...JSON_BODY, 'content-encoding': 'gzip' }, body: gzipSync(job()), status: 201 },
  { name: 'no gzip', headers: { ...JSON_BODY, 'content-encoding': 'gzip' }, body: 'x', status: 400 },
  { name: 'another packing', headers: { ...JSON_BODY, 'content-encoding': 'br' }, body: 'x', status: 415 },
  { name: 'a form', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'command=x', status: 415 },
  { name: 'no type', body: job(), status: 415 },
  { name: 'UTF-16', headers: { 'content-type': 'application/json; charset=utf-16le' }, body: job(), status: 415 },
  { name: 'too large', headers: JSON_BODY, body: job({ stdin: 'x'.repeat(9 * 1024 * 1024) }), status: 413 },
  { name: 'a fault of the core', headers: JSON_BODY, body: job({ expires_at: '2001-01-01T00:00:00Z' }), status: 422 },
  { name: 'no command', headers: JSON_BODY, body: '{}', status: 422 },
  {
    name: 'an unknown dependency',
    headers: JSON_BODY,
    body: job({ depends_on: ['00000000-0000-7000-8000-000000000000'] }),
    status: 422,
  },
  { name: 'a key', headers: { ...JSON_BODY, 'idempotency-key': '' }, body: job(), status: 422 },
  { name: 'an unreadable key', headers: { ...JSON_BODY, 'idempotency-key': 'a\tb' }, body: job(), status: 422 },
  {
    name: 'a page of another site',
    headers: { ...JSON_BODY, origin: 'http://evil.test' },
    body: job(),
    atTheDoor: true,
    status: 403,
  },
  { name: 'a page of a named site', headers: { ...JSON_BODY, origin: 'http://ui.test' }, body: job(), status: 201 },
  {
    name: 'an image of a site',
    headers: { ...JSON_BODY, 'sec-fetch-site': 'cross-site' },
    body: job(),
    atTheDoor: true,
    status: 403,
  },
  { name: 'another host', headers: { ...JSON_BODY, host: 'evil.test' }, body: job(), atTheDoor: true, status: 421 },
  { name: 'who waits for leave', headers: { ...JSON_BODY, expect: '100-continue' }, body: job(), status: 201 },
  { name: 'an odd request id', headers: { ...JSON_BODY, 'x-request-id': 'both/ways' }, body: job(), status: 201 },
  { name: 'who closes', headers: { ...JSON_BODY, connection: 'close' }, body: job(), status: 201 },
  ...BODIES.map((one) => ({ ...one, headers: JSON_BODY })),
];

const BATCH: Case[] = [
  { name: 'a batch', headers: JSON_BODY, body: batch({}, {}), status: 201 },
  { name: 'a long batch', headers: JSON_BODY, body: batch(...Array.from({ length: 700 }, () => ({}))), status: 201 },
  { name: 'no job', headers: JSON_BODY, body: batch(), status: 422 },
  {
    name: 'too many jobs',
    headers: JSON_BODY,
    body: batch(...Array.from({ length: LIMITS.batch_jobs + 1 }, () => ({}))),
    status: 422,
  },
  { name: 'a fault in one', headers: JSON_BODY, body: batch({}, { priority: 'x' }), status: 422 },
  {
    name: 'a packed batch',
    headers: { ...JSON_BODY, 'content-encoding': 'gzip' },
    body: gzipSync(batch({})),
    status: 201,
  },
  { name: 'no type', body: batch({}), status: 415 },
  ...BODIES.map((one) => ({ ...one, headers: JSON_BODY })),
];

describe('the way of a submit past the router', () => {
  let api: TestApi;
  let seen: string[];
  beforeAll(async () => {
    api = await startApi({ passive: true, env: { DROVER_ORIGINS: 'http://ui.test', DROVER_RATE_LIMIT: '0' } });
    seen = watchRouter(api);
  });
  afterAll(() => api.close());

  it.each(SINGLE)('answers $name as the router does', (one) => bothWays(api, seen, '/api/v1/jobs', one));

  it.each(BATCH)('answers a batch: $name as the router does', (one) => bothWays(api, seen, '/api/v1/jobs/batch', one));

  it('knows the keys of the other way', async () => {
    const one = (key: string, body: string): Case => ({
      name: key,
      headers: { ...JSON_BODY, 'idempotency-key': key },
      body,
      status: 0,
    });
    for (const [key, path, body, other] of [
      ['k1', '/api/v1/jobs', job(), job({ name: 'x' })],
      ['k2', '/api/v1/jobs/batch', batch({}), batch({}, {})],
    ] as const) {
      const first = await send(api, path, one(key, body));
      const again = await send(api, `${path}?router`, one(key, body));
      expect([first.status, again.status]).toEqual(['201 Created', '200 OK']);
      expect((JSON.parse(again.body) as { id: string }).id).toBe((JSON.parse(first.body) as { id: string }).id);
      await bothWays(api, seen, path, { ...one(key, body), status: 200 });
      await bothWays(api, seen, path, { ...one(key, other), status: 422 });
    }
  });

  it('counts a request under the pattern of its route', async () => {
    const counted = async () => {
      const text = await (await fetch(`${api.url}/metrics`)).text();
      const line = /^drover_http_request_seconds_count\{method="POST",route="\/api\/v1\/jobs",status="2xx"\} (\d+)/m;
      return Number(line.exec(text)?.[1] ?? 0);
    };
    const before = await counted();
    await send(api, '/api/v1/jobs', { name: '', headers: JSON_BODY, body: job(), status: 201 });
    await send(api, '/api/v1/jobs?router', { name: '', headers: JSON_BODY, body: job(), status: 201 });
    await expectEventually(async () => (await counted()) === before + 2);
  });

  it('leaves every other method and path to the router', async () => {
    seen.length = 0;
    for (const [method, path] of [
      ['GET', '/api/v1/jobs'],
      ['PUT', '/api/v1/jobs'],
      ['POST', '/api/v1/jobs/'],
      ['POST', '/api/v1/Jobs'],
      ['POST', '/api/v1/jobs%2fbatch'],
    ] as const)
      await fetch(`${api.url}${path}`, { method }).then((answer) => answer.arrayBuffer());
    expect(seen).toHaveLength(5);
  });
});

describe('the way past the router where people log in', () => {
  let api: TestApi;
  let seen: string[];
  beforeAll(async () => {
    api = await startApi({
      passive: true,
      env: {
        DROVER_AUTH: 'oauth2',
        DROVER_JWT_SIGNING_KEY: JWT_KEY,
        DROVER_ENROLMENT_TOKEN: 'x'.repeat(32),
        DROVER_RATE_LIMIT: '1',
        DROVER_RATE_BURST: '20',
      },
    });
    seen = watchRouter(api);
  });
  afterAll(() => api.close());

  it.each(['/api/v1/jobs', '/api/v1/jobs/batch'])('lets in and refuses whom the router does: %s', async (path) => {
    const body = path.endsWith('batch') ? batch({}) : job();
    const as = async (claims: Record<string, unknown>): Promise<Record<string, string>> => ({
      ...JSON_BODY,
      authorization: `Bearer ${await mint(claims as never)}`,
    });
    const ask = (name: string, headers: Record<string, string>, status: number): Promise<void> =>
      bothWays(api, seen, path, { name, headers, body, status });
    await ask('nobody', JSON_BODY, 401);
    await ask('a guess', { ...JSON_BODY, authorization: 'Bearer a.b.c' }, 401);
    await ask('a viewer', await as({ client_id: `viewer${path.length}`, role: 'viewer' }), 403);
    await ask('a submitter', await as({ client_id: `submitter${path.length}`, role: 'submitter' }), 201);
    // A client that sends more than its rate is told so before anything is read.
    const busy = await as({ client_id: `busy${path.length}`, role: 'viewer' });
    const late = await expectEventually(async () => {
      const answer = await send(api, path, { name: '', headers: busy, body, status: 429 });
      expect(answer.status).toMatch(/^429/);
      return answer;
    });
    const routed = await send(api, `${path}?router`, { name: '', headers: busy, body, status: 429 });
    expect(alike(late)).toEqual(alike(routed));
  });

  it('keeps who submitted in the audit trail, on both ways', async () => {
    const headers = { ...JSON_BODY, authorization: `Bearer ${await mint({ client_id: 'writer', role: 'submitter' })}` };
    for (const path of ['/api/v1/jobs', '/api/v1/jobs?router', '/api/v1/jobs/batch', '/api/v1/jobs/batch?router'])
      await send(api, path, { name: '', headers, body: path.includes('batch') ? batch({}, {}) : job(), status: 201 });
    const trail = await fetch(`${api.url}/api/v1/audit?actor=writer`, {
      headers: { authorization: `Bearer ${await mint({ client_id: 'boss', role: 'operator' })}` },
    });
    const { entries } = (await trail.json()) as { entries: { role: string; address: string; action: string }[] };
    expect(entries.map(({ role, address, action }) => [role, address, action])).toEqual(
      Array.from({ length: 6 }, () => ['submitter', '127.0.0.1', 'job.submit']),
    );
  });
});

describe('a start', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ passive: true });
  });
  afterAll(() => api.close());

  /** The early ways of the application as it is now. */
  const early = (): EarlyRoutes => {
    const routes = new EarlyRoutes();
    new EarlyHandlers(
      api.app.get(ModulesContainer),
      api.app.get(ApplicationConfig),
      api.app.get(HttpAdapterHost),
      routes,
    ).onApplicationBootstrap();
    return routes;
  };
  const config = (): ApplicationConfig => api.app.get(ApplicationConfig);

  it('fails when an interceptor is global that the early way cannot call', () => {
    const interceptors = config().getGlobalInterceptors();
    class Around implements NestInterceptor {
      intercept = (_: unknown, next: { handle(): never }): never => next.handle();
    }
    interceptors.push(new Around());
    expect(early).toThrow('Around has no before()');
    interceptors.pop();
    expect(early).not.toThrow();
  });

  it('fails when a second filter is global', () => {
    const filters = config().getGlobalFilters();
    filters.push({ catch: () => undefined } as ExceptionFilter);
    expect(early).toThrow('one global filter');
    filters.pop();
  });

  it('puts every global guard and every function of Express before the early way, too', async () => {
    const guards = config().getGlobalGuards();
    const calls: string[] = [];
    guards.push({ canActivate: () => (calls.push('guard'), false) } as CanActivate);
    const server = api.app.getHttpAdapter().getInstance() as Express;
    server.use((_request: Request, _response: Response, next: NextFunction) => (calls.push('function'), next()));
    const { stack } = server.router as unknown as { stack: unknown[] };
    stack.splice(1, 0, stack.pop());
    const routes = early();
    expect(calls).toEqual([]);
    let taken = false;
    const http = api.app.getHttpServer() as Server;
    const listeners = http.listeners('request') as (() => void)[];
    http.removeAllListeners('request');
    http.once('request', (request: IncomingMessage, response: ServerResponse) => {
      taken = routes.take(request, response, () => true);
    });
    const answer = await fetch(`${api.url}/api/v1/jobs`, { method: 'POST', headers: JSON_BODY, body: job() });
    expect([taken, answer.status, calls.slice(0, 2)]).toEqual([true, 403, ['function', 'guard']]);
    for (const listener of listeners) http.on('request', listener);
    guards.pop();
    stack.splice(1, 1);
  });
});

describe("the way past the router of a worker's calls", () => {
  let api: TestApi;
  let seen: string[];
  let token: string;
  beforeAll(async () => {
    api = await startApi();
    seen = watchRouter(api);
    const registered = await fetch(`${api.url}/agent/v1/register`, {
      method: 'POST',
      headers: JSON_BODY,
      body: JSON.stringify({
        name: 'n1',
        queues: ['default'],
        slots: 1,
        facts: { hostname: 'h', executors: ['process'] },
        boot_id: randomUUID(),
      }),
    });
    ({ token } = (await registered.json()) as { token: string });
  });
  afterAll(() => api.close());

  it.each([
    ['heartbeat', { slots_free: 1, running: [] }, 200],
    ['heartbeat', { slots_free: 'x' }, 422],
    ['claims', { tickets: [{ ticket_id: 'x-1', job_id: '00000000-0000-7000-8000-000000000000' }] }, 200],
    ['claims', { tickets: 7 }, 422],
    [
      'reports',
      { items: [{ kind: 'started', execution_id: '00000000-0000-7000-8000-000000000000', epoch: 1, pid: 1 }] },
      200,
    ],
    ['reports', {}, 422],
  ] as const)('answers %s with %o as the router does', async (route, body, status) => {
    const path = `/agent/v1/${route}`;
    const headers = { ...JSON_BODY, authorization: `Bearer ${token}` };
    const text = JSON.stringify(body);
    await bothWays(api, seen, path, { name: 'itself', headers, body: text, status });
    await bothWays(api, seen, path, { name: 'nobody', headers: JSON_BODY, body: text, status: 401 });
    await bothWays(api, seen, path, { name: 'no JSON', headers, body: '{', status: 400 });
    await bothWays(api, seen, path, {
      name: 'a page',
      headers: { ...headers, origin: 'http://x.test' },
      body: text,
      atTheDoor: true,
      status: 403,
    });
  });
});
