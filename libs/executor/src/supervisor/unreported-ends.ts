import type { ExitRecord } from '../messages.js';
import { writeExitRecord } from './exit-record.js';

/** A record not reported within this goes to disk. Milliseconds. */
const PATIENCE_MS = 2_000;
/** After a failed write (disk full). */
const RETRY_MS = 1_000;

/**
 * Ends that are not known to be reported. They are kept in memory and on disk: at once when no daemon is there to hear
 * of them (and synced then: nobody else knows), else only when the daemon has not said within PATIENCE_MS that the
 * report arrived, because a file, a sync and a rename for each of hundreds of short jobs a second would cost as much as
 * the jobs.
 */
export class UnreportedEnds {
  private readonly entries = new Map<string, { record: ExitRecord; folder: string; written: boolean }>();
  private timer: NodeJS.Timeout | undefined;
  private attended = false;

  add(record: ExitRecord, folder: string): void {
    this.entries.set(record.execution_id, { record, folder, written: false });
    if (!this.attended) this.write();
    else this.timer ??= setTimeout(() => this.write(), PATIENCE_MS);
  }

  has(executionId: string): boolean {
    return this.entries.has(executionId);
  }

  forget(ids: Iterable<string>): void {
    for (const id of ids) this.entries.delete(id);
  }

  records(): ExitRecord[] {
    return [...this.entries.values()].map((entry) => entry.record);
  }

  /** Whether a daemon listens. When it goes away everything is written at once. */
  set daemonPresent(present: boolean) {
    this.attended = present;
    if (!present) this.write();
  }

  /** Writes what is not on disk yet. */
  write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    let failed = false;
    for (const entry of this.entries.values()) {
      if (entry.written) continue;
      try {
        writeExitRecord(entry.folder, entry.record, !this.attended);
        entry.written = true;
      } catch (error) {
        // Without the folder nobody can miss the record.
        entry.written = (error as NodeJS.ErrnoException).code === 'ENOENT';
        failed ||= !entry.written;
      }
    }
    if (failed) this.timer = setTimeout(() => this.write(), RETRY_MS);
  }
}
