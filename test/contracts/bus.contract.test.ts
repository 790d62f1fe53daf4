import { createLocalBus, createPostgresBus, createRedisBus } from '@drover/bus';
import { createTestDatabase, dropTestDatabase, execute } from '../support/postgres.js';
import { startRedis, startRedisCluster } from '../support/redis.js';
import { busContract } from './bus.contract.js';

busContract(
  'one process',
  async () => ({ open: async (onError) => createLocalBus({ onError }), stop: async () => undefined }),
  { shared: false },
);

busContract('Redis', async () => {
  const server = await startRedis();
  return {
    open: (onError) => createRedisBus(server.url, { onError }),
    cut: () => server.restartEmpty(),
    stop: () => server.stop(),
  };
});

busContract('a Redis Cluster of three nodes', async () => {
  const cluster = await startRedisCluster();
  return {
    open: (onError) => createRedisBus(cluster.url, { onError }),
    cut: async () => {
      for (const node of cluster.nodes) {
        await node.admin.client('KILL', 'TYPE', 'pubsub');
        await node.admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      }
    },
    stop: () => cluster.stop(),
  };
});

busContract('Postgres', async () => {
  const url = await createTestDatabase({ empty: true });
  return {
    open: (onError) => createPostgresBus(url, { onError }),
    cut: () =>
      execute(url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'drover-bus'`),
    stop: () => dropTestDatabase(url),
  };
});
