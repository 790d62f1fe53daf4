import { Redis, Cluster } from 'ioredis';
import { DroverError } from '@drover/domain';
import type { Bus, BusOptions } from './bus.js';
import { Coalescer, Listeners, subscription } from './local.js';

/** One channel: every process hears every ring and sorts by topic itself. Rings are coalesced and small, and subscriptions cost nothing. */
const CHANNEL = 'drover:bus';
const PING_MS = 2_000;

function connect(url: string): Redis | Cluster {
  const options = { maxRetriesPerRequest: 1, enableOfflineQueue: true, retryStrategy: (times: number) => Math.min(times * 100, 1_000), lazyConnect: false };
  const parsed = new URL(url.replace(/^(rediss?)\+(sentinel|cluster):\/\/([^/]*)/, (_all, scheme: string, kind: string, hosts: string) => `${scheme}://${hosts.split(',')[0]}/?kind=${kind}&hosts=${hosts}&`));
  const hosts = (parsed.searchParams.get('hosts') ?? '').split('@').at(-1)?.split(',').map((host) => ({ host: host.split(':')[0] as string, port: Number(host.split(':')[1] ?? 6379) })) ?? [];
  const password = parsed.password ? { password: decodeURIComponent(parsed.password) } : {};
  if (parsed.searchParams.get('kind') === 'cluster') return new Cluster(hosts, { redisOptions: { ...password }, clusterRetryStrategy: (times) => Math.min(times * 100, 1_000) });
  if (parsed.searchParams.get('kind') === 'sentinel') return new Redis({ sentinels: hosts, name: url.split('/').at(-1) ?? 'mymaster', ...password, ...options });
  return new Redis(url, options);
}

/** Over Redis pub/sub, on one server, Sentinel or Cluster. */
export async function createRedisBus(url: string, options: BusOptions = {}): Promise<Bus> {
  const listeners = new Listeners();
  const publisher = connect(url);
  const subscriber = connect(url);
  for (const client of [publisher, subscriber]) client.on('error', (error: Error) => options.onError?.(error));
  subscriber.on('message', (_channel: string, message: string) => {
    for (const [topic, payload] of JSON.parse(message) as [string, string][]) listeners.deliver(topic, payload);
  });
  // ioredis subscribes again by itself after each reconnection.
  const subscribed = subscriber.subscribe(CHANNEL).catch((error: unknown) => options.onError?.(error instanceof Error ? error : new Error(String(error))));
  await Promise.race([subscribed, new Promise((resolve) => setTimeout(resolve, PING_MS).unref())]);
  const rings = new Coalescer((batch) => {
    if (publisher.status === 'ready') publisher.publish(CHANNEL, JSON.stringify(batch)).catch(() => undefined);
    // Away: at least those in this process hear it.
    else batch.forEach(([topic, payload]) => listeners.deliver(topic, payload));
  });
  return {
    publish: (topic, payload = '') => rings.add(topic, payload),
    subscribe: (topic, handler) => subscription(listeners.add('exact', topic, (_topic, payload) => handler(payload))),
    subscribePrefix: (prefix, handler) => subscription(listeners.add('prefix', prefix, handler)),
    async ping() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new DroverError('unavailable', `Redis did not answer within ${PING_MS} ms.`)), PING_MS);
      });
      await Promise.race([publisher.ping(), late]).finally(() => clearTimeout(timer));
    },
    close() {
      rings.flush();
      subscriber.disconnect();
      publisher.disconnect();
      return Promise.resolve();
    },
  };
}
