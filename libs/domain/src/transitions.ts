import type { Cause, JobState } from './states.js';
import { isActive, isTerminal, isWaiting } from './states.js';

/** After this many lost nodes a job is believed to be what kills them. */
export const MAX_LOSSES = 10;

/** What can happen to a job. */
export type JobInput =
  | { type: 'due' }
  | { type: 'claim' }
  | { type: 'started' }
  | { type: 'ended'; ok: boolean; cause: Cause | null; retriesLeft: boolean }
  | { type: 'agent_lost'; losses: number }
  | { type: 'cancel' }
  | { type: 'expire' }
  | { type: 'dependency_failed' }
  | { type: 'retry' };

/** Where a job goes; `null`: the input does not apply in this state, nothing changes. */
export type Next = { state: JobState; cause: Cause | null; newAttempt: boolean } | null;

const to = (state: JobState, cause: Cause | null = null, newAttempt = false): Next => ({ state, cause, newAttempt });

/** The one place that knows which change of state is allowed. Pure. */
export function transition(state: JobState, input: JobInput): Next {
  switch (input.type) {
    case 'due':
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
    case 'agent_lost':
      if (!isActive(state)) return null;
      if (state === 'cancelling') return to('cancelled', 'cancelled');
      return input.losses >= MAX_LOSSES ? to('failed', 'agent_lost') : to('queued');
    case 'cancel':
      if (isWaiting(state)) return to('cancelled', 'cancelled');
      return state === 'claimed' || state === 'running' ? to('cancelling') : null;
    case 'expire':
      return isWaiting(state) ? to('expired', 'expired') : null;
    case 'dependency_failed':
      return state === 'scheduled' ? to('failed', 'dependency_failed') : null;
    case 'retry':
      return isTerminal(state) ? to('queued', null, true) : null;
  }
}

/**
 * `expires_at` says by when a job is to have started. A job that ran has met it for good: whatever makes it wait again (a lost node, a retry, being taken back),
 * it no longer expires. One that was only handed out has not started, and still may.
 */
export const hasMetItsExpiry = (job: { state: JobState }, next: NonNullable<Next>): boolean => job.state === 'running' && isWaiting(next.state);

/** Seconds before attempt `attempt + 1`, exponential with up to 20 % jitter either way, at most a day. */
export function backoffSeconds(policy: { backoff_s?: number; factor?: number }, attempt: number, random = Math.random): number {
  const wait = (policy.backoff_s ?? 1) * (policy.factor ?? 2) ** (attempt - 1);
  return Math.min(wait * (0.8 + 0.4 * random()), 86_400);
}
