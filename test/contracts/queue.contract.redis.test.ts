import { givenRedisBackend } from './queue.contract.backends.js';
import { ticketContract } from './queue.contract.js';

ticketContract('Redis', givenRedisBackend);
