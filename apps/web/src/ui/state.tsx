import type { ReactNode } from 'react';
import type { JobState } from '../api/types.js';

export type Tone = 'wait' | 'plan' | 'run' | 'good' | 'bad' | 'off' | 'late';

/** The colour of each state. Its shape says the same to those who see no colours. */
export const TONE_OF: Readonly<Record<JobState, Tone>> = {
  scheduled: 'plan',
  queued: 'wait',
  claimed: 'run',
  running: 'run',
  cancelling: 'off',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'off',
  expired: 'late',
};

const RING = <circle cx="7" cy="7" r="5.5" />;
const SHAPES: Readonly<Record<JobState, ReactNode>> = {
  scheduled: (
    <>
      {RING}
      <path d="M7 4v3l2 1.4" />
    </>
  ),
  queued: <circle cx="7" cy="7" r="5.5" strokeDasharray="2.4 2.2" />,
  claimed: (
    <>
      {RING}
      <path d="M7 1.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" />
    </>
  ),
  running: (
    <>
      {RING}
      <path d="M5.6 4.6v4.8L9.6 7z" fill="currentColor" />
    </>
  ),
  cancelling: (
    <>
      <circle cx="7" cy="7" r="5.5" strokeDasharray="2.4 2.2" />
      <path d="M5 5l4 4M9 5L5 9" />
    </>
  ),
  succeeded: (
    <>
      <circle cx="7" cy="7" r="5.5" fill="currentColor" />
      <path d="M4.6 7.2l1.7 1.6 3.1-3.5" stroke="var(--surface)" />
    </>
  ),
  failed: (
    <>
      <path d="M1.5 1.5h11v11h-11z" fill="currentColor" />
      <path d="M4.8 4.8l4.4 4.4M9.2 4.8L4.8 9.2" stroke="var(--surface)" />
    </>
  ),
  cancelled: (
    <>
      {RING}
      <path d="M3.2 10.8l7.6-7.6" />
    </>
  ),
  expired: <path d="M3 1.5h8M3 12.5h8M4 1.5c0 4 6 7 6 11M10 1.5c0 4-6 7-6 11" />,
};

/** The state of a job: shape, colour and word. */
export function StateMark({ state, pill = false }: { state: JobState; pill?: boolean }) {
  return (
    <span className={pill ? 'state state--pill' : 'state'} data-tone={TONE_OF[state]}>
      <svg
        aria-hidden="true"
        width="14"
        height="14"
        viewBox="0 0 14 14"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        {SHAPES[state]}
      </svg>
      {state}
    </span>
  );
}

/** A word with the colour of a state. */
export function Mark({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className="state state--pill" data-tone={tone}>
      {children}
    </span>
  );
}
