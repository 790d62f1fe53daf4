/** By this a container of services knows the bus. */
export const BUS = Symbol('bus');
