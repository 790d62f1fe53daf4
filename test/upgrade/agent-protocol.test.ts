import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClaimsResponse, RegisterResponse, ReportsResponse } from '@drover/protocol';
import { startApi, type TestApi } from '../support/api.js';
import { recordedProtocol, type Exchange } from '../support/release.js';

const recorded = recordedProtocol();
const BASE = '/agent/v1/';
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

let api: TestApi;
let token = '';
/** The ids of the recording, each with one of this broker: executions with those that were claimed instead. */
const ids = new Map<string, string>();
const epochs = new Map<string, number>();
/** How much of each stream was sent, so that pieces follow each other. */
const sent = new Map<string, number>();

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

const routeOf = ({ method, path }: Exchange): string =>
  `${method} ${(path.split('?')[0] ?? '').replace(BASE, '').replace(UUID, ':id')}`;

async function post<T>(path: string, body: unknown): Promise<T> {
  const answer = await fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Claims a job as the worker of the recording did, for an execution of the recording. */
async function claim(): Promise<{ id: string; epoch: number }> {
  const job = await post<{ id: string }>('/api/v1/jobs', { queue: 'default', command: 'true' });
  const tickets = [{ ticket_id: `${job.id}-1`, job_id: job.id }];
  const [result] = (await post<ClaimsResponse>(`${BASE}claims`, { tickets })).results;
  if (result?.outcome !== 'claimed') throw new Error(`The claim was answered ${JSON.stringify(result)}.`);
  return { id: result.execution.execution_id, epoch: result.execution.epoch };
}

/** The executions of a recorded request that this broker does not have yet get one of its own. */
async function know(executions: readonly string[]): Promise<void> {
  for (const id of executions) {
    if (ids.has(id)) continue;
    const own = await claim();
    ids.set(id, own.id);
    epochs.set(id, own.epoch);
  }
}

type Item = { execution_id: string; epoch: number; kind: string; stream?: string; offset?: number; length?: number };

/** A recorded report about an execution of this broker. Pieces of output go to the end of what it has. */
function ownItem(item: Item): Item {
  const own = { ...item, execution_id: ids.get(item.execution_id) ?? '', epoch: epochs.get(item.execution_id) ?? 0 };
  if (item.kind !== 'chunk') return own;
  const key = `${item.execution_id} ${item.stream}`;
  const offset = sent.get(key) ?? 0;
  sent.set(key, offset + (item.length ?? 0));
  return { ...own, offset };
}

async function replay(exchange: Exchange): Promise<{ status: number; body: unknown }> {
  const { method, request } = exchange;
  const [bare = '', query = ''] = exchange.path.split('?');
  const [route, inPath] = [routeOf(exchange), bare.match(UUID)?.[0]];
  let body: unknown = request;
  const parameters = new URLSearchParams(query);
  if (inPath !== undefined) await know([inPath]);
  if (inPath !== undefined) parameters.set('epoch', String(epochs.get(inPath)));
  if (route === 'POST reports') {
    const { items } = request as { items: Item[] };
    await know(items.map((item) => item.execution_id));
    body = { ...(request as object), items: items.map(ownItem) };
  }
  if (route === 'POST heartbeat') {
    const { running } = request as { running: { execution_id: string }[] };
    await know(running.map((one) => one.execution_id));
    body = { ...(request as object), running: running.map((one) => ownItem(one as Item)) };
  }
  let bytes = typeof body === 'string' || body === null ? undefined : Buffer.from(JSON.stringify(body));
  if (route === 'POST executions/:id/logs') {
    const key = `${inPath} ${parameters.get('stream')}`;
    parameters.set('offset', String(sent.get(key) ?? 0));
    bytes = Buffer.from(gzipSync(Buffer.alloc(Number(parameters.get('length')))));
  }
  if (route === 'PUT executions/:id/artifacts') bytes = Buffer.from((request as { base64: string }).base64, 'base64');
  const abort = new AbortController();
  const answer = await fetch(`${api.url}${bare.replace(UUID, (id) => ids.get(id) ?? id)}?${parameters.toString()}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': inPath === undefined ? 'application/json' : 'application/octet-stream',
    },
    ...(bytes === undefined ? {} : { body: bytes }),
    signal: abort.signal,
  });
  if (route === 'GET control') {
    const { value } = (await answer.body?.getReader().read()) ?? {};
    abort.abort();
    return { status: answer.status, body: Buffer.from(value ?? []).toString('utf8') };
  }
  return { status: answer.status, body: await answer.json() };
}

it('holds every request of a worker', () => {
  expect([...new Set(recorded.map(routeOf))].toSorted()).toEqual([
    'GET control',
    'POST claims',
    'POST deregister',
    'POST executions/:id/logs',
    'POST heartbeat',
    'POST metrics',
    'POST register',
    'POST reports',
    'PUT executions/:id/artifacts',
  ]);
});

it('is accepted by this API, request by request, with answers that have what those of the release had', async () => {
  const counts = new Map<string, number>();
  const ends = recorded.filter((exchange) => routeOf(exchange) === 'POST deregister');
  for (const exchange of [...recorded.filter((one) => !ends.includes(one)), ...ends]) {
    const route = routeOf(exchange);
    if (route !== 'POST register' && token === '') {
      const first = recorded.find((one) => routeOf(one) === 'POST register') as Exchange;
      token = ((await replay(first)).body as RegisterResponse).token;
    }
    const { status, body } = await replay(exchange);
    const said = `${exchange.method} ${exchange.path}: ${JSON.stringify(body).slice(0, 500)}`;
    expect(status, said).toBe(exchange.status);
    if (route === 'POST register') token = (body as RegisterResponse).token;
    if (route === 'POST reports') {
      const { results } = body as ReportsResponse;
      expect(
        results.filter((result) => ![200, 409].includes(result.status)),
        said,
      ).toEqual([]);
    }
    if (route === 'GET control') expect(body).toMatch(/^event: control\ndata: \{/);
    else
      expect(Object.keys(body as object), said).toEqual(expect.arrayContaining(Object.keys(exchange.answer as object)));
    counts.set(route, (counts.get(route) ?? 0) + 1);
  }
  process.stderr.write(`Agent protocol of 0.1.0: ${[...counts].map(([route, n]) => `${n} ${route}`).join(', ')}.\n`);
});
