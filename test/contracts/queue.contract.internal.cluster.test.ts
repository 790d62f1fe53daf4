import { clusterBackend } from './queue.contract.backends.js';
import { internalContract } from './queue.contract.internal.js';

internalContract('a Redis Cluster of three nodes', clusterBackend);
