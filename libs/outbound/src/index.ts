export { addressPolicy } from './address-policy.js';
export { createGuardedFetch, type GuardedFetch, type GuardedResponse } from './guarded-fetch.js';
export { createMailer, type Mailer, type MailServer } from './mailer.js';
