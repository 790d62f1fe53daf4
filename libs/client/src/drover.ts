import type { components } from './api.generated.js';
import { createDroverClient, type DroverClient } from './create-client.js';
import { environment } from './environment.js';
import { dataOf, DroverError, WaitTimeoutError } from './errors.js';
import { followLog, type LogPiece } from './job-log.js';
import { Jobs, existing, type CallOptions } from './jobs.js';
import { givenToken, KeyLogin, sendWithLogin } from './login.js';
import { sendOnce } from './once.js';
import { OutputTail } from './output-tail.js';
import { sendAgain } from './send-again.js';

type Schemas = components['schemas'];

const ANSWER_MS = 30_000;
const IDLE_MS = 60_000;
const AWAY_MS = 60_000;
const BUSY_MS = 60_000;
const CANCEL_MS = 10_000;
const MOST_OUTPUT = 1024 ** 2;

export interface DroverOptions {
  /** The address of the API, without `/api/v1`. Default: DROVER_API_URL, else `http://127.0.0.1:8080`. */
  url?: string;
  /** An access token. Default: DROVER_TOKEN, else none. */
  token?: string;
  /** A login with a client id and its key in place of a token; tokens are asked for and renewed. */
  login?: { clientId: string; key: string };
  /** Limits in milliseconds. */
  limits?: {
    /** Until an answer begins. Default 30,000. */
    answerMs?: number;
    /** How long a request is tried again where nobody answers. 0: never. Default 60,000. */
    awayMs?: number;
    /** How long it is tried again where the API says that it is busy (429, 503). 0: never. Default 60,000. */
    busyMs?: number;
  };
  /** The `fetch` that sends requests. Default: the platform's. */
  fetch?: typeof globalThis.fetch;
}

export interface RunOptions extends CallOptions, Omit<Schemas['SubmitJobDto'], 'command'> {
  /** Called with each piece of the output; the next piece waits for it. */
  onOutput?: (piece: LogPiece) => void | Promise<void>;
  /** Milliseconds after which it is given up with WaitTimeoutError. Default: no limit; the job has `limits.runtime_s`. */
  timeoutMs?: number;
  /** The fate of the job when the signal or `timeoutMs` ends the call. Default `cancel`. */
  whenLeft?: 'cancel' | 'go on';
  /** Characters of each text of the result at most; the end of it counts. Default 1,048,576. */
  mostOutput?: number;
}

/** The end of a job that was run. */
export interface RunResult {
  /** The exit code of the command; null: it had none, because it was ended by a signal or never started. */
  exitCode: number | null;
  /** `succeeded`, `failed`, `cancelled` or `expired`. */
  state: Schemas['JobState'];
  /** The cause in one word; null: it succeeded. */
  cause: Schemas['Cause'] | null;
  /** Both streams in the order in which they were seen, of the last execution. */
  output: string;
  stdout: string;
  stderr: string;
  /** True: the beginning of a text was left out, because it was longer than `mostOutput`. */
  truncated: boolean;
  job: Schemas['JobDto'];
}

/** A client of one Drover API. */
export class Drover {
  /** The address of the API, without a slash at the end. */
  readonly url: string;
  /** Every route of the native API, typed, with the same login and the same retries. */
  readonly http: DroverClient;
  readonly jobs: Jobs;
  readonly queues: Queues;
  readonly agents: Agents;
  private readonly send: (request: Request) => Promise<Response>;

  constructor({ url, token, login, limits = {}, fetch = globalThis.fetch }: DroverOptions = {}) {
    const set = environment();
    this.url = (url ?? set.url).replace(/\/+$/, '');
    if (!/^https?:\/\//.test(this.url) || !URL.canParse(this.url))
      throw new DroverError(`url: ${this.url} is no address of an API.`, 'Give one such as http://127.0.0.1:8080.');
    const { answerMs = ANSWER_MS, awayMs = AWAY_MS, busyMs = BUSY_MS } = limits;
    const reach = (request: Request): Promise<Response> =>
      sendAgain(request, {
        awayMs,
        busyMs,
        send: (one) => sendOnce(fetch, one, { answerMs, idleMs: IDLE_MS }),
      });
    const credentials = login
      ? new KeyLogin(reach, this.url, login.clientId, login.key)
      : givenToken(token ?? set.token);
    this.send = (request) => sendWithLogin(credentials, request, reach);
    this.http = createDroverClient({ url: this.url, fetch: this.send as typeof globalThis.fetch });
    this.jobs = new Jobs(this.http, { url: this.url, send: this.send });
    this.queues = new Queues(this.http);
    this.agents = new Agents(this.http);
  }

  /**
   * Runs a command as a job, and stays with it to its end. A command that fails is a result, no error. Options are
   * those of a submit beside its own.
   */
  async run(command: string | string[], options: RunOptions = {}): Promise<RunResult> {
    const { signal, onOutput, timeoutMs, whenLeft = 'cancel', mostOutput = MOST_OUTPUT, ...job } = options;
    const late = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
    const left = AbortSignal.any([signal, late].filter((one) => one !== undefined));
    let id: string | undefined;
    try {
      ({ id } = await this.jobs.submit({ ...job, command }, { signal: left }));
      const output = new OutputTail(mostOutput);
      const pieces = followLog({ url: this.url, send: this.send }, id, { signal: left });
      let next = await pieces.next();
      for (; !next.done; next = await pieces.next()) {
        output.add(next.value);
        await onOutput?.(next.value);
      }
      const ended = existing(id, next.value);
      const { exit_code: exitCode, state, cause } = ended;
      return { exitCode, state, cause, ...output.texts(), job: ended };
    } catch (error) {
      if (id !== undefined && left.aborted && whenLeft === 'cancel')
        await this.jobs
          .cancel(id, { reason: 'its client has left', signal: AbortSignal.timeout(CANCEL_MS) })
          .catch(() => undefined);
      signal?.throwIfAborted();
      if (late?.aborted) throw new WaitTimeoutError(id ?? '(not submitted)', timeoutMs as number);
      throw error;
    }
  }
}

class Queues {
  constructor(private readonly http: DroverClient) {}

  /** Lists queues with their counts. */
  async list(options: CallOptions = {}): Promise<Schemas['QueueDto'][]> {
    return dataOf(await this.http.GET('/api/v1/queues', { ...options })).queues;
  }

  /** Shows a queue. */
  async get(name: string, options: CallOptions = {}): Promise<Schemas['QueueDto']> {
    return dataOf(await this.http.GET('/api/v1/queues/{name}', { params: { path: { name } }, ...options }));
  }

  /** Lets no job of a queue start until it is resumed. */
  async pause(
    name: string,
    { reason, ...options }: CallOptions & { reason?: string } = {},
  ): Promise<Schemas['QueueDto']> {
    const body = reason === undefined ? {} : { reason };
    return dataOf(
      await this.http.POST('/api/v1/queues/{name}/pause', { params: { path: { name } }, body, ...options }),
    );
  }

  /** Lets the jobs of a paused queue start again. */
  async resume(name: string, options: CallOptions = {}): Promise<Schemas['QueueDto']> {
    return dataOf(await this.http.POST('/api/v1/queues/{name}/resume', { params: { path: { name } }, ...options }));
  }
}

class Agents {
  constructor(private readonly http: DroverClient) {}

  /** Lists agents, or those that serve a queue. */
  async list({ queue, ...options }: CallOptions & { queue?: string } = {}): Promise<Schemas['AgentDto'][]> {
    const query = queue === undefined ? {} : { queue };
    return dataOf(await this.http.GET('/api/v1/agents', { params: { query }, ...options })).agents;
  }

  /** Shows an agent. */
  async get(name: string, options: CallOptions = {}): Promise<Schemas['AgentDto']> {
    return dataOf(await this.http.GET('/api/v1/agents/{name}', { params: { path: { name } }, ...options }));
  }

  /** Gives an agent no more jobs; what runs there goes on. */
  async drain(name: string, options: CallOptions = {}): Promise<Schemas['AgentDto']> {
    return dataOf(await this.http.POST('/api/v1/agents/{name}/drain', { params: { path: { name } }, ...options }));
  }

  /** Gives a drained agent jobs again. */
  async undrain(name: string, options: CallOptions = {}): Promise<Schemas['AgentDto']> {
    return dataOf(await this.http.POST('/api/v1/agents/{name}/undrain', { params: { path: { name } }, ...options }));
  }
}
