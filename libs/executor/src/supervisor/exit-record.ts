import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ExitRecord } from '../messages.js';

/**
 * Write, rename: a reader sees the whole record or none. `durable` also survives a crash of the machine, for a sync.
 *
 * @throws when the folder is gone or the disk is full
 */
export function writeExitRecord(folder: string, record: ExitRecord, durable = true): void {
  const temporary = join(folder, 'exit.json.tmp');
  const fd = openSync(temporary, 'w', 0o600);
  try {
    writeSync(fd, JSON.stringify(record));
    if (durable) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, join(folder, 'exit.json'));
}

/** The exit record of an execution's folder, which is named after it, if there is a whole one. */
export async function readExitRecord(folder: string): Promise<ExitRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(join(folder, 'exit.json'), 'utf8')) as ExitRecord;
    return record.execution_id === basename(folder) ? record : undefined;
  } catch {
    return undefined;
  }
}
