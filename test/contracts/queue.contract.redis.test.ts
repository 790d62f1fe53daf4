import { Redis } from 'ioredis';
import { startRedis } from '../support/redis.js';
import { ticketContract } from './queue.contract.js';

/** A server of our own, or the one that DROVER_TEST_REDIS_URL names (it is flushed). */
ticketContract('Redis', async () => {
  const given = process.env.DROVER_TEST_REDIS_URL;
  if (given) {
    const admin = new Redis(given);
    return { options: { backend: 'redis', url: given }, wipe: async () => void (await admin.flushall()), stop: async () => admin.disconnect() };
  }
  const server = await startRedis();
  return { options: { backend: 'redis', url: server.url }, wipe: async () => void (await server.admin.flushall()), stop: () => server.stop() };
});
