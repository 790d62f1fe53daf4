import type { ExitRecord, LaunchOrder, RunningRecord } from '../messages.js';
import { JobCgroups } from '../proc/job-cgroups.js';
import { classify, type Ending } from './classify.js';
import { Endings } from './endings.js';
import { startByNode } from './node-start.js';
import type { StartProcess } from './process-start.js';
import { bytes, spawnSentence } from './sentences.js';
import { argvOf } from './spawn.js';
import { Supervised } from './supervised.js';
import { UnreportedEnds } from './unreported-ends.js';
import { Watch } from './watch.js';

export interface TableEvents {
  started(
    executionId: string,
    pid: number | null,
    spawnedAt: string,
    container?: { container_id: string; preamble_bytes: number },
  ): void;
  phase(executionId: string, phase: string): void;
  exited(record: ExitRecord): void;
}

/** The executions that a supervisor serves to its daemon. */
export interface SupervisedTable {
  readonly unreported: UnreportedEnds;
  /** Executions that have not ended. */
  readonly size: number;
  launch(order: LaunchOrder, baseEnv: Record<string, string>): void;
  end(executionId: string, ending: Ending, graceS?: number): void;
  endAll(ending: Ending, graceS: number): void;
  list(): RunningRecord[];
  stop(): void;
}

/** All executions of this supervisor, from order to exit record. */
export class ExecutionTable implements SupervisedTable {
  readonly unreported = new UnreportedEnds();
  private readonly running = new Map<string, Supervised>();
  private readonly endings = new Endings(this.running, (execution) => this.finish(execution));
  private readonly watch: Watch;

  constructor(
    root: string,
    private readonly events: TableEvents,
    private readonly startProcess: StartProcess = startByNode,
    private readonly cgroups = new JobCgroups(),
  ) {
    cgroups.sweep();
    this.watch = new Watch(root, this.running, (execution, ending) => this.endOne(execution, ending));
  }

  launch(order: LaunchOrder, baseEnv: Record<string, string>): void {
    // The same order may come again after a reconnection.
    if (this.running.has(order.execution_id) || this.unreported.has(order.execution_id)) return;
    let execution: Supervised;
    try {
      execution = new Supervised(order);
    } catch (error) {
      this.record(order, null, 0, { stdout: 0, stderr: 0 }, spawnFailure(error as Error, order));
      return;
    }
    this.running.set(order.execution_id, execution);
    execution.group = this.cgroups.make(order.execution_id, order.limits);
    this.watch.wake();
    this.endings.wake();
    void execution.start(this.startProcess, baseEnv, {
      started: (pid) => this.events.started(order.execution_id, pid, new Date(execution.spawnedAt).toISOString()),
      failed: (error) => this.failed(execution, error),
      ended: () => this.taskEnded(execution),
    });
  }

  /**
   * Ends an execution for a cause. Unknown or already ending for another cause: the first cause stays, the grace may
   * shrink.
   */
  end(executionId: string, ending: Ending, graceS?: number): void {
    const execution = this.running.get(executionId);
    if (execution !== undefined) this.endOne(execution, ending, graceS);
  }

  endAll(ending: Ending, graceS: number): void {
    for (const execution of this.running.values()) this.endOne(execution, ending, graceS);
  }

  list(): RunningRecord[] {
    return [...this.running.values()].map(({ order, leaders, spawnedAt }) => ({
      execution_id: order.execution_id,
      pid: leaders[0] ?? null,
      spawned_at: leaders.length > 0 ? new Date(spawnedAt).toISOString() : null,
      folder: order.folder,
      note: order.note,
      ...(order.user === undefined ? {} : { user: order.user }),
    }));
  }

  get size(): number {
    return this.running.size;
  }

  stop(): void {
    this.endings.stop();
    this.watch.stop();
  }

  private endOne(execution: Supervised, ending: Ending, graceS = execution.order.limits.grace_s): void {
    // All leaders gone: it has ended by itself, only leftovers are being cleared away.
    if (!execution.leadersGone) execution.ending ??= ending;
    this.endings.begin(execution, graceS * 1000);
  }

  private failed(execution: Supervised, error: Error): void {
    execution.ending ??= spawnFailure(error, execution.order);
    if (execution.leaders.length === 0) this.finish(execution);
    // Some tasks did start: they go with the one that could not.
    else this.endings.begin(execution, execution.order.limits.grace_s * 1000);
  }

  private taskEnded(execution: Supervised): void {
    if (!this.running.has(execution.order.execution_id)) return;
    if (!execution.leadersGone || execution.killAt !== undefined) return;
    // Under a user of its own nobody may be left, wherever it went: the next job would have it for company.
    if (execution.groupAlive || execution.owner !== undefined) this.endings.beginLeftovers(execution);
    else this.finish(execution);
  }

  private finish(execution: Supervised): void {
    const { order, leaders, ends } = execution;
    if (!this.running.delete(order.execution_id)) return;
    const sizes = execution.measure(performance.now());
    execution.close();
    if (leaders.length > 0) this.endings.remember(order.execution_id, execution.owner);
    if (execution.ending === undefined) {
      const { ok, signal } = classify(ends, undefined);
      execution.ending = this.killedInGroup(execution, !ok) ?? this.watch.afterwards(execution, !ok, signal);
    }
    if (execution.group !== undefined) this.cgroups.remove(execution.group);
    this.record(order, leaders[0] ?? null, execution.spawnedAt, sizes, execution.ending, ends);
  }

  private killedInGroup({ group, order }: Supervised, failed: boolean): Ending | undefined {
    if (!failed || group === undefined || !this.cgroups.oomKilled(group)) return undefined;
    return {
      cause: 'oom',
      detail: `The kernel killed the command because it used more than its memory limit of ${bytes(order.limits.memory_bytes ?? 0)}.`,
    };
  }

  private record(
    order: LaunchOrder,
    pid: number | null,
    spawnedAt: number,
    sizes: { stdout: number; stderr: number },
    ending: Ending | undefined,
    ends: Supervised['ends'] = [],
  ): void {
    const record: ExitRecord = {
      execution_id: order.execution_id,
      ...classify(ends, ending),
      pid,
      spawned_at: pid === null ? null : new Date(spawnedAt).toISOString(),
      exited_at: new Date().toISOString(),
      stdout_bytes: sizes.stdout,
      stderr_bytes: sizes.stderr,
      note: order.note,
    };
    this.unreported.add(record, order.folder);
    this.events.exited(record);
  }
}

function spawnFailure(error: Error, order: LaunchOrder): Ending {
  const full = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
  return {
    cause: full ? 'disk_full' : 'spawn_error',
    detail: spawnSentence(error, argvOf(order.command).program, order.cwd),
  };
}
