import type { Command } from 'commander';
import type { BackupOptions } from '../backup/backup.js';

/** A copy of the installation in one file. Works on the database and the large objects, not over HTTP. */
export function addBackup(program: Command): void {
  program
    .command('backup <file>')
    .description('copy record, large objects, settings and keys into one file while everything serves; -: to stdout')
    .option('--check', 'read a backup to its end and say whether it is whole; needs no database')
    .option('--no-keys', 'leave the keys of the installation out; without them the copy signs and opens nothing')
    .option('--no-objects', 'leave artifacts and other large objects out')
    .option('--overwrite', 'replace the file when the new backup is complete', false)
    .option('--metrics <file>', "write figures for the textfile collector of Prometheus's node exporter")
    .action(async (file: string, options: BackupOptions & { check?: boolean }) => {
      if (options.check) {
        const { check } = await import('../backup/restore.js');
        await check(file);
        return;
      }
      const { backup } = await import('../backup/backup.js');
      process.exitCode = await backup(file, options);
    });
}

/** The way back. */
export function addRestore(program: Command): void {
  program
    .command('restore <file>')
    .description('restore a backup into an empty database or data folder, all of it or nothing; no API may run')
    .option('--dry-run', 'only read the file to its end and say whether it is whole', false)
    .option('--no-keys', 'leave the keys of the backup out')
    .option('--settings <folder>', 'write the settings of the backup into files there')
    .action(async (file: string, options: { dryRun: boolean; keys: boolean; settings?: string }) => {
      const { restore } = await import('../backup/restore.js');
      await restore(file, options);
    });
}
