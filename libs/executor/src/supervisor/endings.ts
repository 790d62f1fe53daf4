import { killAllOf } from '../isolation/kill-all.js';
import { TreeScanner, type TreeProc } from '../proc/scan.js';
import { ownersOf, signal, type Supervised } from './supervised.js';

/** Between two looks at a tree that is being ended. Milliseconds. */
const LOOK_MS = 50;
/** One look in so many reads /proc also where the group seems to live. */
const THOROUGH_EVERY = 4;
/** Grace for what a job that ended by itself left behind, at most. */
const LEFTOVER_GRACE_MS = 2_000;
/** After the first KILL a tree must be gone within this. What then is left hangs in the kernel. */
const KILL_PATIENCE_MS = 5_000;
/** How long ended executions are remembered, so that strays of theirs are found. */
const STRAY_MEMORY_MS = 60_000;
const SWEEP_MS = 1_000;

/**
 * Ends process trees: TERM, grace, KILL, until no process of the tree is left. Also finds strays: processes that left
 * the group of a job which has ended since.
 */
export class Endings {
  private readonly scanner = new TreeScanner();
  private readonly open = new Set<Supervised>();
  private readonly recent = new Map<string, { at: number; owner: number | undefined }>();
  private readonly warned = new Set<number>();
  private timer: NodeJS.Timeout | undefined;
  private looks = 0;
  private sweepTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly running: ReadonlyMap<string, Supervised>,
    private readonly onGone: (execution: Supervised) => void,
  ) {}

  /**
   * Something was started: from now on its processes are looked at, so that they are known even after they have left
   * their parent.
   */
  wake(): void {
    this.sweepTimer ??= setTimeout(() => this.sweep(), SWEEP_MS);
  }

  /** Starts to end a tree, or hastens an end that is under way. */
  begin(execution: Supervised, graceMs: number): void {
    const now = performance.now();
    const killAt = now + graceMs;
    if (execution.killAt !== undefined) {
      execution.killAt = Math.min(execution.killAt, killAt);
      return;
    }
    execution.killAt = killAt;
    this.open.add(execution);
    // Looked at before the first signal: once their parent is gone, some could not be told apart any more.
    const tree = this.scan().filter((proc) => proc.execution_id === execution.order.execution_id);
    const groups = new Set(execution.leaders);
    for (const pid of groups) signal(-pid, 'SIGTERM');
    for (const proc of tree) if (!groups.has(proc.pgrp)) signal(proc.pid, 'SIGTERM');
    this.timer ??= setInterval(() => this.look(), LOOK_MS);
    this.look();
  }

  /** A leader ended by itself and left others in its group. */
  beginLeftovers(execution: Supervised): void {
    this.begin(execution, Math.min(LEFTOVER_GRACE_MS, execution.order.limits.grace_s * 1000));
  }

  /** The end of an execution was told: what still carries its mark is a stray. */
  remember(executionId: string, owner?: number): void {
    this.recent.set(executionId, { at: performance.now(), owner });
    this.wake();
  }

  stop(): void {
    clearInterval(this.timer);
    clearTimeout(this.sweepTimer);
  }

  private scan(): TreeProc[] {
    const { leaders, owners } = ownersOf(this.running.values());
    for (const [id, { owner }] of this.recent) if (owner !== undefined && !owners.has(owner)) owners.set(owner, id);
    return this.scanner.scan(leaders, owners);
  }

  private look(): void {
    const now = performance.now();
    // During the grace the group itself says whether it lives; /proc is read only when that is not enough. Now and then
    // it is read all the same: zombies that an idle init has not reaped keep a group alive in the eyes of kill(2), and
    // run nothing.
    this.looks += 1;
    const thorough = this.looks % THOROUGH_EVERY === 0;
    const due = [...this.open].filter((e) => now >= (e.killAt ?? 0) || (e.leadersGone && (thorough || !e.groupAlive)));
    if (due.length === 0) return;
    const members = this.scan();
    for (const execution of due) {
      const tree = members.filter((proc) => proc.execution_id === execution.order.execution_id);
      if ((execution.leadersGone && tree.length === 0) || now > execution.giveUpAt) {
        this.open.delete(execution);
        this.onGone(execution);
        continue;
      }
      if (now < (execution.killAt ?? 0)) continue;
      if (execution.giveUpAt === Infinity) execution.giveUpAt = now + KILL_PATIENCE_MS;
      for (const pid of execution.leaders) signal(-pid, 'SIGKILL');
      for (const proc of tree) signal(proc.pid, 'SIGKILL');
      // A tree that forks faster than it is looked at is ended in one call.
      if (execution.owner !== undefined && tree.length > 0) killAllOf(execution.owner);
    }
    if (this.open.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }

  private sweep(): void {
    this.sweepTimer = undefined;
    const strays = this.scan().filter((proc) => this.recent.has(proc.execution_id));
    const pids = new Set<number>();
    for (const { pid } of strays) {
      signal(pid, this.warned.has(pid) ? 'SIGKILL' : 'SIGTERM');
      pids.add(pid);
    }
    this.warned.clear();
    for (const pid of pids) this.warned.add(pid);
    const oldest = performance.now() - STRAY_MEMORY_MS;
    // Nobody of theirs is left and nobody new can appear: an execution without processes stays without.
    for (const [id, { at }] of this.recent) if (strays.length === 0 || at < oldest) this.recent.delete(id);
    if (this.recent.size > 0 || this.running.size > 0) this.wake();
  }
}
