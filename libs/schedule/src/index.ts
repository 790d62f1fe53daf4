export { assertCron, tickAfter, tickBefore } from './cron.js';
