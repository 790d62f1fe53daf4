/** Injection tokens of what has no class. */
export const CONFIG = Symbol('config');
export const LOGGER = Symbol('logger');
export const TICKETS = Symbol('ticket queue');
export const INTERNAL_JOBS = Symbol('internal jobs');
export const BUS = Symbol('bus');
export const BLOBS = Symbol('blobs');
