import { describe, expect, it } from 'vitest';
import { JOB_STATES, isTerminal, TERMINAL_STATES, type JobState } from './states.js';
import { backoffSeconds, hasMetItsExpiry, MAX_LOSSES, transition, type JobInput } from './transitions.js';

const ok: JobInput = { type: 'ended', ok: true, cause: null, retriesLeft: false };
const failed: JobInput = { type: 'ended', ok: false, cause: 'exit_code', retriesLeft: false };
const retried: JobInput = { type: 'ended', ok: false, cause: 'exit_code', retriesLeft: true };
const gone: JobInput = { type: 'ended', ok: false, cause: 'cancelled', retriesLeft: true };
const lost: JobInput = { type: 'agent_lost', losses: 1 };
const lostTooOften: JobInput = { type: 'agent_lost', losses: MAX_LOSSES };
const of = (
  type:
    | 'due'
    | 'dependencies_met'
    | 'submitted_again'
    | 'claim'
    | 'declined'
    | 'started'
    | 'cancel'
    | 'expire'
    | 'dependency_failed'
    | 'retry',
): JobInput => ({ type });

const known = (ok: boolean): JobInput => ({ type: 'end_known', ok, cancelled: false, cause: null });
const observed = (state: Extract<JobInput, { type: 'observed' }>['state']): JobInput => ({ type: 'observed', state });
/** From every state that is not an end. */
const live = (to: JobState): Partial<Record<JobState, JobState>> => ({
  scheduled: to,
  queued: to,
  claimed: to,
  running: to,
  cancelling: to,
});

/** The whole table: a missing cell means that nothing happens. */
const TABLE: [string, JobInput, Partial<Record<JobState, JobState>>][] = [
  ['due', of('due'), { scheduled: 'queued' }],
  ['dependencies met', of('dependencies_met'), { scheduled: 'queued' }],
  ['claim', of('claim'), { scheduled: 'claimed', queued: 'claimed' }],
  ['started', of('started'), { claimed: 'running' }],
  ['ended well', ok, { claimed: 'succeeded', running: 'succeeded', cancelling: 'succeeded' }],
  ['ended badly, no retry left', failed, { claimed: 'failed', running: 'failed', cancelling: 'cancelled' }],
  ['ended badly, retries left', retried, { claimed: 'scheduled', running: 'scheduled', cancelling: 'cancelled' }],
  ['ended by a cancel', gone, { claimed: 'cancelled', running: 'cancelled', cancelling: 'cancelled' }],
  ['agent lost', lost, { claimed: 'queued', running: 'queued', cancelling: 'cancelled' }],
  ['declined', of('declined'), { claimed: 'queued', cancelling: 'cancelled' }],
  ['agent lost too often', lostTooOften, { claimed: 'failed', running: 'failed', cancelling: 'cancelled' }],
  [
    'cancel',
    of('cancel'),
    { scheduled: 'cancelled', queued: 'cancelled', claimed: 'cancelling', running: 'cancelling' },
  ],
  [
    'cancel of an observed job',
    { type: 'cancel', observed: true },
    {
      scheduled: 'cancelled',
      queued: 'cancelled',
      claimed: 'cancelled',
      running: 'cancelled',
      cancelling: 'cancelled',
    },
  ],
  ['a known good end', known(true), live('succeeded')],
  ['a known bad end', known(false), { ...live('failed'), cancelling: 'cancelled' }],
  ['a known end by a cancel', { type: 'end_known', ok: true, cancelled: true, cause: null }, live('cancelled')],
  ['observed to wait', observed('queued'), { ...live('queued'), queued: undefined }],
  ['observed to run', observed('running'), { ...live('running'), running: undefined }],
  ['observed to have succeeded', observed('succeeded'), live('succeeded')],
  ['observed to have failed', observed('failed'), live('failed')],
  ['observed to be cancelled', observed('cancelled'), live('cancelled')],
  ['expire', of('expire'), { scheduled: 'expired', queued: 'expired' }],
  ['dependency failed', of('dependency_failed'), { scheduled: 'failed' }],
  [
    'submitted again',
    of('submitted_again'),
    { ...live('queued'), succeeded: 'queued', failed: 'queued', cancelled: 'queued', expired: 'queued' },
  ],
  ['retry by hand', of('retry'), { succeeded: 'queued', failed: 'queued', cancelled: 'queued', expired: 'queued' }],
];

describe('the state machine', () => {
  it.each(TABLE)('moves on "%s" as the table says, from every state', (_name, input, cells) => {
    for (const state of JOB_STATES) expect(transition(state, input)?.state ?? null, state).toBe(cells[state] ?? null);
  });

  it('never leaves a terminal state, except by a retry or a new submission that somebody asked for', () => {
    for (const state of TERMINAL_STATES) {
      for (const [, input] of TABLE)
        if (input.type !== 'retry' && input.type !== 'submitted_again') expect(transition(state, input)).toBeNull();
    }
  });

  it('opens a new attempt for retries only, never for a lost agent', () => {
    const fresh = TABLE.filter(([, input]) => JOB_STATES.some((state) => transition(state, input)?.newAttempt)).map(
      ([name]) => name,
    );
    expect(fresh).toEqual(['ended badly, retries left', 'submitted again', 'retry by hand']);
  });

  it('names a cause for every bad end', () => {
    for (const [, input] of TABLE) {
      for (const state of JOB_STATES) {
        const next = transition(state, input);
        if (next && isTerminal(next.state)) expect(next.cause === null).toBe(next.state === 'succeeded');
      }
    }
  });
});

describe('the wait before a retry', () => {
  it('grows by the factor, stays within a fifth of it, and never passes a day', () => {
    const middle = (attempt: number) => backoffSeconds({ backoff_s: 3, factor: 2 }, attempt, () => 0.5);
    expect([1, 2, 3, 4].map(middle)).toEqual([3, 6, 12, 24]);
    expect(backoffSeconds({ backoff_s: 10 }, 1, () => 0)).toBeCloseTo(8);
    expect(backoffSeconds({ backoff_s: 10 }, 1, () => 1)).toBeCloseTo(12);
    expect(backoffSeconds({ backoff_s: 10 }, 60)).toBe(86_400);
  });
});

describe('the time by which a job is to have started', () => {
  it('is met by a job that ran, whatever makes it wait again, and by no other', () => {
    const again = JOB_STATES.flatMap((state) =>
      [lost, retried, of('retry'), of('due')].map((input) => ({ state, next: transition(state, input) })),
    );
    const met = again.filter(({ state, next }) => next !== null && hasMetItsExpiry({ state }, next));
    expect(new Set(met.map(({ state }) => state))).toEqual(new Set(['running']));
    expect(met).toHaveLength(2);
  });
});
