export { addressPolicy, type AddressPolicy } from './address-policy.js';
export {
  createGuardedFetch,
  type GuardedFetch,
  type GuardedRequest,
  type GuardedResponse,
  type GuardOptions,
} from './guarded-fetch.js';
export { createMailer, type Mail, type MailAnswer, type Mailer, type MailServer } from './mailer.js';
