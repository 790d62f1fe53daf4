/** The name by which a container of services knows the log. */
export const LOGGER = Symbol('logger');
