import { migrateTicketStore } from '@drover/queue';
import { expectEventually } from '../support/expect-eventually.js';
import { createTestDatabase, dropTestDatabase, execute } from '../support/postgres.js';
import { startRedis, startRedisCluster } from '../support/redis.js';
import { internalContract } from './queue.contract.internal.js';

internalContract('Redis', async () => {
  const server = await startRedis();
  return { options: { backend: 'redis', url: server.url }, wipe: async () => void (await server.admin.flushall()), stop: () => server.stop() };
});

internalContract('a Redis Cluster of three nodes', async () => {
  const cluster = await startRedisCluster();
  return { options: { backend: 'redis', url: cluster.url }, wipe: () => cluster.flushAll(), stop: () => cluster.stop() };
});

internalContract('Postgres', async () => {
  const url = await createTestDatabase({ empty: true });
  const options = { backend: 'postgres', url } as const;
  await migrateTicketStore(options);
  return {
    options,
    // Another session's transaction may stand in its way: deadlocks are possible, and tried again.
    wipe: () => expectEventually(() => execute(url, 'TRUNCATE bullmq.job, bullmq.meta, bullmq.scheduler, bullmq.event CASCADE')),
    stop: () => dropTestDatabase(url),
  };
});
