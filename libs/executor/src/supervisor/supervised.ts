import { fstatSync } from 'node:fs';
import type { LaunchOrder } from '../messages.js';
import type { Ending, TaskEnd } from './classify.js';
import type { StartedProcess, StartProcess } from './process-start.js';
import { closeOutputs, openOutputs, startTask, type OutputFiles } from './spawn.js';

/** One execution under supervision: its leaders, its files, and how far its end has come. */
export class Supervised {
  readonly files: OutputFiles;
  /** Every process started for it, also when it has ended: the name of its group and session. */
  readonly leaders: number[] = [];
  readonly ends: TaskEnd[] = [];
  /** Wall clock and monotonic, milliseconds. */
  spawnedAt = 0;
  spawnedTick = 0;
  ending: Ending | undefined;
  /** TERM has been sent; KILL follows at this monotonic time. */
  killAt: number | undefined;
  /** When nothing helped any more: the end is told although processes are left (they hang in the kernel). */
  giveUpAt = Infinity;
  size = 0;
  grewAt = 0;
  /** Folder of its cgroup. */
  group: string | undefined;
  /** Growth since the look before, bytes. */
  growth = 0;
  private started = 0;
  /** Tasks whose start is not decided yet. */
  private pending = 0;
  private closed = false;

  /** Opens the files. @throws the system's error, e.g. ENOSPC */
  constructor(readonly order: LaunchOrder) {
    this.files = openOutputs(order.folder);
  }

  /**
   * Starts all tasks, one after the other. Hears of the first that runs, of the fault that keeps one from starting (the
   * rest is not tried then), and of the end of each that did start. No task is started after an end has begun; one
   * whose start was under way then is told to end as the others were.
   */
  async start(
    startProcess: StartProcess,
    baseEnv: Record<string, string>,
    heard: { started(pid: number): void; failed(error: Error): void; ended(): void },
  ): Promise<void> {
    this.spawnedAt = Date.now();
    this.spawnedTick = performance.now();
    this.grewAt = this.spawnedTick;
    this.pending = this.order.tasks;
    for (let rank = 0; rank < this.order.tasks; rank++) {
      let child: StartedProcess;
      try {
        child = await startTask(startProcess, this.order, rank, this.files, baseEnv, this.group);
      } catch (error) {
        this.pending = 0;
        heard.failed(error as Error);
        return;
      }
      const ending = this.killAt !== undefined || this.closed;
      this.pending = ending ? 0 : this.pending - 1;
      this.leaders.push(child.pid);
      this.started++;
      if (this.started === 1 && !this.closed) heard.started(child.pid);
      if (ending) signal(-child.pid, this.closed ? 'SIGKILL' : 'SIGTERM');
      child.onExit((end) => {
        this.ends.push(end);
        heard.ended();
      });
      if (ending) return;
    }
  }

  /** No leader runs any more, and none is about to. */
  get leadersGone(): boolean {
    return this.pending === 0 && this.ends.length >= this.started;
  }

  /** Somebody is left in the group of a leader (whose pid therefore cannot have been given to anybody else). */
  get groupAlive(): boolean {
    return this.leaders.some((pid) => signal(-pid, 0));
  }

  /** The user that only its own processes have, if there is one. */
  get owner(): number | undefined {
    return this.order.user?.exclusive ? this.order.user.uid : undefined;
  }

  /** Looks at the files. Returns both lengths. */
  measure(now: number): { stdout: number; stderr: number } {
    const stdout = fstatSync(this.files.stdout).size;
    const stderr = fstatSync(this.files.stderr).size;
    this.growth = stdout + stderr - this.size;
    if (this.growth !== 0) this.grewAt = now;
    this.size = stdout + stderr;
    return { stdout, stderr };
  }

  close(): void {
    this.closed = true;
    closeOutputs(this.files);
  }
}

/** Execution ids by what tells their processes: the pid of a leader, and the number of a user. */
export function ownersOf(running: Iterable<Supervised>): { leaders: Map<number, string>; owners: Map<number, string> } {
  const leaders = new Map<number, string>();
  const owners = new Map<number, string>();
  for (const { order, leaders: pids, owner } of running) {
    for (const pid of pids) leaders.set(pid, order.execution_id);
    if (owner !== undefined) owners.set(owner, order.execution_id);
  }
  return { leaders, owners };
}

/** Sends a signal (0: only asks). False: nobody there. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
