/** By this a container of services knows the store of large objects. */
export const BLOBS = Symbol('blobs');
