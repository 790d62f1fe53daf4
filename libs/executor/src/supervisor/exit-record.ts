import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExitRecord } from '../messages.js';

/** Write, fsync, rename: a reader sees the whole record or none. @throws when the folder is gone or the disk is full */
export function writeExitRecord(folder: string, record: ExitRecord): void {
  const temporary = join(folder, 'exit.json.tmp');
  const fd = openSync(temporary, 'w', 0o600);
  try {
    writeSync(fd, JSON.stringify(record));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, join(folder, 'exit.json'));
}

/** The exit record of a folder, if there is a whole one. */
export async function readExitRecord(folder: string): Promise<ExitRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(join(folder, 'exit.json'), 'utf8')) as ExitRecord;
    return typeof record.execution_id === 'string' ? record : undefined;
  } catch {
    return undefined;
  }
}
