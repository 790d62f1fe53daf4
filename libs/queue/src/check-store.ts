import { DEFAULT_SCHEMA, PostgresConnection } from 'bullmq';
import { Cluster, type Redis } from 'ioredis';
import { describeRedis, parseRedisUrl } from '@drover/config';
import { DroverError } from '@drover/domain';
import { unavailable, within } from './guard.js';
import type { QueueOptions } from './ports.js';
import { poolConfig } from './postgres-store.js';
import { openRedis } from './redis-client.js';

const DEADLINE_MS = 5000;
const MIGRATION_DEADLINE_MS = 60_000;
/** Below it BullMQ lacks commands it uses. */
const OLDEST_REDIS = [6, 2] as const;

/**
 * Brings BullMQ's schema up to date (Postgres). Safe to call from many processes at once: a lock lets one of them work.
 * No-op on Redis.
 */
export async function migrateTicketStore(options: QueueOptions): Promise<void> {
  if (options.backend === 'redis') return;
  await connectOnce(options, true, MIGRATION_DEADLINE_MS);
}

/** Refuses (`unavailable`, with the remedy) a store that would lose or misplace tickets. For the start of every program. */
export async function checkTicketStore(options: QueueOptions): Promise<void> {
  if (options.backend === 'redis') return checkRedis(options.url);
  await connectOnce(options, false, DEADLINE_MS);
}

/** BullMQ migrates, or refuses a schema that is not there or too new, when it connects. */
async function connectOnce(options: QueueOptions, migrate: boolean, deadlineMs: number): Promise<void> {
  // A migration waits for the disk, as tickets need not: a crash would lose the tables that it made.
  const connection = new PostgresConnection({
    ...poolConfig(options.url, 1),
    options: '',
    connectionTimeoutMillis: DEADLINE_MS,
    schema: options.prefix ?? DEFAULT_SCHEMA,
    migrate,
  });
  connection.on('error', () => undefined);
  try {
    await within(deadlineMs, 'The ticket store in Postgres', connection.waitUntilReady());
  } catch (error) {
    throw unavailable('The ticket store in Postgres', error);
  } finally {
    await within(DEADLINE_MS, 'The ticket store in Postgres', connection.close()).catch(() => undefined);
  }
}

async function checkRedis(url: string): Promise<void> {
  const target = parseRedisUrl(url);
  const label = describeRedis(target);
  const link = openRedis(target, 'patient', 'drover-check');
  let lastError: Error | undefined;
  link.on('error', (error: Error) => {
    lastError = error;
  });
  try {
    await within(DEADLINE_MS, label, link.ping()).catch((error) => {
      throw unavailable(label, lastError ?? error);
    });
    const servers = link instanceof Cluster ? link.nodes('master') : [link];
    for (const server of servers) await checkServer(label, server);
  } finally {
    link.disconnect();
  }
}

async function checkServer(label: string, server: Redis): Promise<void> {
  const facts = parseInfo(await within(DEADLINE_MS, label, server.info()));
  // Valkey answers with the Redis version it is compatible with; others (Dragonfly) may have none.
  const version = facts.get('redis_version');
  if (version !== undefined) {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major < OLDEST_REDIS[0] || (major === OLDEST_REDIS[0] && minor < OLDEST_REDIS[1])) {
      throw new DroverError(
        'unavailable',
        `${label} is version ${version}; Drover needs at least ${OLDEST_REDIS.join('.')}. Upgrade the server, or unset DROVER_REDIS_URL to keep tickets in Postgres.`,
      );
    }
  }
  const policy = facts.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    throw new DroverError(
      'unavailable',
      `${label} has maxmemory-policy ${policy}, so that it may throw tickets away when its memory is full. Set "maxmemory-policy noeviction" in its configuration (now: CONFIG SET maxmemory-policy noeviction).`,
      { policy },
    );
  }
}

function parseInfo(text: string): Map<string, string> {
  const pairs = text.split(/\r?\n/).map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return new Map(pairs);
}
