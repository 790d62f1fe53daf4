import { randomUUID } from 'node:crypto';
import { QueueKeys, RedisConnection, RedisQueueBackend, type IQueueBackend } from 'bullmq';
import { Cluster, type Redis } from 'ioredis';
import { describeRedis, parseRedisUrl, type RedisTarget } from '@drover/config';
import { DroverError } from '@drover/domain';
import { withRedisTime } from './broker-time.js';
import { asError, isRefusal, Outage, unavailable, within } from './guard.js';
import type { QueueCounts } from './ports.js';
import { Recent } from './recent.js';
import {
  masters,
  openRedis,
  received,
  renew,
  runId,
  SLOTS,
  slotOf,
  type Profile,
  type RedisLink,
} from './redis-client.js';
import { BACKENDS_KEPT, LOCK_MS, MAX_STALLS, STALLED_CHECK_MS, type Doorbell, type TicketStore } from './store.js';

/** How long a new connection may take before its first user is told that there is none. */
const FIRST_CONNECT_MS = 1500;
const DEADLINE_MS = 1000;
/** BZPOPMIN is told whole seconds; see {@link RedisDoorbell}. */
const SECOND_MS = 1000;

/** BullMQ's backend with the broker's time. */
class TimedRedisBackend extends RedisQueueBackend {
  clock: () => number = Date.now;

  override execCommand(
    client: Parameters<RedisQueueBackend['execCommand']>[0],
    script: string,
    args: unknown[],
  ): unknown {
    return super.execCommand(client, script, withRedisTime(script, args, this.clock()));
  }
}

/** BullMQ's worker polls at least every 2 s, so that a doorbell that got lost costs 2 s, not 10. */
class PollingRedisBackend extends TimedRedisBackend {
  override get maximumBlockTimeout(): number {
    return 2;
  }
}

export interface RedisStoreOptions {
  url: string;
  prefix: string;
  onError: (error: Error) => void;
  /** The broker's time. */
  clock: () => number;
}

/**
 * Tickets in Redis: standalone, behind Sentinels, or a Cluster (each queue with its own hash tag, so that queues spread
 * over the nodes).
 */
export class RedisStore implements TicketStore {
  readonly kind = 'redis';
  readonly label: string;
  readonly clock: () => number;
  private readonly target: RedisTarget;
  private readonly link: RedisLink;
  private readonly connection: RedisConnection;
  private readonly backends = new Recent<RedisQueueBackend>(BACKENDS_KEPT, (bullName) =>
    this.build(bullName, undefined),
  );
  private readonly outage: Outage;
  private lastError: Error | undefined;

  private constructor(private readonly options: RedisStoreOptions) {
    this.clock = options.clock;
    this.target = parseRedisUrl(options.url);
    this.label = describeRedis(this.target);
    this.outage = new Outage((error) => options.onError(unavailable(this.label, error)));
    this.link = this.open('fast', 'drover');
    this.link.on('ready', () => {
      this.outage.over();
      this.lastError = undefined;
    });
    this.link.on('error', (error: Error) => {
      this.lastError = error;
      this.outage.failed(error);
    });
    this.connection = new RedisConnection(this.link, {
      shared: true,
      blocking: false,
      // The check is checkTicketStore's; here it would fail for good when the first INFO does.
      skipVersionCheck: true,
      skipWaitingForReady: true,
    });
    this.connection.setMaxListeners(Infinity);
    this.connection.on('error', () => undefined);
  }

  /** Waits a moment for the connection; comes back without one too, then everything is refused until it is there. */
  static async open(options: RedisStoreOptions): Promise<RedisStore> {
    const store = new RedisStore(options);
    await new Promise<void>((resolve) => {
      if (store.link.status === 'ready') return resolve();
      const timer = setTimeout(resolve, FIRST_CONNECT_MS);
      store.link.once('ready', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    return store;
  }

  private open(profile: Profile, name: string): RedisLink {
    const link = openRedis(this.target, profile, `${this.options.prefix}:${name}`);
    link.setMaxListeners(Infinity);
    // Nobody may be left without a listener: an unheard `error` ends the process. Waits and commands report what
    // concerns them.
    link.on('error', () => undefined);
    return link;
  }

  private prefix(bullName: string): string {
    return this.target.kind === 'cluster' ? `{${this.options.prefix}/${bullName}}` : this.options.prefix;
  }

  private build(
    bullName: string,
    blocking: RedisConnection | undefined,
    connection = this.connection,
    owned = false,
  ): RedisQueueBackend {
    const prefix = this.prefix(bullName);
    const keys = new QueueKeys(prefix);
    const settings = {
      connection: {},
      prefix,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_STALLS,
    };
    const Backend = owned ? PollingRedisBackend : TimedRedisBackend;
    const backend = new Backend(
      connection,
      bullName,
      keys.getKeys(bullName),
      (type) => keys.toKey(bullName, type),
      settings,
      blocking,
      owned,
    );
    backend.clock = this.clock;
    return backend;
  }

  backend(bullName: string): RedisQueueBackend {
    return this.backends.get(bullName);
  }

  doorbell(bullName: string): Doorbell {
    return new RedisDoorbell(() => this.open('patient', `wait:${bullName}`), this.backend(bullName).keys.marker!);
  }

  async putBack(bullName: string, id: string, token: string): Promise<void> {
    const backend = this.backend(bullName);
    await backend.moveJobFromActiveToWait(id, token);
    // BullMQ rings here for jobs without priority only (6.7.0): whoever looked between fetch and this would sleep
    // beside the ticket.
    await (this.link as Redis).zadd(backend.keys.marker!, 0, '0');
  }

  workerBackend(bullName: string): IQueueBackend {
    const connection = () =>
      new RedisConnection(this.open('patient', bullName), { shared: false, blocking: true, skipWaitingForReady: true });
    const [main, blocking] = [connection(), connection()];
    return this.build(bullName, blocking, main, true);
  }

  async run<T>(what: string, operation: () => Promise<T>, deadlineMs = DEADLINE_MS): Promise<T> {
    const before = received(this.link);
    try {
      if (this.link.status !== 'ready') throw this.lastError ?? new Error(`no connection (${this.link.status})`);
      const result = await within(deadlineMs, `${this.label} (${what})`, operation());
      this.outage.over();
      return result;
    } catch (error) {
      if (isRefusal(error)) throw error;
      const told = unavailable(this.label, error);
      if (this.link.status !== 'ready') {
        this.outage.failed(told);
      } else if (error instanceof DroverError && received(this.link) === before) {
        // A connection that answers nobody is none: look for a new one, and refuse at once meanwhile.
        this.outage.failed(told);
        renew(this.link);
      }
      throw told;
    }
  }

  /** A scheduler is written by one script. */
  alone(operation: () => Promise<void>): Promise<void> {
    return operation();
  }

  async missing(bullName: string, ids: string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const backend = this.backend(bullName);
    const link = this.link as Redis;
    // Nearly all tickets are in one of these two; only for the others the script is run that looks everywhere (some 20
    // times dearer).
    const [waiting, delayed] = await Promise.all([
      link.zmscore(backend.keys.prioritized!, ...ids),
      link.zmscore(backend.keys.delayed!, ...ids),
    ]);
    const elsewhere = ids.filter((_, i) => waiting[i] === null && delayed[i] === null);
    const states = await Promise.all(elsewhere.map((id) => backend.getState(id)));
    const missing = elsewhere.filter((_, i) => states[i] === 'unknown' || isFinished(states[i]));
    // A finished ticket that was kept would make its next add a no-op.
    await Promise.all(elsewhere.filter((_, i) => isFinished(states[i])).map((id) => backend.remove(id, false)));
    return missing;
  }

  async counts(bullNames: string[]): Promise<Map<string, QueueCounts>> {
    const rows = await Promise.all(
      bullNames.map(async (name) => {
        const backend = this.backend(name);
        const [counts, paused] = await Promise.all([
          backend.getCounts(['wait', 'prioritized', 'delayed', 'active']),
          backend.hasQueueMetaField('paused'),
        ]);
        const [wait = 0, prioritized = 0, delayed = 0, active = 0] = counts;
        return [name, { waiting: wait + prioritized, delayed, active, paused }] as const;
      }),
    );
    return new Map(rows);
  }

  /**
   * Each master's run id, which a restart and a failover change, and a marker on each, which FLUSHALL takes away:
   * whoever asks next puts another one.
   */
  async incarnation(): Promise<string> {
    const link = this.link as Redis;
    // One after the other: in a cluster, a SET that is sent on to another node is overtaken by its GET.
    const mark = async (key: string): Promise<string | null> => {
      const there = await link.get(key);
      if (there !== null) return there;
      await link.set(key, randomUUID(), 'NX');
      return link.get(key);
    };
    const [runIds, marks] = await Promise.all([
      Promise.all(masters(this.link).map(runId)),
      Promise.all(this.markers().map(mark)),
    ]);
    // Two clients of a cluster need not know its nodes in the same order.
    return [...runIds.toSorted(), ...marks].join(' ');
  }

  /** One key; in a cluster one in the slots of each master, so that the loss of one node is seen. */
  private markers(): string[] {
    if (!(this.link instanceof Cluster)) return [`${this.options.prefix}:incarnation`];
    const { slots } = this.link;
    const without = new Set(slots.flatMap((nodes) => nodes?.[0] ?? []));
    const keys: string[] = [];
    for (let n = 0; without.size > 0 && n < SLOTS; n++) {
      const tag = `${this.options.prefix}/incarnation/${n}`;
      const owner = slots[slotOf(tag)]?.[0];
      if (owner !== undefined && without.delete(owner)) keys.push(`{${tag}}`);
    }
    return keys;
  }

  onReady(listener: () => void): void {
    this.link.on('ready', listener);
  }

  async ping(): Promise<void> {
    await this.run('PING', () => (this.link as Redis).ping(), 2000);
  }

  async close(): Promise<void> {
    this.outage.close();
    this.link.removeAllListeners('ready');
    await this.connection.close(true).catch(() => undefined);
    this.link.disconnect();
  }
}

const isFinished = (state: string | undefined): boolean => state === 'completed' || state === 'failed';

/**
 * BullMQ's marker of a queue, popped by a blocking command on a connection of its own. We do it ourselves and not
 * through the backend's `waitForJob`, because an interrupt must neither wait for the connection's end nor leave a
 * command behind that pops a marker later: a socket that was interrupted is thrown away, and the next wait opens a new
 * one.
 */
class RedisDoorbell implements Doorbell {
  readonly exclusive = true;
  private link: RedisLink | undefined;
  private stopped = false;
  private wake: (() => void) | undefined;

  constructor(
    private readonly open: () => RedisLink,
    private readonly marker: string,
  ) {}

  async wait(timeoutMs: number): Promise<number | null> {
    if (this.stopped) return null;
    this.link ??= this.open();
    const link = this.link;
    const seconds = Math.max(Math.round(timeoutMs / SECOND_MS), 1);
    const interrupted = new Promise<null>((resolve) => {
      this.wake = () => resolve(null);
    });
    const popped = pop(link, this.marker, seconds);
    try {
      // A command that was under way when the connection broke is sent again by the client, for ever: hence the
      // deadline.
      const answer = await within(seconds * SECOND_MS + 1000, 'The blocking wait', Promise.race([popped, interrupted]));
      return answer ? Number(answer[2]) : null;
    } catch (error) {
      if (this.link === link) this.drop();
      if (this.stopped) return null;
      throw asError(error);
    }
  }

  private drop(): void {
    this.link?.disconnect();
    this.link = undefined;
  }

  async interrupt(): Promise<void> {
    this.stopped = true;
    this.wake?.();
    this.drop();
  }

  async restore(): Promise<void> {
    this.stopped = false;
  }

  async close(): Promise<void> {
    await this.interrupt();
  }
}

/** The union of client and cluster cannot be called for its overloads; both know the command. */
function pop(link: RedisLink, key: string, seconds: number): Promise<[string, string, string] | null> {
  const popped = (link as Redis).bzpopmin(key, seconds);
  popped.catch(() => undefined);
  return popped;
}
