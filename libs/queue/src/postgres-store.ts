import {
  assertSchemaCompatibility,
  DEFAULT_SCHEMA,
  PostgresConnection,
  PostgresQueueBackend,
  type IQueueBackend,
  type PgPool,
} from 'bullmq';
import { CONNECTION_LIMITS } from '@drover/config';
import { ADVISORY_LOCKS } from '@drover/domain';
import { withPostgresTime } from './broker-time.js';
import { asError, isRefusal, Outage, sleep, unavailable, within } from './guard.js';
import type { QueueCounts } from './ports.js';
import { Recent } from './recent.js';
import { BACKENDS_KEPT, LOCK_MS, MAX_STALLS, STALLED_CHECK_MS, type Doorbell, type TicketStore } from './store.js';

const DEADLINE_MS = 1000;
const CONNECT_MS = 1000;
/** Connections of one store beside its LISTEN connection. Bounds what a node takes of `max_connections`. */
const POOL_SIZE = 4;

/** A BullMQ connection whose first failure is not remembered for ever, and whose LISTEN client many queues may share. */
class SharedConnection extends PostgresConnection {
  private verified = false;
  private listener: unknown;

  override async waitUntilReady(): Promise<void> {
    if (this.verified) return;
    const client = await this.pool.connect();
    try {
      await assertSchemaCompatibility(client, this.schema);
      this.verified = true;
    } finally {
      client.release();
    }
    setImmediate(() => this.emit('ready'));
  }

  override async getListenClient(): ReturnType<PostgresConnection['getListenClient']> {
    const client = await super.getListenClient();
    if (this.listener !== client) {
      this.listener = client;
      (client as unknown as NodeJS.EventEmitter).setMaxListeners(Infinity);
      // Each queue says LISTEN for itself; the driver wants one statement at a time.
      const query = client.query.bind(client);
      let last: Promise<unknown> = Promise.resolve();
      client.query = ((text, params) => {
        const next = last.then(() => query(text, params));
        last = next.catch(() => undefined);
        return next;
      }) as typeof client.query;
    }
    return client;
  }
}

/** BullMQ's backend with the broker's time, and nothing that takes more rights than to read and write rows. */
class TimedPostgresBackend extends PostgresQueueBackend {
  clock: () => number = Date.now;

  /**
   * BullMQ's own bulk makes a sequence and two temporary tables. The logins of API and workers may make neither, and
   * should not: each call would write to the catalogue. Its flows put the same tickets in with one statement over
   * rows.
   */
  override async addJobs(entries: Parameters<PostgresQueueBackend['addJobs']>[0]): Promise<string[]> {
    const flow = entries.map(({ job, jobId, parentKeyOpts = {} }) => ({
      jobData: job,
      jobId,
      parentKeyOpts,
      prefix: '',
      queueName: this.queueName,
    }));
    return (await this.addFlow(flow)).map(([error, id]) => {
      if (error) throw error;
      return String(id);
    });
  }

  static {
    // BullMQ hides the one method that all its statements go through; the contract tests with a wrong clock see to it
    // that it stays that one.
    const run = Reflect.get(PostgresQueueBackend.prototype, 'run') as Run;
    const timed = async function (this: TimedPostgresBackend, script: string, params: unknown[]): ReturnType<Run> {
      const result = await run.call(this, script, withPostgresTime(script, params, this.clock()));
      // Compared with this machine's clock, to wait until then.
      const [next] = script === 'next_delay' ? result.rows : [];
      if (next?.['next_delay'] != null)
        next['next_delay'] = Math.round(Number(next['next_delay']) - this.clock() + Date.now());
      return result;
    };
    Object.defineProperty(TimedPostgresBackend.prototype, 'run', { value: timed });
  }
}

type Run = (
  this: PostgresQueueBackend,
  script: string,
  params: unknown[],
) => Promise<{ rows: Record<string, unknown>[] }>;

/**
 * BullMQ's backend with two guards for its Worker class: a doorbell that got lost costs 2 s (BullMQ would wait up to an
 * hour), and an error that BullMQ does not take for one of the connection cannot turn the worker's loop into a busy
 * one.
 */
class PollingPostgresBackend extends TimedPostgresBackend {
  override get maximumBlockTimeout(): number {
    return 2;
  }

  override async moveToActive(token: string, name?: string): ReturnType<PostgresQueueBackend['moveToActive']> {
    try {
      return await super.moveToActive(token, name);
    } catch (error) {
      await sleep(250);
      throw error;
    }
  }
}

export interface PostgresStoreOptions {
  url: string;
  schema?: string;
  onError: (error: Error) => void;
  /** The broker's time. */
  clock: () => number;
}

/** Settings of every connection to the ticket store. */
export function poolConfig(url: string, max = POOL_SIZE) {
  return {
    connectionString: url,
    max,
    application_name: 'drover-tickets',
    connectionTimeoutMillis: CONNECT_MS,
    // Connections that the start opened are closed soon: each is a process of 3 MB.
    idleTimeoutMillis: 10_000,
    keepAlive: true,
    statement_timeout: 10_000,
    ...CONNECTION_LIMITS,
    // A ticket is a doorbell and the record is truth: a crash of the server may cost the last half second of tickets,
    // which the reconciler puts back. Waiting for the disk at each move would halve the rate.
    options: '-c synchronous_commit=off',
  };
}

/** Tickets in BullMQ's own schema of a Postgres database. */
export class PostgresStore implements TicketStore {
  readonly kind = 'postgres';
  readonly label: string;
  readonly clock: () => number;
  private readonly connection: SharedConnection;
  private readonly backends = new Recent<PostgresQueueBackend>(BACKENDS_KEPT, (bullName) =>
    this.build(bullName, this.connection),
  );
  /** The backends that wait for tickets: few, and known to the shared LISTEN client for good. */
  private readonly waiting = new Map<string, PostgresQueueBackend>();
  private readonly outage: Outage;
  private readonly workers: SharedConnection[] = [];

  private constructor(private readonly options: PostgresStoreOptions) {
    this.clock = options.clock;
    const url = new URL(options.url);
    this.label = `Postgres at ${url.host || url.searchParams.get('host') || 'localhost'}${url.pathname}`;
    this.outage = new Outage((error) => options.onError(unavailable(this.label, error)));
    this.connection = this.connect();
  }

  /** Comes back without a connection too; then everything is refused until there is one. */
  static async open(options: PostgresStoreOptions): Promise<PostgresStore> {
    const store = new PostgresStore(options);
    await store.run('connect', () => store.connection.waitUntilReady(), CONNECT_MS + 500).catch(() => undefined);
    return store;
  }

  private connect(): SharedConnection {
    const connection = new SharedConnection({
      ...poolConfig(this.options.url),
      schema: this.options.schema ?? DEFAULT_SCHEMA,
    });
    connection.setMaxListeners(Infinity);
    connection.on('error', (error: Error) => this.outage.failed(error));
    return connection;
  }

  private build(
    bullName: string,
    connection: SharedConnection,
    as: { worker?: boolean; hearsOfReconnects?: boolean } = {},
  ): PostgresQueueBackend {
    const settings = {
      connection: {},
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_STALLS,
    };
    const Backend = as.worker ? PollingPostgresBackend : TimedPostgresBackend;
    // BullMQ tells only who "owns" a connection that its LISTEN client was replaced. We close connections ourselves.
    const backend = new Backend(connection, bullName, settings, Boolean(as.worker || as.hearsOfReconnects));
    backend.clock = this.clock;
    return backend;
  }

  backend(bullName: string): PostgresQueueBackend {
    return this.backends.get(bullName);
  }

  doorbell(bullName: string): Doorbell {
    const backend = this.waiting.get(bullName) ?? this.build(bullName, this.connection, { hearsOfReconnects: true });
    backend.on('error', () => undefined);
    this.waiting.set(bullName, backend);
    return {
      exclusive: false,
      wait: async (timeoutMs) => {
        const rung = await within(timeoutMs + 2000, 'LISTEN', backend.waitForJob(timeoutMs / 1000));
        return rung ? rung.score : null;
      },
      interrupt: () => backend.disconnectBlocking(),
      restore: () => backend.reconnectBlocking(),
      close: () => backend.disconnectBlocking(),
    };
  }

  async putBack(bullName: string, id: string, token: string): Promise<void> {
    await this.backend(bullName).moveJobFromActiveToWait(id, token);
  }

  workerBackend(bullName: string): IQueueBackend {
    const connection = this.connect();
    this.workers.push(connection);
    return this.build(bullName, connection, { worker: true });
  }

  async run<T>(what: string, operation: () => Promise<T>, deadlineMs = DEADLINE_MS): Promise<T> {
    try {
      const result = await within(deadlineMs, `${this.label} (${what})`, operation());
      this.outage.over();
      return result;
    } catch (error) {
      if (isRefusal(error)) throw error;
      const told = unavailable(this.label, error);
      this.outage.failed(told);
      throw told;
    }
  }

  async alone(operation: () => Promise<void>): Promise<void> {
    await this.connection.waitUntilReady();
    const client = await this.connection.pool.connect();
    let broken = false;
    try {
      await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCKS.ticketTables]);
      try {
        await operation();
      } finally {
        await client.query('SELECT pg_advisory_unlock($1)', [ADVISORY_LOCKS.ticketTables]);
      }
    } catch (error) {
      broken = !isRefusal(error);
      throw error;
    } finally {
      // Whether the lock is still held is not known: the server frees it with the connection.
      client.release(broken);
    }
  }

  private async query<R>(text: string, params: unknown[]): Promise<R[]> {
    await this.connection.waitUntilReady();
    return (await (this.connection.pool as PgPool).query<R>(text, params)).rows;
  }

  async missing(bullName: string, ids: string[]): Promise<string[]> {
    const rows = await this.query<{ id: string; live: boolean }>(
      `SELECT id, state NOT IN ('completed', 'failed') AS live FROM job WHERE queue = $1 AND id = ANY($2::text[])`,
      [bullName, ids],
    );
    // A finished ticket that was kept would make its next add a no-op.
    await Promise.all(rows.filter((row) => !row.live).map((row) => this.backend(bullName).remove(row.id, false)));
    const live = new Set(rows.filter((row) => row.live).map((row) => row.id));
    return ids.filter((id) => !live.has(id));
  }

  async counts(bullNames: string[]): Promise<Map<string, QueueCounts>> {
    const [jobs, paused] = await Promise.all([
      this.query<{ queue: string; state: 'waiting' | 'delayed' | 'active'; n: number }>(
        `SELECT queue, state, count(*)::int AS n FROM job
          WHERE queue = ANY($1::text[]) AND state IN ('waiting', 'delayed', 'active') GROUP BY queue, state`,
        [bullNames],
      ),
      this.query<{ queue: string }>(
        `SELECT queue FROM meta WHERE queue = ANY($1::text[]) AND field = 'paused' AND value = '1'`,
        [bullNames],
      ),
    ]);
    const counts = new Map(
      bullNames.map((name): [string, QueueCounts] => [name, { waiting: 0, delayed: 0, active: 0, paused: false }]),
    );
    for (const row of jobs) counts.get(row.queue)![row.state] = row.n;
    for (const row of paused) counts.get(row.queue)!.paused = true;
    return counts;
  }

  /**
   * The server's start, the reset of its statistics (a crash of one of its processes loses unwritten commits and resets
   * them, but is no start), and the table with its file, which DROP and TRUNCATE replace. A rewrite such as VACUUM FULL
   * replaces it too: that costs one comparison.
   */
  async incarnation(): Promise<string> {
    const [row] = await this.query<{ incarnation: string }>(
      `SELECT concat_ws(' ', extract(epoch FROM pg_postmaster_start_time()), (SELECT extract(epoch FROM stats_reset) FROM pg_stat_bgwriter),
                        c.oid, pg_relation_filenode(c.oid)) AS incarnation
         FROM pg_class c WHERE c.oid = 'job'::regclass`,
      [],
    );
    return row!.incarnation;
  }

  onReady(listener: () => void): void {
    this.connection.on('ready', listener);
  }

  async ping(): Promise<void> {
    await this.run('SELECT 1', () => this.query('SELECT 1', []), 2000);
  }

  async close(): Promise<void> {
    this.outage.close();
    const all = [this.connection, ...this.workers].map((connection) =>
      connection.close().catch((error) => asError(error)),
    );
    await within(2000, this.label, Promise.all(all)).catch(() => undefined);
  }
}
