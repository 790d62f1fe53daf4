import type { JobState } from '@drover/domain';
import type { TaskExecution } from '../record/task.rows.js';

/** Every status an execution of a task can have. */
const EXECUTION_STATUSES = [
  'enqueued',
  'pulling',
  'running',
  'done',
  'failed',
  'timedout',
  'expired',
  'stopped',
] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

type View = Pick<TaskExecution, 'state' | 'cause' | 'phase' | 'spawned' | 'started_at'>;

const BY_STATE = {
  scheduled: () => 'enqueued',
  queued: () => 'enqueued',
  claimed: (view) => (view.phase === null ? 'enqueued' : 'pulling'),
  running: () => 'running',
  cancelling: (view) => (view.started_at !== null ? 'running' : view.phase === null ? 'enqueued' : 'pulling'),
  succeeded: () => 'done',
  failed: (view) => (view.cause === 'timeout' ? 'timedout' : 'failed'),
  // Stopped after it had begun it has failed; before, it never was.
  cancelled: (view) => (view.spawned ? 'failed' : 'stopped'),
  expired: () => 'expired',
} satisfies Record<JobState, (view: View) => ExecutionStatus>;

/** The status of an execution out of the state of its job in the record (null: not there yet). */
export function statusOf(view: View): ExecutionStatus {
  return view.state === null ? 'enqueued' : BY_STATE[view.state](view);
}

/** Whether the status is final. */
export const isOver = (status: ExecutionStatus): boolean => !['enqueued', 'pulling', 'running'].includes(status);

/** Nobody has seen anything of it yet: its output is not shown. */
export const isEarly = (status: ExecutionStatus): boolean => status === 'enqueued' || status === 'pulling';

const SIGNALS: Record<string, number> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGSYS: 31,
};

/**
 * The exit code as a shell shows it: 128 and the number of the signal for a death by one. Null: it never ran, or has
 * not ended.
 */
export function exitCodeOf(view: Pick<TaskExecution, 'state' | 'exit_code' | 'signal'>): number | null {
  if (view.exit_code !== null) return view.exit_code;
  return view.signal === null ? null : 128 + (SIGNALS[view.signal] ?? 0);
}

/** The lists of notices that an end concerns. */
export function eventsOf(status: ExecutionStatus): ('succeeds' | 'fails' | 'finishes')[] {
  if (status === 'done') return ['succeeds', 'finishes'];
  if (status === 'failed') return ['fails', 'finishes'];
  return isOver(status) ? ['finishes'] : [];
}
