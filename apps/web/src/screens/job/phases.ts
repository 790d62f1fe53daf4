import type { Attempt, PhaseName } from '../../api/types.js';
import type { Tone } from '../../ui/state.js';

/** A step of an attempt that has begun. */
export interface Phase {
  name: PhaseName;
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  /** True: the step goes on. */
  open: boolean;
  /** The usual length of the step, in milliseconds. Null: there is nothing to compare it with. */
  median: number | null;
}

/** The name of each step, and its colour. */
export const PHASES: Readonly<Record<PhaseName, { label: string; tone: Tone; does: string }>> = {
  accepted: { label: 'Accepted', tone: 'off', does: 'until it was in its queue' },
  queued: { label: 'Queued', tone: 'wait', does: 'until a node took it' },
  claimed: { label: 'Claimed', tone: 'plan', does: 'until its process ran' },
  first_output: { label: 'First output', tone: 'late', does: 'from its start until its first byte' },
  running: { label: 'Running', tone: 'run', does: 'from its start until its exit' },
  result: { label: 'Result', tone: 'good', does: 'until its end was in the record' },
};

/** Steps that an attempt was in when its node was lost: they lasted until its end was known. */
const LASTING: ReadonlySet<PhaseName> = new Set(['claimed', 'running']);

/**
 * The steps of an attempt that are known. One without an end reaches to `now` while the attempt goes on. Of an attempt
 * that has ended it reaches to `ended`, the time at which that was known, or is left out where it never came.
 */
export function phasesOf(
  { state, phases }: Pick<Attempt, 'state' | 'phases'>,
  now: number,
  ended: number | null,
): Phase[] {
  const lives = state !== 'ended';
  const lasted = phases.findLast(({ name, from }) => LASTING.has(name) && from !== null)?.name;
  return phases.flatMap(({ name, from, to, median_s: median }) => {
    const end = to === null ? (lives ? now : name === lasted ? ended : null) : Date.parse(to);
    if (from === null || end === null) return [];
    const begin = Date.parse(from);
    return [
      {
        name,
        from: begin,
        to: Math.max(begin, end),
        open: lives && to === null,
        median: median === null ? null : median * 1_000,
      },
    ];
  });
}

/** When each attempt ended: with the begin of the next one, the last one with the job. Milliseconds since 1970. */
export const endsOf = (attempts: readonly Pick<Attempt, 'phases'>[], finishedAt: string | null): (number | null)[] =>
  attempts.map((_, at) => {
    const next = attempts[at + 1]?.phases[0]?.from ?? (at === attempts.length - 1 ? finishedAt : null);
    return next === null ? null : Date.parse(next);
  });

/** A step is told as slow from this length on: below it a factor says nothing. */
const LEAST_SLOW_MS = 1_000;

/** How many times as long as mostly a step took, if that is twice or more. Null: it is as usual, or nothing is known. */
export function slownessOf({ from, to, median }: Pick<Phase, 'from' | 'to' | 'median'>): number | null {
  const length = to - from;
  if (median === null || median <= 0 || length < LEAST_SLOW_MS) return null;
  const factor = length / median;
  return factor >= 2 ? factor : null;
}
