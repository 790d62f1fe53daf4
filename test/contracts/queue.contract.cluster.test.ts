import { startRedisCluster } from '../support/redis.js';
import { ticketContract } from './queue.contract.js';

ticketContract('a Redis Cluster of three nodes', async () => {
  const cluster = await startRedisCluster();
  return { options: { backend: 'redis', url: cluster.url }, wipe: () => cluster.flushAll(), stop: () => cluster.stop() };
});
