export { readBackup } from './archive-reader.js';
export { assertPassphrase, openKeys, sealKeys, type InstallationKeys } from './sealed-keys.js';
export { openOutput, type Output } from './output-file.js';
export type { BackupEnd, BackupHead } from './format.js';
export { settingsText, writeBackup, type WrittenBackup } from './write-backup.js';
