/** By this a container of services knows the settings. */
export const CONFIG = Symbol('config');
