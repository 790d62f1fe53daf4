import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_ENVIRONMENT, NODE_FLAGS } from '@drover/config';
import { Balancer } from './balancer.js';
import { program } from './built.js';
import { expectEventually } from './expect-eventually.js';
import { freePorts } from './ports.js';
import { asLogin, createTestDatabase, dropTestDatabase, hasOwnLogin } from './postgres.js';
import { processesWith } from './processes.js';
import { Program } from './program.js';

export interface WorkerOptions {
  /** Default `node-1`, `node-2`, … */
  name?: string;
  /** The value of DROVER_QUEUES. Default `default`. */
  queues?: string;
  slots?: number;
  env?: Record<string, string>;
}

export interface StackOptions {
  /** Default: a fresh database, dropped at the end. */
  databaseUrl?: string;
  /** Default: none, tickets are in Postgres. */
  redisUrl?: string;
  /** Its data folder, which is removed at the end. Default: a fresh one. */
  dataDir?: string;
  /** How many API replicas. Default 1. */
  apis?: number;
  /** Default: one worker for `default` with 4 slots. A number: so many of those. */
  workers?: number | WorkerOptions[];
  /** For every process. */
  env?: Record<string, string>;
  /** Longest wait for readiness of each process. Default 90 000: several stacks may start at once on a small machine. */
  readyWithinMs?: number;
  /** Sent when the stack asks the API whether a worker is there, e.g. an Authorization header. */
  headers?: Record<string, string>;
}

export interface ApiProcess extends Program {
  readonly url: string;
  readonly port: number;
}

class Api extends Program implements ApiProcess {
  readonly url: string;

  constructor(
    readonly port: number,
    options: ConstructorParameters<typeof Program>[0],
  ) {
    super(options);
    this.url = `http://127.0.0.1:${port}`;
  }
}

/** A broker of real, built processes with its own data folder. */
export class Stack {
  readonly dataDir: string;
  readonly apis: ApiProcess[] = [];
  readonly workers: Program[] = [];
  databaseUrl = '';
  private balancer: Balancer | undefined;
  private ownDatabase = false;

  private constructor(private readonly options: StackOptions) {
    this.dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'drover-stack-'));
  }

  /** Starts everything and waits until it is ready. On failure nothing is left and the logs are in the error. */
  static async start(options: StackOptions = {}): Promise<Stack> {
    const stack = new Stack(options);
    try {
      await stack.up();
      return stack;
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  /** The address of the balancer where there are several replicas, else of the only one. */
  get url(): string {
    return this.balancer?.url ?? (this.apis[0] as ApiProcess).url;
  }

  get api(): ApiProcess {
    return this.apis[0] as ApiProcess;
  }

  get worker(): Program {
    return this.workers[0] as Program;
  }

  private async up(): Promise<void> {
    this.ownDatabase = this.options.databaseUrl === undefined;
    this.databaseUrl = this.options.databaseUrl ?? (await createTestDatabase());
    const ports = await freePorts(this.options.apis ?? 1);
    for (const [at, port] of ports.entries()) {
      const name = `api-${at + 1}`;
      this.apis.push(
        new Api(port, {
          name,
          argv: [process.execPath, ...NODE_FLAGS.api, program('api')],
          env: { ...API_ENVIRONMENT, ...this.logins(), ...this.common(), DROVER_PORT: String(port) },
          logPath: join(this.dataDir, `${name}.log`),
        }),
      );
    }
    for (const api of this.apis) api.start();
    await Promise.all(this.apis.map((api) => this.apiReady(api)));
    if (ports.length > 1) this.balancer = await Balancer.start(ports);
    const { workers = 1 } = this.options;
    const wanted = typeof workers === 'number' ? Array.from({ length: workers }, (): WorkerOptions => ({})) : workers;
    await Promise.all(wanted.map((worker) => this.addWorker(worker)));
  }

  /** A database with a login of the test's choice keeps it. */
  private logins(): Record<string, string> {
    if (hasOwnLogin(this.databaseUrl)) return { DROVER_DATABASE_URL: this.databaseUrl };
    return {
      DROVER_DATABASE_URL: asLogin(this.databaseUrl, 'app'),
      ...(this.options.redisUrl === undefined ? { DROVER_TICKETS_URL: asLogin(this.databaseUrl, 'tickets') } : {}),
    };
  }

  private common(): Record<string, string> {
    return {
      DROVER_DATA_DIR: this.dataDir,
      DROVER_LOG_LEVEL: 'debug',
      // Jobs of tests use files of the machine; what isolates them has tests of its own.
      DROVER_ISOLATION: 'none',
      ...(this.options.redisUrl === undefined ? {} : { DROVER_REDIS_URL: this.options.redisUrl }),
      ...this.options.env,
    };
  }

  /** Starts one more worker and waits until the API lists it as online. */
  async addWorker(options: WorkerOptions = {}): Promise<Program> {
    const name = options.name ?? `node-${this.workers.length + 1}`;
    const worker = new Program({
      name,
      argv: [process.execPath, ...NODE_FLAGS.worker, program('worker')],
      env: {
        ...this.common(),
        DROVER_API_URL: this.url,
        DROVER_NODE_NAME: name,
        DROVER_QUEUES: options.queues ?? 'default',
        DROVER_SLOTS: String(options.slots ?? 4),
        ...options.env,
      },
      logPath: join(this.dataDir, `${name}.log`),
    });
    this.workers.push(worker);
    worker.start();
    await this.workerReady(worker);
    return worker;
  }

  /** Waits for `/readyz` of a replica, for example after `api.start()` again. */
  async apiReady(api: ApiProcess): Promise<void> {
    await this.readyOf(api, async () => {
      const answer = await fetch(`${api.url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      if (!answer.ok) throw new Error(`/readyz answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
    });
  }

  /** Waits until the API lists a worker as online. */
  async workerReady(worker: Program): Promise<void> {
    await this.readyOf(worker, async () => {
      const answer = await fetch(`${this.url}/api/v1/agents/${worker.name}`, {
        headers: this.options.headers,
        signal: AbortSignal.timeout(2_000),
      });
      const agent = (await answer.json()) as { state?: string };
      if (agent.state !== 'online') throw new Error(`the API answers ${answer.status}, state ${agent.state}`);
    });
  }

  private async readyOf(process: Program, look: () => Promise<void>): Promise<void> {
    let died = false;
    try {
      await expectEventually(
        async () => {
          died = !process.running;
          if (!died) await look();
        },
        { withinMs: this.options.readyWithinMs ?? 90_000, everyMs: 50, what: `Readiness of ${process.name}` },
      );
      if (died) throw new Error(`${process.name} ended at once (${JSON.stringify(await process.exit())})`);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n--- last lines of ${process.logPath}\n${process.lastLines()}`, {
        cause: error,
      });
    }
  }

  /** A request to the broker with a JSON body; fails on time-out only. */
  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: unknown; headers: Headers }> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.options.headers,
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    const json = answer.headers.get('content-type')?.includes('json') ?? false;
    return { status: answer.status, body: json && text !== '' ? JSON.parse(text) : text, headers: answer.headers };
  }

  /** Ends workers, then replicas, and removes folder and database. Safe to call twice. */
  async stop(): Promise<void> {
    await Promise.all(this.workers.filter((worker) => worker.running).map((worker) => worker.stop()));
    await Promise.all(this.apis.filter((api) => api.running).map((api) => api.stop()));
    await this.balancer?.stop();
    this.balancer = undefined;
    // The supervisor and jobs that a killed worker left would write into a folder that is being removed.
    for (const { pid } of processesWith(this.dataDir)) killQuietly(pid);
    if (this.ownDatabase && this.databaseUrl !== '') {
      await dropTestDatabase(this.databaseUrl);
      this.ownDatabase = false;
    }
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone by itself.
  }
}
