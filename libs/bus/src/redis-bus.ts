import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { describeRedis, parseRedisUrl, type RedisTarget } from '@drover/config';
import { DroverError } from '@drover/domain';
import { Heartbeat } from './heartbeat.js';
import type { Bus, BusOptions } from './port.js';
import { SendBuffer, type Message } from './send-buffer.js';
import { asError, Outage, within } from './settle.js';
import { Topics } from './topics.js';

type Link = Redis | Cluster;
const FIRST_CONNECT_MS = 1500;
const SUBSCRIBE_MS = 1000;
/** Between the sender and the payload of a message. */
const SEPARATOR = '\n';

/** Doorbells over Redis pub/sub: one channel a topic, so that a process hears only what it listens to. */
export async function createRedisBus(url: string, options: BusOptions = {}): Promise<Bus> {
  const bus = new RedisBus(parseRedisUrl(url), options);
  await bus.firstConnect();
  return bus;
}

class RedisBus implements Bus {
  private readonly id = randomUUID();
  private readonly label: string;
  private readonly channelPrefix: string;
  private readonly heartbeatChannel: string;
  private readonly publisher: Link;
  private readonly subscriber: Link;
  private readonly topics: Topics;
  private readonly outage: Outage;
  private readonly buffer = new SendBuffer((messages) => this.send(messages));
  private readonly heartbeat: Heartbeat;
  private closed = false;

  constructor(target: RedisTarget, options: BusOptions) {
    this.label = describeRedis(target);
    const prefix = options.prefix ?? 'drover';
    this.channelPrefix = `${prefix}:bus:`;
    this.heartbeatChannel = `${prefix}:bus-heartbeat:${this.id}`;
    this.outage = new Outage((error) =>
      options.onError?.(
        new DroverError('unavailable', `Doorbells over ${this.label} are out: ${error.message}`, { cause: error }),
      ),
    );
    this.topics = new Topics((error) => options.onError?.(asError(error)));
    this.publisher = hearLateErrors(open(target, true));
    this.subscriber = hearLateErrors(open(target, false));
    for (const link of [this.publisher, this.subscriber]) link.on('error', (error: Error) => this.outage.failed(error));
    this.publisher.on('ready', () => this.outage.over());
    this.subscriber.on('ready', () => void this.subscribeAll());
    this.subscriber.on('message', (channel: string, text: string) => {
      if (channel === this.heartbeatChannel) this.heartbeat.heard();
      else this.heard(text, (payload) => this.topics.deliverExact(this.topicOf(channel), payload));
    });
    this.subscriber.on('pmessage', (pattern: string, channel: string, text: string) =>
      this.heard(text, (payload) =>
        this.topics.deliverPrefixed(prefixOf(pattern, this.channelPrefix), this.topicOf(channel), payload),
      ),
    );
    this.heartbeat = new Heartbeat({
      beat: () => this.transmit(this.heartbeatChannel, ''),
      missed: () => this.subscriber.disconnect(true),
    });
  }

  async firstConnect(): Promise<void> {
    const ready = (link: Link) =>
      link.status === 'ready' ? Promise.resolve() : new Promise<void>((resolve) => link.once('ready', () => resolve()));
    await within(FIRST_CONNECT_MS, this.label, Promise.all([ready(this.publisher), ready(this.subscriber)])).catch(
      (error) => this.outage.failed(error),
    );
    await this.subscribeAll();
  }

  publish(topic: string, payload = ''): void {
    this.buffer.put(topic, payload);
  }

  private send(messages: Message[]): void {
    for (const [topic, payload] of messages) {
      this.topics.deliver(topic, payload);
      this.transmit(this.channelPrefix + topic, this.id + SEPARATOR + payload);
    }
  }

  private transmit(channel: string, text: string): void {
    if (this.publisher.status !== 'ready') return;
    this.publisher.publish(channel, text).catch((error: unknown) => {
      if (!this.closed) this.outage.failed(error);
    });
  }

  private heard(text: string, deliver: (payload: string) => void): void {
    const cut = text.indexOf(SEPARATOR);
    // Our own were delivered when they were sent.
    if (text.slice(0, cut) !== this.id) deliver(text.slice(cut + 1));
  }

  private topicOf(channel: string): string {
    return channel.slice(this.channelPrefix.length);
  }

  private async subscribeAll(): Promise<void> {
    if (this.closed || this.subscriber.status !== 'ready') return;
    const channels = [this.heartbeatChannel, ...this.topics.topics().map((topic) => this.channelPrefix + topic)];
    const patterns = this.topics.prefixes().map((prefix) => patternOf(this.channelPrefix + prefix));
    await Promise.all([
      this.quietly(this.subscriber.subscribe(...channels)),
      ...(patterns.length > 0 ? [this.quietly(this.subscriber.psubscribe(...patterns))] : []),
    ]);
    this.heartbeat.start();
  }

  /** While there is no connection nothing is said: on `ready` everything is said again. */
  private async say(
    command: 'subscribe' | 'unsubscribe' | 'psubscribe' | 'punsubscribe',
    channel: string,
  ): Promise<void> {
    if (this.closed || this.subscriber.status !== 'ready') return;
    await this.quietly(this.subscriber[command](channel) as Promise<unknown>);
  }

  private async quietly(work: Promise<unknown>): Promise<void> {
    await within(SUBSCRIBE_MS, this.label, work).catch((error) => {
      if (!this.closed) this.outage.failed(error);
    });
  }

  async subscribe(topic: string, handler: (payload: string) => void): Promise<() => Promise<void>> {
    const own = (payload: string) => handler(payload);
    if (this.topics.add(topic, own)) await this.say('subscribe', this.channelPrefix + topic);
    return async () => {
      if (this.topics.remove(topic, own)) await this.say('unsubscribe', this.channelPrefix + topic);
    };
  }

  async subscribePrefix(
    prefix: string,
    handler: (topic: string, payload: string) => void,
  ): Promise<() => Promise<void>> {
    const own = (topic: string, payload: string) => handler(topic, payload);
    const pattern = patternOf(this.channelPrefix + prefix);
    if (this.topics.addPrefix(prefix, own)) await this.say('psubscribe', pattern);
    return async () => {
      if (this.topics.removePrefix(prefix, own)) await this.say('punsubscribe', pattern);
    };
  }

  async ping(): Promise<void> {
    try {
      if (this.publisher.status !== 'ready') throw new Error(`no connection (${this.publisher.status})`);
      await within(2000, this.label, (this.publisher as Redis).ping());
    } catch (error) {
      throw new DroverError('unavailable', `${this.label} cannot be used: ${asError(error).message}`, {
        cause: asError(error),
      });
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.heartbeat.stop();
    this.buffer.close();
    this.topics.clear();
    this.closed = true;
    // Messages just written shall leave; a connection that does not answer is not waited for.
    await within(500, this.label, this.publisher.quit()).catch(() => undefined);
    this.publisher.disconnect();
    this.subscriber.disconnect();
  }
}

/** Glob of the channels that begin so. */
const patternOf = (channel: string): string => `${channel.replace(/[*?[\]\\]/g, '\\$&')}*`;
const prefixOf = (pattern: string, channelPrefix: string): string =>
  pattern.slice(0, -1).replace(/\\(.)/g, '$1').slice(channelPrefix.length);

/** ioredis hears only the first error of a socket; a second one of a failing TLS handshake would end the process. */
function hearLateErrors(link: Link): Link {
  const hear = (redis: Redis): void =>
    void redis.on('connecting', () =>
      setImmediate(() => (redis.stream as Socket | undefined)?.on('error', () => undefined)),
    );
  if (link instanceof Cluster) link.on('+node', hear);
  else hear(link);
  return link;
}

function open(target: RedisTarget, publisher: boolean): Link {
  const retry = (attempt: number) => Math.min(attempt * 50, 1000) * (0.8 + 0.4 * Math.random());
  const common: RedisOptions = {
    username: target.username,
    password: target.password,
    connectionName: publisher ? 'drover:bus' : 'drover:bus-listener',
    connectTimeout: 2000,
    keepAlive: 10_000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    ...(target.tls ? { tls: {} } : {}),
  };
  if (target.kind === 'cluster') {
    return new Cluster(target.nodes, {
      redisOptions: common,
      enableOfflineQueue: false,
      clusterRetryStrategy: retry,
      slotsRefreshTimeout: 2000,
      ...(target.tls ? { dnsLookup: (address, done) => done(null, address) } : {}),
    });
  }
  const single = { ...common, db: target.db, retryStrategy: retry };
  if (target.kind === 'single')
    return new Redis({ ...single, host: target.nodes[0]!.host, port: target.nodes[0]!.port });
  return new Redis({
    ...single,
    sentinels: target.nodes,
    name: target.master,
    sentinelPassword: target.sentinelPassword,
    sentinelRetryStrategy: retry,
    ...(target.tls ? { enableTLSForSentinelMode: true } : {}),
  });
}
