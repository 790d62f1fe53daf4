import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '@drover/config';
import { tablesOfDialects } from '@drover/dialects';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@drover/embedded';
import { migrateTicketStore, TICKET_SCHEMA } from '@drover/queue';
import { grantAccess, migrate } from '@drover/store';
import { answers, freePort, run, stop } from './program.js';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export type Backend = 'redis' | 'postgres';

/** A broker of real processes on a durable Postgres, and a Redis that syncs its log each second. */
export class Broker {
  readonly folder = mkdtempSync(join(tmpdir(), 'drover-bench-'));
  url = '';
  databaseUrl = '';
  redisUrl: string | undefined;
  readonly processes = new Map<string, ChildProcess>();
  private postgres: EmbeddedPostgres | undefined;

  private constructor(readonly backend: Backend) {}

  static async start(backend: Backend, slots: number): Promise<Broker> {
    const broker = new Broker(backend);
    try {
      await broker.up(slots);
      return broker;
    } catch (error) {
      await broker.close();
      throw error;
    }
  }

  get postgresPid(): number {
    return this.postgres?.pid ?? 0;
  }

  /** Where programs outside jobs push their metrics. */
  get metricsSocket(): string {
    return join(this.folder, 'metrics.socket');
  }

  private async up(slots: number): Promise<void> {
    this.postgres = await startEmbeddedPostgres({ dataDir: this.folder });
    const { url, ownerUrl, ticketsUrl } = this.postgres;
    this.databaseUrl = ownerUrl;
    await migrate(ownerUrl, await tablesOfDialects());
    if (this.backend === 'redis') {
      const port = await freePort();
      const argv = [
        'redis-server',
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--dir',
        this.folder,
        '--appendonly',
        'yes',
        '--appendfsync',
        'everysec',
        '--save',
        '',
      ];
      this.processes.set('redis', run(argv, {}, join(this.folder, 'redis.log')));
      this.redisUrl = `redis://127.0.0.1:${port}`;
      await sleep(500);
    } else await migrateTicketStore({ backend: 'postgres', url: ownerUrl });
    await grantAccess({ ownerUrl, appUrl: url, ticketsUrl }, TICKET_SCHEMA);
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    const env = {
      DROVER_DATA_DIR: this.folder,
      DROVER_PORT: String(port),
      DROVER_API_URL: this.url,
      DROVER_LOG_LEVEL: 'warn',
      DROVER_NODE_NAME: 'bench',
      DROVER_SLOTS: String(slots),
      METRIC_PROXY_SOCKET: this.metricsSocket,
      METRIC_PROXY_NODE: 'bench',
      ...(this.redisUrl ? { DROVER_REDIS_URL: this.redisUrl } : {}),
    };
    this.processes.set(
      'api',
      run(
        [process.execPath, ...NODE_FLAGS, join(DIST, 'apps/api/src/main.js')],
        { ...env, DROVER_DATABASE_URL: url, DROVER_TICKETS_URL: ticketsUrl },
        join(this.folder, 'api.log'),
      ),
    );
    await answers(`${this.url}/readyz`);
    this.processes.set(
      'worker',
      run(
        [process.execPath, ...NODE_FLAGS, join(DIST, 'apps/worker/src/main.js')],
        env,
        join(this.folder, 'worker.log'),
      ),
    );
    await answers(`${this.url}/api/v1/agents/bench`);
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

  /** Pid by part: what `npm start` would run, Postgres with its children as one. */
  pids(): Map<string, number[]> {
    const pids = new Map([...this.processes].map(([name, child]) => [name, [child.pid ?? 0]]));
    pids.set('postgres', tree(this.postgresPid));
    const worker = this.processes.get('worker')?.pid ?? 0;
    const supervisor = readdirSync('/proc').filter(
      (entry) => /^\d+$/.test(entry) && isSupervisorOf(entry, this.folder),
    );
    pids.set(
      'supervisor',
      supervisor.map(Number).filter((pid) => pid !== worker),
    );
    return pids;
  }

  async close(): Promise<void> {
    for (const name of ['worker', 'api', 'redis']) {
      const child = this.processes.get(name);
      if (child) await stop(child);
    }
    await this.postgres?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isSupervisorOf(pid: string, folder: string): boolean {
  try {
    // Its title stands where its arguments were; it lives in its spool.
    return (
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('drover-') &&
      readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
    );
  } catch {
    return false;
  }
}

function tree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      parents.set(Number(entry), Number(readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]));
    } catch {
      // Gone.
    }
  }
  const found = [root];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}
