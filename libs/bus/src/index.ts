export { BUS } from './token.js';
export { createLocalBus } from './local-bus.js';
export { createPostgresBus } from './postgres-bus.js';
export { createRedisBus } from './redis-bus.js';
export type { Bus } from './port.js';
