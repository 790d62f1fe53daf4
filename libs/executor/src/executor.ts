import type { Cause } from '@drover/domain';
import type { ExitRecord, LaunchOrder, RunningRecord } from './messages.js';

/** The events that an executor tells the daemon. */
export interface ExecutorEvents {
  started(execution: {
    execution_id: string;
    pid: number | null;
    container_id?: string;
    spawned_at: string;
    preamble_bytes?: number;
  }): void;
  /** A step before the start: `pulling` while the image of a container is fetched. */
  phase?(execution: { execution_id: string; phase: string }): void;
  /**
   * Exactly once for each launched or found execution. The output files are complete: no process of the tree writes any
   * more.
   */
  exited(record: ExitRecord): void;
}

/** The executions that were already there when an executor was opened. */
export interface Found {
  running: RunningRecord[];
  ended: ExitRecord[];
}

/**
 * Runs executions. An execution's output is in `stdout` and `stderr` of its folder, whoever wrote it there; what an
 * executor has started must survive the daemon, and be found again by the next `open` within the lease.
 */
export interface Executor {
  readonly kind: 'process' | 'container';
  /** Once. @throws with a sentence for the operator when it cannot work here */
  open(events: ExecutorEvents): Promise<Found>;
  launch(order: LaunchOrder): void;
  /** Ends the whole tree: TERM, grace (default: the order's), KILL. Unknown ids are ignored. */
  end(executionId: string, ending: { cause: Cause; detail: string }, graceS?: number): void;
  /** The end of these is reported; what is kept of them may go. */
  forget(executionIds: string[]): void;
  /** Ends what still runs within the grace, then lets go of everything. */
  close(graceS: number): Promise<void>;
}
