import { postgresBackend } from './queue.contract.backends.js';
import { internalContract } from './queue.contract.internal.js';

internalContract('Postgres', postgresBackend);
