export type { Bus, BusOptions } from './bus.js';
export { createLocalBus } from './local.js';
export { createRedisBus } from './redis-bus.js';
export { createPostgresBus } from './postgres-bus.js';
