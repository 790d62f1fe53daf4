/** By this a container of services knows the log. */
export const LOGGER = Symbol('logger');
