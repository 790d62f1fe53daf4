import type { ChildProcess } from 'node:child_process';
import { constants, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningPostgres } from '@drover/embedded';
import type { Checkout } from './checkout.js';
import { processesOf, withDescendants } from './processes.js';
import { answers, freePort, run, stop } from './program.js';
import { startRedis } from './redis.js';

/** A machine that others use as well may take minutes for what takes seconds. */
const START_LIMIT_MS = 180_000;

export type Backend = 'redis' | 'postgres';

export interface WorkerOptions {
  name: string;
  queue: string;
  slots: number;
}

/**
 * A broker of real processes on a durable Postgres, and a Redis that syncs its log each second. Only programs, settings
 * and HTTP of the checkout are used, so that any version of Drover can be measured.
 */
export class Broker {
  readonly folder = mkdtempSync(join(tmpdir(), 'drover-bench-'));
  url = '';
  /** The owner of the schema. */
  databaseUrl = '';
  readonly processes = new Map<string, ChildProcess>();
  /**
   * A copy of the Node binary: pages of a file are shared by all who map it, and in the stack's memory (PSS) those
   * count that it does not share with the bench.
   */
  private readonly node = join(this.folder, 'node');
  private redisUrl: string | undefined;

  private constructor(
    readonly checkout: Checkout,
    readonly backend: Backend,
  ) {}

  static async start(checkout: Checkout, backend: Backend, slots: number): Promise<Broker> {
    const broker = new Broker(checkout, backend);
    try {
      await broker.up(slots);
      return broker;
    } catch (error) {
      await broker.close();
      throw error;
    }
  }

  /** Programs outside jobs push their metrics here. */
  get metricsSocket(): string {
    return join(this.folder, 'metrics.socket');
  }

  private async up(slots: number): Promise<void> {
    copyFileSync(process.execPath, this.node, constants.COPYFILE_FICLONE);
    if (this.backend === 'redis') {
      const redis = await startRedis(this.folder);
      this.processes.set('redis', redis.child);
      this.redisUrl = redis.url;
    }
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    const logPath = join(this.folder, 'api.log');
    // Without a database in its settings it starts one of its own, and brings it up to date.
    const env = { ...this.checkout.environment('api'), ...this.common(), DROVER_PORT: String(port) };
    const child = run([this.node, ...this.checkout.program('api')], env, logPath);
    this.processes.set('api', child);
    await answers(`${this.url}/readyz`, { child, logPath, withinMs: START_LIMIT_MS });
    this.databaseUrl = runningPostgres(this.folder)?.ownerUrl ?? '';
    const metrics = { METRIC_PROXY_SOCKET: this.metricsSocket, METRIC_PROXY_NODE: 'bench' };
    this.processes.set('worker', await this.startWorker({ name: 'bench', queue: 'default', slots }, metrics));
  }

  private common(): Record<string, string> {
    return {
      DROVER_DATA_DIR: this.folder,
      DROVER_API_URL: this.url,
      DROVER_LOG_LEVEL: 'warn',
      ...(this.redisUrl === undefined ? {} : { DROVER_REDIS_URL: this.redisUrl }),
    };
  }

  /** One more worker, until it is stopped. */
  async addWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
    const child = await this.startWorker(options);
    this.processes.set(options.name, child);
    return {
      stop: async () => {
        await stop(child);
        this.processes.delete(options.name);
      },
    };
  }

  private async startWorker(options: WorkerOptions, more: Record<string, string> = {}): Promise<ChildProcess> {
    const { name, queue, slots } = options;
    const logPath = join(this.folder, `${name}.log`);
    const env = { DROVER_NODE_NAME: name, DROVER_QUEUES: queue, DROVER_SLOTS: String(slots), ...more };
    const argv = [this.node, ...this.checkout.program('worker')];
    const child = run(argv, { ...this.common(), ...env }, logPath);
    await answers(`${this.url}/api/v1/agents/${name}`, { child, logPath });
    return child;
  }

  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(120_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as T;
  }

  /** The processes of each part, whether it was started by the bench or by another part. */
  pids(): Map<string, number[]> {
    const own = new Map([...this.processes].map(([name, child]) => [name, child.pid ?? 0]));
    const taken = new Set(own.values());
    const take = (pids: number[]): number[] => {
      const found = pids.filter((pid) => !taken.has(pid));
      for (const pid of found) taken.add(pid);
      return found;
    };
    const pids = new Map([...own].map(([name, pid]) => [name, [pid]]));
    // The database, and the shell that ends it with the API.
    pids.set('postgres', take(withDescendants([own.get('api') ?? 0])));
    // The supervisor, and what it runs: it survives its worker, and then is no child of it.
    pids.set('supervisor', take(withDescendants([own.get('worker') ?? 0, ...processesOf(this.folder)])));
    return pids;
  }

  /** The pid of the API. */
  get apiPid(): number {
    return this.processes.get('api')?.pid ?? 0;
  }

  async close(): Promise<void> {
    const last = ['worker', 'api', 'redis'];
    for (const name of [...[...this.processes.keys()].filter((name) => !last.includes(name)), ...last]) {
      const child = this.processes.get(name);
      if (child) await stop(child);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
