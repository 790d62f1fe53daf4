import { statfs } from 'node:fs/promises';
import { DISK_RESERVE } from '@drover/executor';
import type { Logger } from '@drover/telemetry';

const REASON = 'disk full';

/** The part of the worker that takes jobs, as the guard of the disk stops it. */
interface Intake {
  pause(reason: string): Promise<void>;
  resume(reason: string): void;
}

/** A job that is started on a full disk cannot write a byte: it waits, here or on another node, until there is room. */
export class DiskGuard {
  private isFull = false;
  private looking = false;
  private last: { free_bytes: number; total_bytes: number } | null = null;

  constructor(
    private readonly root: string,
    private readonly intake: Intake,
    private readonly onChange: () => void,
    private readonly logger: Logger,
  ) {}

  get full(): boolean {
    return this.isFull;
  }

  /** The disk as it was at the last look; null: it could not be read. */
  get space(): { free_bytes: number; total_bytes: number } | null {
    return this.last;
  }

  /** Never waits for a disk that hangs: the daemon has to go on with its heartbeats. */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    this.last = await statfs(this.root).then(
      ({ bavail, blocks, bsize }) => ({ free_bytes: bavail * bsize, total_bytes: blocks * bsize }),
      () => null,
    );
    this.looking = false;
    const left = this.last?.free_bytes ?? Infinity;
    const full = left < DISK_RESERVE;
    if (full === this.isFull) return;
    this.isFull = full;
    this.onChange();
    if (full) {
      this.logger.warn(
        { path: this.root, bytes_left: left },
        'the disk is full: no more jobs are taken until there is room',
      );
      await this.intake.pause(REASON);
    } else {
      this.logger.info({ path: this.root, bytes_left: left }, 'there is room on the disk again: jobs are taken');
      this.intake.resume(REASON);
    }
  }
}
