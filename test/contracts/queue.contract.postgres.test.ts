import { postgresBackend } from './queue.contract.backends.js';
import { ticketContract } from './queue.contract.js';

ticketContract('Postgres', postgresBackend);
