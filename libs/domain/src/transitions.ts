import { type Cause, type JobState, type TerminalState, isActive, isTerminal, isWaiting } from './states.js';

/** After this many lost nodes a job is believed to be what kills them. */
export const MAX_LOSSES = 10;

/** The events that can happen to a job. */
export type JobInput =
  | { type: 'due' }
  /** The last job it waited for has succeeded, and it has no time to wait for. */
  | { type: 'dependencies_met' }
  | { type: 'claim' }
  | { type: 'started' }
  | { type: 'ended'; ok: boolean; cause: Cause | null; retriesLeft: boolean }
  /** Its end is known from elsewhere: it is observed, or its agent posted a result. */
  | { type: 'end_known'; ok: boolean; cancelled: boolean; cause: Cause | null }
  /** An observed job is said to be in this state. */
  | { type: 'observed'; state: 'queued' | 'running' | Exclude<TerminalState, 'expired'> }
  | { type: 'agent_lost'; losses: number }
  /** The agent it was given to has no slot for it any more. */
  | { type: 'declined' }
  /** `observed`: no agent of ours holds it, so that there is no end of processes to wait for. */
  | { type: 'cancel'; observed?: boolean }
  | { type: 'expire' }
  | { type: 'dependency_failed' }
  | { type: 'retry' }
  /** The job becomes a new submission under the same id. */
  | { type: 'submitted_again' };

declare const decided: unique symbol;

/** A change of state. Only `transition` makes one, so that no other place can decide where a job goes. */
export interface Transition {
  readonly state: JobState;
  readonly cause: Cause | null;
  readonly newAttempt: boolean;
  readonly [decided]: true;
}

/** Where a job goes; `null`: the input does not apply in this state, nothing changes. */
export type Next = Transition | null;

const to = (state: JobState, cause: Cause | null = null, newAttempt = false): Transition =>
  ({ state, cause, newAttempt }) as Transition;

/** The cause of an observed job's end, by its state. */
const OBSERVED_CAUSE = { succeeded: null, failed: 'exit_code', cancelled: 'cancelled' } as const;

/** The one place that knows which change of state is allowed. Pure. */
export function transition(state: JobState, input: JobInput): Next {
  switch (input.type) {
    case 'due':
    case 'dependencies_met':
      return state === 'scheduled' ? to('queued') : null;
    case 'claim':
      return isWaiting(state) ? to('claimed') : null;
    case 'started':
      return state === 'claimed' ? to('running') : null;
    case 'ended':
      if (!isActive(state)) return null;
      if (input.ok) return to('succeeded');
      if (state === 'cancelling') return to('cancelled', 'cancelled');
      if (input.cause === 'cancelled') return to('cancelled', 'cancelled');
      if (input.retriesLeft) return to('scheduled', null, true);
      return to('failed', input.cause);
    case 'end_known':
      if (isTerminal(state)) return null;
      if (input.cancelled || (state === 'cancelling' && !input.ok)) return to('cancelled', 'cancelled');
      return input.ok ? to('succeeded') : to('failed', input.cause ?? 'exit_code');
    case 'observed':
      if (isTerminal(state) || state === input.state) return null;
      return input.state === 'queued' || input.state === 'running'
        ? to(input.state)
        : to(input.state, OBSERVED_CAUSE[input.state]);
    case 'agent_lost':
      if (!isActive(state)) return null;
      if (state === 'cancelling') return to('cancelled', 'cancelled');
      return input.losses >= MAX_LOSSES ? to('failed', 'agent_lost') : to('queued');
    case 'declined':
      if (state === 'cancelling') return to('cancelled', 'cancelled');
      return state === 'claimed' ? to('queued') : null;
    case 'cancel':
      if (isWaiting(state) || (input.observed && isActive(state))) return to('cancelled', 'cancelled');
      return state === 'claimed' || state === 'running' ? to('cancelling') : null;
    case 'expire':
      return isWaiting(state) ? to('expired', 'expired') : null;
    case 'dependency_failed':
      return state === 'scheduled' ? to('failed', 'dependency_failed') : null;
    case 'retry':
      return isTerminal(state) ? to('queued', null, true) : null;
    case 'submitted_again':
      return to('queued', null, isTerminal(state));
  }
}

/**
 * `expires_at` says by when a job is to have started. A job that ran has met it for good: whatever makes it wait again
 * (a lost node, a retry, being taken back), it no longer expires. One that was only handed out has not started, and
 * still may.
 */
export const hasMetItsExpiry = (job: { state: JobState }, next: Transition): boolean =>
  job.state === 'running' && isWaiting(next.state);

/** Seconds before attempt `attempt + 1`, exponential with up to 20 % jitter either way, at most a day. */
export function backoffSeconds(
  policy: { backoff_s?: number; factor?: number },
  attempt: number,
  random = Math.random,
): number {
  const wait = (policy.backoff_s ?? 1) * (policy.factor ?? 2) ** (attempt - 1);
  return Math.min(wait * (0.8 + 0.4 * random()), 86_400);
}
