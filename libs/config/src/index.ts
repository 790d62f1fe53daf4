export { configurationPage } from './configuration-page.js';
export { loadConfig, settingsOf, allVariables, unknownVariables, type Config, type DialectSettings } from './load.js';
export { ConfigError } from './problems.js';
export { section, type Values } from './section.js';
export {
  variable,
  text,
  integer,
  flag,
  oneOf,
  pythonFlag,
  seconds,
  url,
  list,
  readSeconds,
  Unfit,
  type Variable,
} from './variable.js';
export { isQueueName } from './queues.js';
export { jobBaseEnv } from './job-env.js';
export { originOf } from './doors.js';
export { isLoopback } from './core.js';
export { describeRedis, parseRedisUrl } from './redis-url.js';
export type { RedisTarget } from './redis-url.js';
export { API_ENVIRONMENT, NODE_FLAGS, STEADY_FLAG } from './node-flags.js';
export { ownSettings } from './environment.js';
export { takeServiceEnvironment, type ServiceEnvironment } from './service-environment.js';
export {
  exposedSecrets,
  programSettings,
  secretNames,
  settingsThatAreSet,
  type ProgramSettings,
} from './program-settings.js';
export { secretTexts, shownSettings } from './shown-settings.js';
export { fileVariableOf } from './secret-files.js';
export { readSettings, settingLine, useSettings, workerSettingsFile } from './settings-file.js';
export { userConfigFolder } from './user-folder.js';
export { CONNECTION_LIMITS } from './database.js';
export { dataFolderMode } from './data-folder.js';
export { CONFIG } from './token.js';
export { VERSION } from './version.js';
