import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchOrder } from '../messages.js';

/**
 * The note by which a keeper that is started again knows an execution: its order without environment and command, which
 * the container has.
 */
export interface ContainerRecord {
  order: Pick<LaunchOrder, 'execution_id' | 'folder' | 'limits' | 'note' | 'stdin'>;
  /** Bytes at the head of stderr that are not the job's. */
  preamble_bytes: number;
}

const NAME = 'container.json';

/** Write, fsync, rename. @throws the system's error, e.g. ENOSPC */
export function writeContainerRecord({ order, preamble_bytes }: ContainerRecord): void {
  const { execution_id, folder, limits, note, stdin } = order;
  const record: ContainerRecord = { order: { execution_id, folder, limits, note, stdin }, preamble_bytes };
  const path = join(folder, NAME);
  const fd = openSync(`${path}.tmp`, 'w', 0o600);
  try {
    writeSync(fd, JSON.stringify(record));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${path}.tmp`, path);
}

/** Undefined: the folder is not of a container, or has no whole record. */
export function readContainerRecord(folder: string): ContainerRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(join(folder, NAME), 'utf8')) as ContainerRecord;
    // The spool may have been moved since.
    return { ...record, order: { ...record.order, folder } };
  } catch {
    return undefined;
  }
}
