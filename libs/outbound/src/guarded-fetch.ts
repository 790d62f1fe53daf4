import { Agent, request, type Dispatcher } from 'undici';
import { DroverError } from '@drover/domain';
import { addressPolicy } from './address-policy.js';
import { guardedConnector, type Resolve } from './guarded-connector.js';

export interface GuardOptions {
  /**
   * Networks in CIDR notation, or `public`, `private`, `loopback`. Link-local and metadata addresses are never
   * contacted.
   */
  allow: readonly string[];
  /** Longest wait for a connection. Default 5 000. */
  connectTimeoutMs?: number;
  /** Connections kept to one origin. Default 16. */
  connections?: number;
  /** Instead of the system's resolver. */
  resolve?: Resolve;
}

interface GuardedRequest {
  /** Default GET. */
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** The time for everything: resolving, connecting, redirects, the whole body. Milliseconds; default 10 000. */
  timeoutMs?: number;
  /** The rest of a larger body is dropped and `truncated` says so. Default 1 MiB. */
  maxBodyBytes?: number;
  /** How many redirects are followed, each checked anew. Default 0: a 3xx is the answer. */
  redirects?: number;
  /** Ends the request from outside. */
  signal?: AbortSignal;
}

export interface GuardedResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** The body was longer than `maxBodyBytes`. */
  truncated: boolean;
  /** Where the answer came from, after redirects. */
  url: string;
}

/**
 * Sends a request to an allowed address. Every HTTP status is an answer, none throws.
 *
 * @throws DroverError `invalid` (no http(s) URL), `forbidden` (address not allowed, `details.reason` =
 *   `address_refused`), `timeout`, `unavailable` (no connection, or it broke; `details.code` has the system's word)
 */
export type GuardedFetch = ((url: string, init?: GuardedRequest) => Promise<GuardedResponse>) & {
  /** Closes kept connections. */
  close(): Promise<void>;
};

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * An HTTP client for URLs that somebody else chose. Does not obey proxy variables: the address that is checked is the
 * one that is contacted.
 */
export function createGuardedFetch(options: GuardOptions): GuardedFetch {
  const policy = addressPolicy(options.allow);
  const agent = new Agent({
    connect: guardedConnector(policy, {
      connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
      ...(options.resolve ? { resolve: options.resolve } : {}),
    }),
    connections: options.connections ?? 16,
    keepAliveTimeout: 4_000,
    maxHeaderSize: 64 * 1024,
  });
  const send = async (url: string, init: GuardedRequest = {}): Promise<GuardedResponse> => {
    const timeoutMs = init.timeoutMs ?? 10_000;
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([deadline, init.signal]) : deadline;
    const late = (): DroverError =>
      new DroverError('timeout', `${shown(url)} did not answer within ${timeoutMs} ms.`, { reason: 'timeout' });
    // undici obeys the signal once a connection stands; resolving and connecting are raced here.
    let stop: (() => void) | undefined;
    const stopped = new Promise<never>((_, reject) => {
      stop = () =>
        reject(
          deadline.aborted ? late() : new DroverError('unavailable', `The request to ${shown(url)} was given up.`),
        );
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
    stopped.catch(() => undefined);
    try {
      return await Promise.race([follow(agent, httpUrl(url), init, signal), stopped]);
    } catch (error) {
      if (deadline.aborted) throw late();
      throw translated(error, url);
    } finally {
      if (stop) signal.removeEventListener('abort', stop);
    }
  };
  return Object.assign(send, { close: () => agent.destroy() });
}

async function follow(
  agent: Dispatcher,
  start: URL,
  init: GuardedRequest,
  signal: AbortSignal,
): Promise<GuardedResponse> {
  let url = start;
  let method = init.method ?? 'GET';
  let body = init.body;
  let headers = init.headers ?? {};
  for (let left = init.redirects ?? 0; ; left -= 1) {
    const answer = await request(url, {
      dispatcher: agent,
      method,
      headers,
      signal,
      ...(body === undefined ? {} : { body }),
    });
    const location = answer.headers['location'];
    if (!REDIRECTS.has(answer.statusCode) || typeof location !== 'string' || (init.redirects ?? 0) === 0) {
      const read = await readAtMost(answer.body, init.maxBodyBytes ?? 1024 * 1024);
      return { status: answer.statusCode, headers: answer.headers, ...read, url: url.href };
    }
    answer.body.on('error', () => undefined).destroy();
    if (left === 0)
      throw new DroverError('unavailable', `${shown(start.href)} redirects more than ${init.redirects} times.`, {
        reason: 'too_many_redirects',
      });
    const next = httpUrl(new URL(location, url).href);
    if (next.origin !== url.origin) headers = withoutSecrets(headers);
    if (answer.statusCode === 303 || (answer.statusCode <= 302 && method === 'POST')) {
      method = method === 'HEAD' ? 'HEAD' : 'GET';
      body = undefined;
      headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-/i.test(name)));
    }
    url = next;
  }
}

async function readAtMost(
  stream: Dispatcher.ResponseData['body'],
  limit: number,
): Promise<{ body: Buffer; truncated: boolean }> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    if (size + part.length > limit) {
      parts.push(part.subarray(0, limit - size));
      // Leaving the loop destroys the stream, and with it the connection.
      return { body: Buffer.concat(parts), truncated: true };
    }
    parts.push(part);
    size += part.length;
  }
  return { body: Buffer.concat(parts, size), truncated: false };
}

function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new DroverError('invalid', `${shown(text)} is no http or https URL.`, { reason: 'bad_url' });
  }
  return url;
}

/** Leaves out headers that were meant for the first host: another one is not told. */
function withoutSecrets(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !/^(authorization|cookie|proxy-authorization|x-.*(token|key|secret|signature))$/i.test(name),
    ),
  );
}

/** The address without password and query, which may hold secrets. */
function shown(text: string): string {
  if (!URL.canParse(text)) return JSON.stringify(text.slice(0, 100));
  const url = new URL(text);
  return `${url.protocol}//${url.host}${url.pathname}`.slice(0, 200);
}

function translated(error: unknown, url: string): Error {
  for (let inner: unknown = error, depth = 0; inner instanceof Error && depth < 5; inner = inner.cause, depth += 1) {
    if (inner instanceof DroverError) return inner;
    const parts = inner instanceof AggregateError ? (inner.errors as unknown[]) : [];
    const refusal = parts.find((part) => part instanceof DroverError);
    if (refusal instanceof DroverError) return refusal;
  }
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return new DroverError('timeout', `${shown(url)} could not be connected to in time.`, { reason: 'timeout', code });
  return new DroverError('unavailable', `${shown(url)} cannot be reached: ${code ?? message ?? String(error)}.`, {
    reason: 'unreachable',
    ...(code ? { code } : {}),
  });
}
