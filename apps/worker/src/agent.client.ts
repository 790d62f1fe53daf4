import type { Readable } from 'node:stream';
import { Agent, request, type Dispatcher } from 'undici';
import type {
  ClaimsRequest,
  ClaimsResponse,
  HeartbeatRequest,
  HeartbeatResponse,
  MetricsRequest,
  MetricsResponse,
  RegisterRequest,
  RegisterResponse,
  ReportsRequest,
  ReportsResponse,
} from '@drover/protocol';
import type { TailChunk } from '@drover/spool';
import { tlsRemedy } from '@drover/trust';

/** Seconds. */
const CONNECT_S = 3;
const ANSWER_S = 10;
/** A beat without an answer for so long is given up, so that the next one goes out well within the lease. */
const BEAT_S = 4;
/** The time between two signs of life of an upload, which may take longer altogether. */
const UPLOAD_S = 60;
const CONNECTIONS = 16;

/** The API was not reached, or said it cannot at the moment: the same request may be sent again. */
class ApiAway extends Error {
  override readonly name = 'ApiAway';
}

/** The bytes that were to be sent cannot be read. The API has no part in it, and trying again is of no use. */
export class Unsendable extends Error {
  override readonly name = 'Unsendable';
}

/** The API refused. Sending the same again is of no use (but after a registration, when `status` is 401). */
export class ApiRefused extends Error {
  override readonly name = 'ApiRefused';

  constructor(
    readonly status: number,
    message: string,
    readonly body: unknown,
  ) {
    super(message);
  }
}

/** The API does not want this node. What was to be sent has no part in it, and may be sent when it is wanted again. */
export class NodeRefused extends ApiRefused {}

/** Refusals by what lets requests in, before anybody looks at what they bring. */
const AT_THE_DOOR = new Set([401, 403, 421]);

/** Whether a refusal is of what was sent: sending it again is of no use. */
export const isOfContent = (error: unknown): error is ApiRefused =>
  error instanceof ApiRefused && !(error instanceof NodeRefused) && !AT_THE_DOOR.has(error.status);

/**
 * Calls the API: one method for each route of the agent protocol. It does not retry: the caller knows how long it may
 * take.
 */
export class AgentClient {
  /** The token that the registration was answered with. */
  token: string | undefined;
  private readonly pool: Agent;
  private offset: number | undefined;

  constructor(
    private readonly apiUrl: string,
    private readonly enrolmentToken: string | null,
    /** The authorities whose certificates it takes. Undefined: those of Node.js. */
    authorities?: string[],
  ) {
    this.pool = new Agent({
      connections: CONNECTIONS,
      pipelining: 1,
      connect: { timeout: CONNECT_S * 1000, ...(authorities === undefined ? {} : { ca: authorities }) },
      keepAliveTimeout: 30_000,
    });
  }

  /** Milliseconds to add to this node's clock to have the server's. */
  get clockOffsetMs(): number {
    return this.offset ?? 0;
  }

  register(body: RegisterRequest): Promise<RegisterResponse> {
    return this.timed(() => this.post<RegisterResponse>('register', body, this.enrolmentToken ?? undefined));
  }

  heartbeat(body: HeartbeatRequest): Promise<HeartbeatResponse> {
    return this.timed(() => this.post<HeartbeatResponse>('heartbeat', body, undefined, BEAT_S));
  }

  claims(body: ClaimsRequest): Promise<ClaimsResponse> {
    return this.post('claims', body);
  }

  reports(body: ReportsRequest): Promise<ReportsResponse> {
    return this.post('reports', body);
  }

  metrics(body: MetricsRequest): Promise<MetricsResponse> {
    return this.post('metrics', body);
  }

  deregister(): Promise<unknown> {
    return this.post('deregister', {});
  }

  /** By the raw route. A gap is an answer, not a refusal. */
  async log(executionId: string, epoch: number, chunk: TailChunk): Promise<{ stored: number }> {
    const { stream, offset, length, sequence, at, lines, open, data } = chunk;
    const query = new URLSearchParams({
      epoch: String(epoch),
      stream,
      offset: String(offset),
      length: String(length),
      sequence: String(sequence),
      at,
      lines: String(lines),
      open: String(open),
    });
    const answer = await this.send(
      'POST',
      `executions/${executionId}/logs?${query.toString()}`,
      data,
      { 'content-type': 'application/gzip' },
      UPLOAD_S,
    );
    if (answer.status === 416 && typeof stored(answer.body) === 'number')
      return { stored: stored(answer.body) as number };
    return ok<{ stored: number }>(answer);
  }

  async artifact(executionId: string, epoch: number, path: string, body: Readable, size: number): Promise<void> {
    const query = new URLSearchParams({ epoch: String(epoch), path });
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(size) };
    ok(await this.send('PUT', `executions/${executionId}/artifacts?${query.toString()}`, body, headers, UPLOAD_S));
  }

  /** The push channel, as it comes. */
  async control(signal: AbortSignal): Promise<Readable> {
    const answer = await this.dispatch(
      'GET',
      'control',
      undefined,
      { accept: 'text/event-stream' },
      { signal, bodyTimeout: 0 },
    );
    if (answer.statusCode === 200) return answer.body;
    throw refusal(answer.statusCode, await answer.body.text());
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async post<T>(path: string, body: unknown, token?: string, answerS = ANSWER_S): Promise<T> {
    return ok<T>(
      await this.send('POST', path, JSON.stringify(body), { 'content-type': 'application/json' }, answerS, token),
    );
  }

  private async send(
    method: 'POST' | 'PUT',
    path: string,
    body: string | Buffer | Readable,
    headers: Record<string, string>,
    timeoutS: number,
    token?: string,
  ): Promise<Answer> {
    const answer = await this.dispatch(
      method,
      path,
      body,
      headers,
      { bodyTimeout: timeoutS * 1000, headersTimeout: timeoutS * 1000 },
      token,
    );
    try {
      return { status: answer.statusCode, body: parse(await answer.body.text()) };
    } catch (error) {
      throw away(error);
    }
  }

  private async dispatch(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body: string | Buffer | Readable | undefined,
    headers: Record<string, string>,
    options: { signal?: AbortSignal; bodyTimeout?: number; headersTimeout?: number },
    token = this.token,
  ): Promise<Dispatcher.ResponseData> {
    const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    try {
      return await request(`${this.apiUrl}/agent/v1/${path}`, {
        method,
        dispatcher: this.pool,
        headersTimeout: ANSWER_S * 1000,
        ...options,
        headers: { ...headers, ...authorization },
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      throw away(error);
    }
  }

  /** Learns the server's clock from an answer, taking it for read half-way. */
  private async timed<T extends { server_time: string }>(send: () => Promise<T>): Promise<T> {
    const before = Date.now();
    const answer = await send();
    const after = Date.now();
    const offset = Date.parse(answer.server_time) - (before + after) / 2;
    // Within half the way's duration nothing is known.
    if (Number.isFinite(offset)) this.offset = Math.abs(offset) <= Math.max((after - before) / 2, 20) ? 0 : offset;
    return answer;
  }
}

interface Answer {
  status: number;
  body: unknown;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function ok<T>(answer: Answer): T {
  if (answer.status >= 200 && answer.status < 300) {
    if (answer.body === null || typeof answer.body !== 'object') throw new ApiAway(foreign(answer.status));
    return answer.body as T;
  }
  throw refusal(answer.status, answer.body);
}

function refusal(status: number, body: unknown): Error {
  const found = (typeof body === 'string' ? parse(body) : body) as Partial<Record<string, unknown>> | null;
  const detail =
    typeof found?.['detail'] === 'string'
      ? found['detail']
      : typeof found?.['message'] === 'string'
        ? found['message']
        : '';
  const message = `The API answered ${status}${detail === '' ? '.' : `: ${detail}`}`;
  // A refusal of the API has a code. A proxy that does not find the API knows nothing of jobs.
  if (typeof found?.['code'] !== 'string') return new ApiAway(status < 500 ? foreign(status) : message);
  // A quota that is used up (507) is no outage: sending the same again is of no use before somebody has made room.
  return (status >= 500 && status !== 507) || status === 429 || status === 408
    ? new ApiAway(message)
    : new ApiRefused(status, message, body);
}

const foreign = (status: number): string => `Something else than the API answers (${status}).`;

const stored = (body: unknown): unknown => (body as { stored?: unknown } | null)?.stored;

function away(error: unknown): ApiAway | Unsendable {
  if (error instanceof Unsendable) return error;
  const reason = tlsRemedy(error) ?? (error instanceof Error ? error.message || error.name : String(error));
  return new ApiAway(`The API cannot be reached: ${reason}`, { cause: error });
}
