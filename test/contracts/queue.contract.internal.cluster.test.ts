import { startRedisCluster } from '../support/redis.js';
import { internalContract } from './queue.contract.internal.js';

internalContract('a Redis Cluster of three nodes', async () => {
  const cluster = await startRedisCluster();
  return { options: { backend: 'redis', url: cluster.url }, wipe: () => cluster.flushAll(), stop: () => cluster.stop() };
});
