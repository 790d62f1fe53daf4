import type { BodyEntry } from '@drover/http';

/** A job with a large environment, over either API. */
export const V1_BODIES: BodyEntry = { path: /^\/v1\/jobs(\/submit)?$/, bytes: 4 * 1024 * 1024 };
