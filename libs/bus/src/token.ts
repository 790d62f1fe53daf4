/** The name by which a container of services knows the bus. */
export const BUS = Symbol('bus');
