import { Client } from 'pg';
import { DroverError } from '@drover/domain';
import type { Bus, BusOptions } from './bus.js';
import { Coalescer, Listeners, subscription } from './local.js';

const CHANNEL = 'drover_bus';
/** A NOTIFY carries less than 8,000 bytes. */
const MAX_BYTES = 7_500;
const RECONNECT_MS = 500;

/** Over LISTEN/NOTIFY, on one connection of its own. */
export async function createPostgresBus(url: string, options: BusOptions = {}): Promise<Bus> {
  const listeners = new Listeners();
  let client: Client | null = null;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const lost = (error: Error): void => {
    if (closed || client === null) return;
    options.onError?.(error);
    client.removeAllListeners('notification');
    void client.end().catch(() => undefined);
    client = null;
    timer = setTimeout(() => void connect(), RECONNECT_MS);
  };
  const connect = async (): Promise<void> => {
    const next = new Client({ connectionString: url, application_name: 'drover-bus', keepAlive: true, connectionTimeoutMillis: 5_000 });
    next.on('error', (error) => (client === next ? lost(error) : undefined));
    next.on('end', () => (client === next ? lost(new Error('the connection of the bus ended')) : undefined));
    try {
      await next.connect();
      next.on('notification', ({ payload }) => {
        for (const [topic, text] of JSON.parse(payload ?? '[]') as [string, string][]) listeners.deliver(topic, text);
      });
      await next.query(`LISTEN ${CHANNEL}`);
      if (closed) await next.end();
      else client = next;
    } catch (error) {
      options.onError?.(error instanceof Error ? error : new Error(String(error)));
      void next.end().catch(() => undefined);
      if (!closed) timer = setTimeout(() => void connect(), RECONNECT_MS);
    }
  };
  await connect();

  const rings = new Coalescer((batch) => {
    let group: [string, string][] = [];
    let size = 2;
    const send = (): void => {
      if (group.length === 0) return;
      const sent = group;
      if (client) client.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify(sent)]).catch(() => undefined);
      else sent.forEach(([topic, payload]) => listeners.deliver(topic, payload));
      group = [];
      size = 2;
    };
    for (const ring of batch) {
      const bytes = Buffer.byteLength(JSON.stringify(ring)) + 1;
      if (size + bytes > MAX_BYTES) send();
      group.push(ring);
      size += bytes;
    }
    send();
  });
  return {
    publish: (topic, payload = '') => rings.add(topic, payload),
    subscribe: (topic, handler) => subscription(listeners.add('exact', topic, (_topic, payload) => handler(payload))),
    subscribePrefix: (prefix, handler) => subscription(listeners.add('prefix', prefix, handler)),
    async ping() {
      if (!client) throw new DroverError('unavailable', 'The notification connection to Postgres is down; it is being opened again.');
      await client.query('SELECT 1');
    },
    async close() {
      rings.flush();
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
