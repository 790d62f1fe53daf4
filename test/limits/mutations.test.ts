import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { each } from './support.js';

/** Requests of an ordinary run; DROVER_TEST_MUTATIONS=100000 for the whole, DROVER_TEST_SEED for the same ones again. */
const REQUESTS = Number(process.env['DROVER_TEST_MUTATIONS'] ?? 2_000);
const SEED = Number(process.env['DROVER_TEST_SEED'] ?? 20_261_128);
/** Longest answer; a machine that runs other tests beside this one is given more. */
const SLOWEST_MS = Number(process.env['DROVER_TEST_SLOWEST_MS'] ?? 10_000);

/** Routes that ask another server on behalf of the client: 502 and 504 are that server's fault there, and nowhere else. */
const FORWARDS = [/^POST \/v1\/job\/[^/]*\/events\/?(\?|$)/];

interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: { content?: Record<string, { schema?: unknown; example?: unknown }> };
}
interface Route {
  method: string;
  path: string;
  operation: Operation;
}

/** Numbers from a seed: the same run again finds the same fault again. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const VALUES: unknown[] = [
  null,
  true,
  '',
  'x',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff x',
  '💥',
  'x'.repeat(3_000),
  -1,
  0,
  1e308,
  -1e308,
  9_007_199_254_740_993,
  2 ** 31,
  2 ** 63,
  1.5,
  '1e999',
  '-0',
  '0000-00-00',
  '9999-12-31T23:59:59.999Z',
  '+275760-09-13T00:00:00Z',
  '+275761-01-01T00:00:00Z',
  '1970-01-01',
  '2026-02-30T25:61:61Z',
  [],
  {},
  [[]],
  [null],
  { a: { b: [1] } },
  '../../etc/passwd',
  "';DROP TABLE job;--",
  '%s%n',
  '${jndi:x}',
  '*/0 * * * *',
  '99 99 99 99 99',
  'http://[::',
  'http://127.0.0.1:1/',
  '\r\nX-Evil: 1',
  'NaN',
  'null',
  '1,2,3',
  Array(2_000).fill('t'),
];
const PARTS = [
  'x',
  '1',
  '0',
  '-1',
  '%00',
  '%ff',
  '%',
  '%zz',
  '..%2f..%2fetc',
  '%2e%2e',
  'null',
  '99999999999999999999',
  '0x7fffffffffffffff',
  '%ED%A0%80',
  '%F0%9F%92%A5',
  'a'.repeat(2_000),
  '%0d%0a',
  '__proto__',
  'constructor',
  'toString',
  '*',
  "'",
  '%22',
  '{}',
  '[1-999999999]',
];
const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'a\u0000',
  '\ud800',
  '',
  'jobs',
  'command',
  'id',
  'length',
  'then',
];
const TEXTS = [
  '',
  '{',
  '[',
  'null',
  '1',
  '"x"',
  '{"__proto__":{"a":1}}',
  '{"constructor":{"prototype":{"x":1}}}',
  `{"a":${'['.repeat(500)}${']'.repeat(500)}}`,
  '[{"a":1},{"a":1}]',
  '\ufeff{}',
  '{"a":1}{"a":1}',
  '{"a":1e400}',
  '{"a":-}',
  "{'a':1}",
];

let api: TestApi;
let routes: Route[];
let ids: string[];

beforeAll(async () => {
  api = await startApi({ env: { DROVER_LOG_LEVEL: 'fatal' } });
  ids = [];
  for (let n = 0; n < 3; n += 1) {
    const { job } = await api.core.submits.submit({
      queue: 'default',
      owner: 'me',
      dialect: 'native',
      spec: { command: 'true' },
    });
    ids.push(job.id);
  }
  const document = (await (await fetch(`${api.url}/docs-json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  expect(routes.length).toBeGreaterThan(100);
});
afterAll(() => api.close());

/** Bodies that the documentation shows, and those that every API of ours knows. */
function seeds({ operation }: Route): unknown[] {
  const shown = Object.values(operation.requestBody?.content ?? {})
    .flatMap(({ example, schema }) => [example, (schema as { example?: unknown } | undefined)?.example])
    .filter((body) => typeof body === 'object' && body !== null);
  return [
    ...shown,
    {
      command: 'true',
      queue: 'default',
      name: 'n',
      tags: ['a'],
      priority: 1,
      start_at: '2030-01-01T00:00:00Z',
      limits: { runtime_s: 1 },
      payload: { a: 1 },
      metadata: {},
    },
    { user: 'u', nodes: ['n[1-3]'], state: 'running', cpu_usage: 1, memory_usage_mb: 1 },
    { key: 'k', value: 1, doc: 'd' },
    { job_queue: 'q', test_data: { test_cmds: 'true' } },
  ];
}

function mutated(value: unknown, random: (below: number) => number, depth = 0): unknown {
  if (depth > 0 && random(4) === 0) return VALUES[random(VALUES.length)];
  if (Array.isArray(value))
    return random(3) === 0
      ? [...(value as unknown[]), VALUES[random(VALUES.length)]]
      : value.map((item) => mutated(item, random, depth + 1));
  if (typeof value !== 'object' || value === null) return random(3) === 0 ? VALUES[random(VALUES.length)] : value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] =>
    random(8) === 0 ? [] : [[key, mutated(inner, random, depth + 1)]],
  );
  if (random(3) === 0) entries.push([KEYS[random(KEYS.length)] as string, VALUES[random(VALUES.length)]]);
  return Object.fromEntries(entries);
}

/** The JSON of a value in which `__proto__` may be a name, and lone surrogates stay what they are. */
const jsonOf = (value: unknown): string => JSON.stringify(value);

function requestOf(random: (below: number) => number): {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
} {
  const route = routes[random(routes.length)] as Route;
  const part = (): string =>
    random(3) === 0 ? (ids[random(ids.length)] as string) : (PARTS[random(PARTS.length)] as string);
  let path = route.path.replaceAll(/\{\w+\}/g, part);
  const query = (route.operation.parameters ?? [])
    .filter((parameter) => parameter.in === 'query' && random(2) === 0)
    .map(
      ({ name }) =>
        `${name}=${random(2) === 0 ? part() : encodeURIComponent(String(VALUES[random(25)] ?? '').toWellFormed())}`,
    );
  if (random(4) === 0)
    query.push(
      `${['query', 'start', 'limit', 'offset', 'details', 'page', 'search[value]', 'msg', '__proto__[x]'][random(9)]}=${part()}`,
    );
  if (query.length > 0) path += `?${query.join('&')}`;
  const headers: Record<string, string> =
    random(20) === 0
      ? {}
      : {
          'content-type': [
            'application/json',
            'application/json',
            'application/json',
            'text/plain',
            'application/x-www-form-urlencoded',
          ][random(5)] as string,
        };
  if (random(10) === 0)
    headers['authorization'] = ['Bearer x', 'Basic eDp5', 'Basic ====', 'Bearer a.b.c', 'x', 'Basic AAAA'][
      random(6)
    ] as string;
  if (random(15) === 0) headers['last-event-id'] = part().replaceAll('%', '');
  if (random(15) === 0) headers['range'] = ['bytes=0-', 'bytes=9-1', 'bytes=-5', 'x'][random(4)] as string;
  const kinds = seeds(route);
  const body =
    route.method === 'GET' && random(5) > 0
      ? undefined
      : random(5) === 0
        ? (TEXTS[random(TEXTS.length)] as string)
        : jsonOf(mutated(kinds[random(kinds.length)], random));
  return { method: route.method, path, headers, body };
}

interface Seen {
  status: number;
  ms: number;
  text: string;
}

function send({ method, path, headers, body }: ReturnType<typeof requestOf>): Promise<Seen> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const length: Record<string, string> =
      body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(
      {
        host: '127.0.0.1',
        port: new URL(api.url).port,
        method,
        path,
        headers: { ...headers, ...length },
        timeout: 60_000,
      },
      (response) => {
        let text = '';
        const done = (): void => resolve({ status: response.statusCode ?? 0, ms: performance.now() - began, text });
        // The head is the answer of a stream; its end is another matter.
        if (
          /event-stream|text\/plain/.test(String(response.headers['content-type'])) &&
          response.headers['content-length'] === undefined
        ) {
          response.once('error', () => undefined);
          done();
          sent.destroy();
          return;
        }
        response.on('data', (bytes: Buffer) => (text += text.length < 2_000 ? bytes.toString() : ''));
        response.once('end', done);
        response.once('error', reject);
      },
    );
    sent.once('timeout', () => sent.destroy(new Error('no answer within 60 s')));
    sent.once('error', reject);
    sent.end(body);
  });
}

it(
  `answers none of ${REQUESTS} mutated requests over every documented route with 5xx, and all in time`,
  { timeout: 3_600_000 },
  async () => {
    process.stdout.write(`mutations: DROVER_TEST_SEED=${SEED} DROVER_TEST_MUTATIONS=${REQUESTS}\n`);
    const random = numbers(SEED);
    const all = Array.from({ length: REQUESTS }, () => requestOf(random));
    const faults = new Map<string, string>();
    const statuses = new Map<number, number>();
    const began = performance.now();
    let slowest = 0;
    let answered = 0;
    const tell = (): void => {
      const { rss, heapUsed } = process.memoryUsage();
      const told = [...statuses]
        .sort(([a], [b]) => a - b)
        .map(([status, n]) => `${status}: ${n}`)
        .join(', ');
      process.stdout.write(
        `mutations: ${answered} in ${Math.round((performance.now() - began) / 1_000)} s, slowest answer ${Math.round(slowest)} ms, `,
      );
      process.stdout.write(
        `resident ${Math.round(rss / 1e6)} MB, heap ${Math.round(heapUsed / 1e6)} MB, faults ${faults.size}; ${told}\n`,
      );
    };
    await each(all, 8, async (one) => {
      const told = `${one.method} ${one.path.slice(0, 200)} ${JSON.stringify(one.headers)} ${one.body?.slice(0, 300) ?? ''}`;
      const seen = await send(one).catch((error: unknown) => ({ status: 599, ms: 0, text: String(error) }));
      slowest = Math.max(slowest, seen.ms);
      const forwarded =
        [502, 504].includes(seen.status) && FORWARDS.some((route) => route.test(`${one.method} ${one.path}`));
      const broken = seen.status >= 500 && !forwarded;
      statuses.set(seen.status, (statuses.get(seen.status) ?? 0) + 1);
      answered += 1;
      if (answered % 10_000 === 0) tell();
      if (broken)
        faults.set(
          `${one.method} ${one.path.split(/[/?]/).slice(0, 4).join('/')} ${seen.status}`,
          `${told} -> ${seen.status} ${seen.text.slice(0, 300)}`,
        );
      else if (seen.ms > SLOWEST_MS) faults.set(told, `${told} -> ${Math.round(seen.ms)} ms`);
    });
    tell();
    expect([...faults.values()]).toEqual([]);
  },
);
