export { addressPolicy, type AddressPolicy } from './address-policy.js';
export { createGuardedFetch, type GuardedFetch, type GuardedRequest, type GuardedResponse, type GuardOptions } from './guarded-fetch.js';
