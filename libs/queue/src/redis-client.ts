import type { Socket } from 'node:net';
import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis';
import type { RedisTarget } from '@drover/config';

export type RedisLink = Redis | Cluster;

/**
 * `fast`: a command fails at once while there is no connection, and after 2 s in any case: for everything that has a
 * caller waiting. `patient`: commands wait for the connection to come back: what BullMQ demands of blocking and
 * processing connections.
 */
export type Profile = 'fast' | 'patient';

/** 50 ms, 100 ms, … 1 s, for ever. */
const backOff = (attempt: number): number => Math.min(attempt * 50, 1000) * (0.8 + 0.4 * Math.random());

const COMMAND_TIMEOUT_MS = 2000;

/**
 * ioredis hears only the first error of a socket. A TLS handshake that fails can have a second one, which nobody would
 * hear and which would end the process.
 */
function hearLateErrors(link: RedisLink): RedisLink {
  const hear = (redis: Redis): void =>
    void redis.on('connecting', () =>
      setImmediate(() => (redis.stream as Socket | undefined)?.on('error', () => undefined)),
    );
  if (link instanceof Cluster) link.on('+node', hear);
  else hear(link);
  return link;
}

/** Opens a connection; it comes up in the background and comes back by itself. The caller listens to `error`. */
export function openRedis(target: RedisTarget, profile: Profile, connectionName: string): RedisLink {
  const first = target.nodes[0]!;
  const common: RedisOptions = {
    username: target.username,
    password: target.password,
    connectionName,
    connectTimeout: 2000,
    keepAlive: 10_000,
    maxRetriesPerRequest: profile === 'fast' ? 0 : null,
    enableOfflineQueue: profile === 'patient',
    ...(profile === 'fast' ? { commandTimeout: COMMAND_TIMEOUT_MS } : {}),
    ...(target.tls ? { tls: {} } : {}),
  };
  if (target.kind === 'cluster') {
    const cluster: ClusterOptions = {
      redisOptions: common,
      enableOfflineQueue: profile === 'patient',
      clusterRetryStrategy: backOff,
      slotsRefreshTimeout: 2000,
      // A certificate names the host that was asked for, so names must reach TLS unresolved.
      ...(target.tls ? { dnsLookup: (address, done) => done(null, address) } : {}),
    };
    return hearLateErrors(new Cluster(target.nodes, cluster));
  }
  const single = { ...common, db: target.db, retryStrategy: backOff };
  if (target.kind === 'single') return hearLateErrors(new Redis({ ...single, host: first.host, port: first.port }));
  return hearLateErrors(
    new Redis({
      ...single,
      sentinels: target.nodes,
      name: target.master,
      sentinelPassword: target.sentinelPassword,
      sentinelRetryStrategy: backOff,
      ...(target.tls ? { enableTLSForSentinelMode: true } : {}),
    }),
  );
}

function sockets(link: RedisLink): Socket[] {
  const connections = link instanceof Cluster ? link.nodes() : [link];
  return connections
    .map((connection) => connection.stream as Socket | undefined)
    .filter((socket) => socket !== undefined);
}

/** Bytes that have ever come in over the present sockets. */
export const received = (link: RedisLink): number => sockets(link).reduce((sum, socket) => sum + socket.bytesRead, 0);

/**
 * Throws the sockets away and lets the client look for new ones. Its own `disconnect` says good-bye and waits for the
 * answer, which a server that answers nothing does not give.
 */
export function renew(link: RedisLink): void {
  for (const socket of sockets(link)) socket.destroy();
}

/** Connections to those that take writes: the server, or the masters of a cluster. */
export const masters = (link: RedisLink): Redis[] => (link instanceof Cluster ? link.nodes('master') : [link]);

/** Names one run of one server process. Some servers that speak Redis's protocol say none: then only the markers tell. */
export async function runId(redis: Redis): Promise<string> {
  return /^run_id:(\w+)/m.exec(await redis.info('server'))?.[1] ?? '';
}

/** Slots of a cluster. */
export const SLOTS = 16_384;

/** The slot of a key or hash tag: CRC16 (XMODEM), as the cluster specification has it. */
export function slotOf(key: string): number {
  let crc = 0;
  for (const byte of Buffer.from(key)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc % SLOTS;
}
