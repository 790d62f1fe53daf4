/** The name by which a container of services knows the settings. */
export const CONFIG = Symbol('config');
