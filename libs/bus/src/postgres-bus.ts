import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { CONNECTION_LIMITS } from '@drover/config';
import { DroverError } from '@drover/domain';
import { Heartbeat } from './heartbeat.js';
import type { Bus, BusOptions } from './port.js';
import { SendBuffer, type Message } from './send-buffer.js';
import { asError, Outage, within } from './settle.js';
import { Topics } from './topics.js';

const FIRST_CONNECT_MS = 1500;
const CONNECT_MS = 2000;
const NOTIFY_MS = 2000;
const RETRY_MS = { first: 50, most: 2000 };
/** Postgres takes notifications of less than 8000 bytes. */
const MOST_BYTES = 7900;

/** Doorbells over LISTEN/NOTIFY: one connection and one channel a process, many doorbells in one notification. */
export async function createPostgresBus(url: string, options: BusOptions = {}): Promise<Bus> {
  const bus = new PostgresBus(url, options);
  await bus.firstConnect();
  return bus;
}

const noop = (): void => undefined;

class PostgresBus implements Bus {
  private readonly id = randomUUID().slice(0, 8);
  private readonly channel: string;
  private readonly label: string;
  private readonly topics: Topics;
  private readonly outage: Outage;
  private readonly buffer = new SendBuffer((messages) => this.send(messages));
  private readonly heartbeat: Heartbeat;
  private client: Client | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private attempts = 0;
  private sending: Promise<void> = Promise.resolve();
  private waiting = 0;
  private closed = false;

  constructor(
    private readonly url: string,
    options: BusOptions,
  ) {
    const at = new URL(url);
    this.label = `Postgres at ${at.host || 'localhost'}${at.pathname}`;
    this.channel = `${options.prefix ?? 'drover'}_bus`;
    this.outage = new Outage((error) =>
      options.onError?.(
        new DroverError('unavailable', `Doorbells over ${this.label} are out: ${error.message}`, { cause: error }),
      ),
    );
    this.topics = new Topics((error) => options.onError?.(asError(error)));
    this.heartbeat = new Heartbeat({
      beat: () => this.notify([this.encode([])]),
      missed: () => this.lost(this.client, new Error('The own doorbell was not heard.')),
    });
  }

  async firstConnect(): Promise<void> {
    await within(FIRST_CONNECT_MS, this.label, this.connect()).catch((error) => this.outage.failed(error));
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      application_name: 'drover-bus',
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      query_timeout: NOTIFY_MS,
      statement_timeout: NOTIFY_MS,
      ...CONNECTION_LIMITS,
    });
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client, new Error('The connection has ended.')));
    client.on('notification', ({ payload }) => this.heard(payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(this.channel)}`);
    } catch (error) {
      void client.end().catch(() => undefined);
      this.outage.failed(error);
      this.retry();
      throw error;
    }
    if (this.closed) return void client.end().catch(() => undefined);
    this.client = client;
    this.attempts = 0;
    this.outage.over();
    this.heartbeat.start();
  }

  private lost(client: Client | undefined, error: unknown): void {
    if (!client || this.client !== client) return;
    this.client = undefined;
    void client.end().catch(() => undefined);
    if (this.closed) return;
    this.outage.failed(error);
    this.retry();
  }

  private retry(): void {
    if (this.closed || this.retryTimer) return;
    const wait = Math.min(RETRY_MS.first * 2 ** this.attempts++, RETRY_MS.most) * (0.8 + 0.4 * Math.random());
    this.retryTimer = setTimeout(() => {
      this.retryTimer = undefined;
      this.connect().catch(() => undefined);
    }, wait);
  }

  publish(topic: string, payload = ''): void {
    this.buffer.put(topic, payload);
  }

  private send(messages: Message[]): void {
    for (const [topic, payload] of messages) this.topics.deliver(topic, payload);
    const notifications: string[] = [];
    let batch: Message[] = [];
    let size = 0;
    for (const message of messages) {
      const bytes = Buffer.byteLength(JSON.stringify(message)) + 1;
      // Too long for a doorbell: this process has heard it, others look by themselves.
      if (bytes > MOST_BYTES - 32) continue;
      if (size + bytes > MOST_BYTES - 32) {
        notifications.push(this.encode(batch));
        batch = [];
        size = 0;
      }
      batch.push(message);
      size += bytes;
    }
    if (batch.length > 0) notifications.push(this.encode(batch));
    this.notify(notifications);
  }

  private encode(messages: Message[]): string {
    return JSON.stringify([this.id, messages]);
  }

  /** One statement at a time; when the store cannot keep up, or is away, doorbells are dropped. */
  private notify(notifications: string[]): void {
    if (!this.client || this.waiting > 20 || notifications.length === 0) return;
    this.waiting += 1;
    this.sending = this.sending.then(async () => {
      this.waiting -= 1;
      const client = this.client;
      if (!client) return;
      try {
        await client.query('SELECT pg_notify($1, n) FROM unnest($2::text[]) AS n', [this.channel, notifications]);
      } catch (error) {
        this.lost(client, error);
      }
    });
  }

  private heard(text: string): void {
    try {
      const [sender, messages] = JSON.parse(text) as [string, Message[]];
      if (sender === this.id) return this.heartbeat.heard();
      for (const [topic, payload] of messages) this.topics.deliver(topic, payload);
    } catch (error) {
      this.outage.failed(
        new Error(`A notification on ${this.channel} is not one of Drover's: ${asError(error).message}`),
      );
    }
  }

  async subscribe(topic: string, handler: (payload: string) => void): Promise<() => Promise<void>> {
    const own = (payload: string) => handler(payload);
    this.topics.add(topic, own);
    return async () => void this.topics.remove(topic, own);
  }

  async subscribePrefix(
    prefix: string,
    handler: (topic: string, payload: string) => void,
  ): Promise<() => Promise<void>> {
    const own = (topic: string, payload: string) => handler(topic, payload);
    this.topics.addPrefix(prefix, own);
    return async () => void this.topics.removePrefix(prefix, own);
  }

  async ping(): Promise<void> {
    try {
      const client = this.client;
      if (!client) throw new Error('no connection');
      const answer = this.sending.then(() => client.query('SELECT 1'));
      this.sending = answer.then(noop, noop);
      await within(NOTIFY_MS, this.label, answer);
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
    clearTimeout(this.retryTimer);
    await within(500, this.label, this.sending).catch(() => undefined);
    const client = this.client;
    this.client = undefined;
    if (client) await within(500, this.label, client.end()).catch(() => undefined);
  }
}
