/** By these a container of services knows the tickets and the internal jobs. */
export const TICKETS = Symbol('ticket queue');
export const INTERNAL_JOBS = Symbol('internal jobs');
