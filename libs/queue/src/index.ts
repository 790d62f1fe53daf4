export { INTERNAL_JOBS, QUEUE_OPTIONS, TICKETS } from './tokens.js';
export { DEFAULT_SCHEMA as TICKET_SCHEMA } from 'bullmq';
export { checkTicketStore, migrateTicketStore } from './check-store.js';
export { createInternalJobs } from './internal-jobs.js';
export { createTicketQueue } from './ticket-queue.js';
export { createTicketSource } from './ticket-source.js';
export type {
  HeldTicket,
  InternalHandler,
  InternalJobs,
  InternalRun,
  QueueOptions,
  Ticket,
  TicketQueue,
  TicketSource,
} from './ports.js';
