import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UnreachableError } from './errors.js';
import { sendOnce } from './once.js';
import { sendAgain } from './send-again.js';

let server: Server;
let url: string;
let answers: ((request: IncomingMessage, response: ServerResponse) => void)[] = [];
let asked: { method: string; body: string }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      asked.push({ method: request.method ?? '', body });
      const answer = answers.shift();
      if (answer) answer(request, response);
      else response.end('fine');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  asked = [];
  answers = [];
});

const refuses =
  (status: number, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(status, headers).end();
const cuts = (_: IncomingMessage, response: ServerResponse): void => void response.destroy();

const PATIENT = { awayMs: 5_000, busyMs: 5_000 };
const send = (request: Request, patience = PATIENT, limitMs = 10_000): Promise<Response> =>
  sendAgain(request, { ...patience, send: (one) => sendOnce(fetch, one, { answerMs: limitMs, idleMs: limitMs }) });
const post = (path: string, headers: Record<string, string> = {}): Request =>
  new Request(url + path, { method: 'POST', body: '{}', headers });

describe('a request that is sent again', () => {
  it('waits as long as Retry-After says after 429, whatever it asks for', async () => {
    answers = [refuses(429, { 'retry-after': '1' })];
    const began = performance.now();
    expect(await (await send(post('/api/v1/alarms'))).text()).toBe('fine');
    expect(performance.now() - began).toBeGreaterThan(990);
    expect(asked).toEqual([
      { method: 'POST', body: '{}' },
      { method: 'POST', body: '{}' },
    ]);
  });

  it('is not sent again after a 429 without a time, or one that is longer than its patience', async () => {
    answers = [refuses(429), refuses(429, { 'retry-after': '60' })];
    expect((await send(post('/x'))).status).toBe(429);
    expect((await send(post('/x'))).status).toBe(429);
    expect(asked.length).toBe(2);
  });

  it('is sent again after a lost answer only where twice is no more than once', async () => {
    for (const request of [
      new Request(`${url}/x`),
      post('/api/v1/jobs', { 'idempotency-key': 'k' }),
      post('/api/v1/jobs/1/cancel'),
    ]) {
      answers = [cuts, refuses(503)];
      expect(await (await send(request)).text()).toBe('fine');
    }
    asked = [];
    answers = [cuts];
    await expect(send(post('/api/v1/jobs/1/retry'))).rejects.toThrow(UnreachableError);
    answers = [refuses(503, { 'retry-after': '1' })];
    expect((await send(post('/api/v1/jobs/1/retry'))).status).toBe(503);
    expect(asked.length).toBe(2);
  });

  it('is not sent again to a host that nobody knows, but is while names cannot be looked up', async () => {
    let tries = 0;
    const failsWith = (code: string) => (): Promise<Response> => {
      tries += 1;
      return tries > 1
        ? Promise.resolve(new Response('fine'))
        : Promise.reject(new TypeError('x', { cause: { code } }));
    };
    const ask = (code: string): Promise<Response> =>
      sendAgain(new Request('http://drover.invalid'), { ...PATIENT, send: failsWith(code) });
    await expect(ask('ENOTFOUND')).rejects.toThrow(UnreachableError);
    expect(tries).toBe(1);
    tries = 0;
    expect(await (await ask('EAI_AGAIN')).text()).toBe('fine');
  });

  it('does not wait without end for an answer, nor for the rest of one', async () => {
    answers = [() => undefined];
    await expect(send(new Request(url), { awayMs: 0, busyMs: 0 }, 300)).rejects.toThrow('no answer within 0.3 s');
    answers = [(_, response) => void response.writeHead(200).write('half')];
    await expect((await send(new Request(url), PATIENT, 300)).text()).rejects.toThrow('nothing came for 0.3 s');
  });

  it('ends at once when its signal is aborted', async () => {
    const stop = new AbortController();
    answers = [refuses(503, { 'retry-after': '4' })];
    const sending = send(new Request(url, { signal: stop.signal }));
    setTimeout(() => stop.abort(new Error('enough')), 50);
    const began = performance.now();
    await expect(sending).rejects.toThrow('enough');
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
