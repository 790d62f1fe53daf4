import { clusterBackend } from './queue.contract.backends.js';
import { ticketContract } from './queue.contract.js';

ticketContract('a Redis Cluster of three nodes', clusterBackend);
