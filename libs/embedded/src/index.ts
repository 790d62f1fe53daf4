export {
  startEmbeddedPostgres,
  runningPostgres,
  runningPostgresUrl,
  type EmbeddedPostgres,
  type PostgresUrls,
} from './embedded-postgres.js';
export { lockFolder, type FolderLock } from './folder-lock.js';
export { guard, release } from './watchdog.js';
export { run } from './run.js';
export { Service } from './service.js';
export { ROLES } from './roles.js';
