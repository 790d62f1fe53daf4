export { loadConfig, allVariables, unknownVariables, programVariables, type Config } from './load.js';
export { ConfigError, type Problem } from './problems.js';
export { section, type Section, type Shape, type Values } from './section.js';
export { variable, text, integer, flag, oneOf, seconds, bytes, url, list, Unfit, type Env, type Variable } from './variable.js';
export { parseQueue, isQueueName, type ServedQueue } from './queues.js';
export { jobBaseEnv } from './job-env.js';
export { isLoopback, REDIS_SCHEMES } from './core.js';
export { describeRedis, parseRedisUrl, REDIS_URL_FORMS } from './redis-url.js';
export type { RedisNode, RedisTarget } from './redis-url.js';
