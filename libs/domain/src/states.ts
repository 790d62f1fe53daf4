/** Every state a job can be in, in the order of a life. docs/architecture.md has the table of transitions. */
export const JOB_STATES = [
  'scheduled',
  'queued',
  'claimed',
  'running',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
  'expired',
] as const;
export type JobState = (typeof JOB_STATES)[number];

export const TERMINAL_STATES = ['succeeded', 'failed', 'cancelled', 'expired'] as const satisfies readonly JobState[];
export type TerminalState = (typeof TERMINAL_STATES)[number];

/** The job will never change again, except by a retry somebody asks for. */
export function isTerminal(state: JobState): state is TerminalState {
  return (TERMINAL_STATES as readonly JobState[]).includes(state);
}

/** An agent holds the job. */
export function isActive(state: JobState): boolean {
  return state === 'claimed' || state === 'running' || state === 'cancelling';
}

/** The job waits for its turn or its time. */
export function isWaiting(state: JobState): boolean {
  return state === 'scheduled' || state === 'queued';
}

/** Why a job did not succeed: a closed list. Success has no cause. */
export const CAUSES = [
  'exit_code',
  'signal',
  'timeout',
  'silence',
  'output_limit',
  'oom',
  'cancelled',
  'agent_lost',
  'disk_full',
  'spawn_error',
  'expired',
  'dependency_failed',
  'refused',
] as const;
export type Cause = (typeof CAUSES)[number];

export const EXECUTION_STATES = ['claimed', 'running', 'ended'] as const;
export type ExecutionState = (typeof EXECUTION_STATES)[number];

export const STREAMS = ['stdout', 'stderr'] as const;
export type Stream = (typeof STREAMS)[number];
