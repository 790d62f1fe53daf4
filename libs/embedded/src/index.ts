export {
  startEmbeddedPostgres,
  runningPostgres,
  runningPostgresUrl,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  type PostgresUrls,
} from './embedded-postgres.js';
export { lockFolder, type FolderLock } from './folder-lock.js';
export { guard, release } from './watchdog.js';
export { run, type RunResult } from './run.js';
export { Service, type ServiceOptions } from './service.js';
export type { RunAsKind } from './run-as.js';
export type { EmbeddedReason } from './problem.js';
export { ROLES } from './roles.js';
