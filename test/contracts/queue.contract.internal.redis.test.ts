import { redisBackend } from './queue.contract.backends.js';
import { internalContract } from './queue.contract.internal.js';

internalContract('Redis', redisBackend);
