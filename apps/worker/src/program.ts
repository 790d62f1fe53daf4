import { createTicketSource } from '@drover/queue';
import { run } from './run.js';

await run(createTicketSource);
