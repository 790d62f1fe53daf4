import { Redis } from 'ioredis';
import { expectEventually } from '../support/expect-eventually.js';
import { asLogin, createTestDatabase, dropTestDatabase, execute } from '../support/postgres.js';
import { startRedis, startRedisCluster } from '../support/redis.js';
import type { Backend } from './queue.contract.consumer.js';

/** A server of our own. */
export async function redisBackend(): Promise<Backend> {
  const server = await startRedis();
  return {
    options: { backend: 'redis', url: server.url },
    wipe: async () => void (await server.admin.flushall()),
    restart: () => server.restartEmpty(),
    stop: () => server.stop(),
  };
}

/** The one that DROVER_TEST_REDIS_URL names (it is flushed), else a server of our own. */
export async function givenRedisBackend(): Promise<Backend> {
  const given = process.env['DROVER_TEST_REDIS_URL'];
  if (!given) return redisBackend();
  const admin = new Redis(given);
  return {
    options: { backend: 'redis', url: given },
    wipe: async () => void (await admin.flushall()),
    stop: async () => admin.disconnect(),
  };
}

export async function clusterBackend(): Promise<Backend> {
  const cluster = await startRedisCluster();
  return {
    options: { backend: 'redis', url: cluster.url },
    wipe: () => cluster.flushAll(),
    restart: () => cluster.nodes[1]!.restartEmpty(),
    stop: () => cluster.stop(),
  };
}

/** With the logins of production on either side. */
export async function postgresBackend(): Promise<Backend> {
  const url = await createTestDatabase();
  return {
    options: { backend: 'postgres', url: asLogin(url, 'app') },
    worker: { backend: 'postgres', url: asLogin(url, 'tickets') },
    // Another session's transaction may stand in its way: deadlocks are possible, and tried again.
    wipe: () =>
      expectEventually(() => execute(url, 'TRUNCATE bullmq.job, bullmq.meta, bullmq.scheduler, bullmq.event CASCADE')),
    stop: () => dropTestDatabase(url),
  };
}
