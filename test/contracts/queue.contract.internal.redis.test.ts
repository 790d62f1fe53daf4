import { startRedis } from '../support/redis.js';
import { internalContract } from './queue.contract.internal.js';

internalContract('Redis', async () => {
  const server = await startRedis();
  return { options: { backend: 'redis', url: server.url }, wipe: async () => void (await server.admin.flushall()), stop: () => server.stop() };
});
