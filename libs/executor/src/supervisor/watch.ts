import { statfsSync } from 'node:fs';
import { readProcFile, TreeScanner } from '../proc/scan.js';
import type { Ending } from './classify.js';
import { bytes, seconds } from './sentences.js';
import { ownersOf, type Supervised } from './supervised.js';

/** Between two looks at run time, silence and output. */
const LOOK_MS = 100;
/** Between two looks at memory, which cost a pass over /proc. */
const MEMORY_MS = 250;
const DISK_MS = 1_000;
/** Below this much free space the disk counts as full: the record of the end must still fit. */
export const DISK_RESERVE = 8 * 1024 * 1024;
const PAGE = 4096;

/** Holds the limits of all running executions. */
export class Watch {
  private readonly scanner = new TreeScanner();
  private timer: NodeJS.Timeout | undefined;
  private memoryAt = 0;
  private diskAt = 0;
  private oomKills = [0, 0];

  constructor(
    private readonly root: string,
    private readonly running: ReadonlyMap<string, Supervised>,
    private readonly end: (execution: Supervised, ending: Ending) => void,
  ) {}

  /** Something was started. */
  wake(): void {
    if (this.timer !== undefined) return;
    this.oomKills = [oomKills(), oomKills()];
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Finds out which limit, if any, was behind the end of an execution that ended by itself. */
  afterwards(execution: Supervised, failed: boolean, signal: string | null): Ending | undefined {
    const over = outputFault(execution);
    if (over !== undefined) return over;
    if (!failed) return undefined;
    if (signal === 'SIGKILL' && oomKills() > (this.oomKills[0] ?? 0)) {
      return { cause: 'oom', detail: 'The kernel killed the command because memory was used up.' };
    }
    if (free(this.root) < 64 * 1024)
      return { cause: 'disk_full', detail: `The disk of the node is full (${this.root}).` };
    return undefined;
  }

  private look(): void {
    if (this.running.size === 0) {
      this.stop();
      return;
    }
    const now = performance.now();
    const withDisk = now - this.diskAt >= DISK_MS;
    for (const execution of this.running.values()) {
      const { limits } = execution.order;
      if (withDisk || limits.silence_s !== undefined || limits.output_bytes !== undefined) execution.measure(now);
      const fault = execution.ending === undefined ? (timeFault(execution, now) ?? outputFault(execution)) : undefined;
      if (fault !== undefined) this.end(execution, fault);
    }
    if (now - this.memoryAt >= MEMORY_MS) {
      this.memoryAt = now;
      this.lookAtMemory();
    }
    if (withDisk) {
      this.diskAt = now;
      this.oomKills = [this.oomKills[1] ?? 0, oomKills()];
      this.lookAtDisk();
    }
  }

  private lookAtMemory(): void {
    const limited = [...this.running.values()].filter(
      (e) => e.order.limits.memory_bytes !== undefined && e.ending === undefined,
    );
    if (limited.length === 0) return;
    const { leaders, owners } = ownersOf(limited);
    const used = new Map<string, number>();
    for (const proc of this.scanner.scan(leaders, owners))
      used.set(proc.execution_id, (used.get(proc.execution_id) ?? 0) + proc.rssPages * PAGE);
    for (const e of limited) {
      const limit = e.order.limits.memory_bytes ?? Infinity;
      const now = used.get(e.order.execution_id) ?? 0;
      if (now > limit)
        this.end(e, {
          cause: 'oom',
          detail: `The processes used ${bytes(now)} of memory, more than the limit of ${bytes(limit)}.`,
        });
    }
  }

  /** The one that writes most goes first; the next look decides whether that was enough. */
  private lookAtDisk(): void {
    const left = free(this.root);
    if (left >= DISK_RESERVE) return;
    let writer: Supervised | undefined;
    for (const e of this.running.values()) {
      if (e.ending === undefined && e.growth > 0 && e.growth > (writer?.growth ?? 0)) writer = e;
    }
    if (writer !== undefined)
      this.end(writer, {
        cause: 'disk_full',
        detail: `The disk of the node is full: ${bytes(left)} are left at ${this.root}.`,
      });
  }
}

function timeFault({ order: { limits }, spawnedTick, grewAt }: Supervised, now: number): Ending | undefined {
  if (limits.runtime_s !== undefined && now - spawnedTick >= limits.runtime_s * 1000) {
    return { cause: 'timeout', detail: `Still running after its limit of ${seconds(limits.runtime_s)}.` };
  }
  if (limits.silence_s !== undefined && now - grewAt >= limits.silence_s * 1000) {
    return { cause: 'silence', detail: `No output for ${seconds(limits.silence_s)}, the longest silence allowed.` };
  }
  return undefined;
}

function outputFault({ order: { limits }, size }: Supervised): Ending | undefined {
  if (limits.output_bytes === undefined || size <= limits.output_bytes) return undefined;
  return {
    cause: 'output_limit',
    detail: `The output grew to ${bytes(size)}, more than the limit of ${bytes(limits.output_bytes)}.`,
  };
}

/** Bytes a process of ours may still write at a path. Infinity when that cannot be found out. */
export function free(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}

/** Processes the kernel has killed for want of memory since boot. */
export function oomKills(): number {
  return Number(/^oom_kill (\d+)/m.exec(readProcFile('/proc/vmstat', Buffer.allocUnsafe(16_384)) ?? '')?.[1] ?? 0);
}
