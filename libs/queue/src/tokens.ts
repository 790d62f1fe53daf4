/** By these a container of services knows the tickets, the internal jobs, and where both live. */
export const TICKETS = Symbol('ticket queue');
export const INTERNAL_JOBS = Symbol('internal jobs');
export const QUEUE_OPTIONS = Symbol('where tickets live');
