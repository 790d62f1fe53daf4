export { configurationPage } from './reference.js';
export { loadConfig, allVariables, unknownVariables, type Config } from './load.js';
export { ConfigError, type Problem } from './problems.js';
export { section, type Section, type Shape, type Values } from './section.js';
export {
  variable,
  text,
  integer,
  flag,
  oneOf,
  seconds,
  bytes,
  url,
  list,
  Unfit,
  type Env,
  type Variable,
} from './variable.js';
export { parseQueue, isQueueName, type ServedQueue } from './queues.js';
export { jobBaseEnv } from './job-env.js';
export type { SmtpTarget } from './mail.js';
export { originOf } from './doors.js';
export { DIALECT_NAMES, type DialectName } from './dialects/index.js';
export { isLoopback, REDIS_SCHEMES } from './core.js';
export { describeRedis, parseRedisUrl, REDIS_URL_FORMS } from './redis-url.js';
export type { RedisNode, RedisTarget } from './redis-url.js';
export { NODE_FLAGS } from './node-flags.js';
export { ownSettings, SECRETS_FD } from './environment.js';
export { exposedSecrets, programSettings, secretNames, type ProgramSettings } from './program-settings.js';
export { fileVariableOf } from './secret-files.js';
export { userConfigFolder } from './user-folder.js';
export { CONNECTION_LIMITS, IDLE_IN_TRANSACTION_MS } from './database.js';
export { dataFolderMode } from './data-folder.js';
export { CONFIG } from './token.js';
export { VERSION } from './version.js';
