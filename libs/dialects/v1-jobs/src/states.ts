import type { JobState } from '@drover/domain';
import type { ShownText, StoredJob } from '@drover/store';

/** The state words of the observability service. */
export const HPC_STATES = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const;
export type HpcState = (typeof HPC_STATES)[number];
export const isHpcState = (word: unknown): word is HpcState => (HPC_STATES as readonly unknown[]).includes(word);
/** A job in one of these takes no change any more. */
export const isHpcTerminal = (state: HpcState): boolean => state !== 'pending' && state !== 'running';

export type FluxState = 'DEPEND' | 'PRIORITY' | 'SCHED' | 'RUN' | 'CLEANUP' | 'INACTIVE';
export type FluxResult = 'COMPLETED' | 'FAILED' | 'CANCELED' | 'TIMEOUT';

/** One row a state of the core. A job that expired never ran: for both services it failed. */
const WORDS = {
  scheduled: { hpc: 'pending', flux: 'DEPEND' },
  queued: { hpc: 'pending', flux: 'SCHED' },
  claimed: { hpc: 'pending', flux: 'SCHED' },
  running: { hpc: 'running', flux: 'RUN' },
  cancelling: { hpc: 'running', flux: 'CLEANUP' },
  succeeded: { hpc: 'completed', flux: 'INACTIVE' },
  failed: { hpc: 'failed', flux: 'INACTIVE' },
  cancelled: { hpc: 'cancelled', flux: 'INACTIVE' },
  expired: { hpc: 'failed', flux: 'INACTIVE' },
} as const satisfies Record<JobState, { hpc: HpcState; flux: FluxState }>;

export const hpcState = (state: JobState): HpcState => WORDS[state].hpc;

/** A text of a search: which of our states are said in words that hold it. */
export function shownText(text: string): ShownText {
  const holds = (words: (string | null)[]): boolean => words.some((word) => word?.includes(text));
  const result = (state: JobState): string | null => fluxResult({ state, cause: null });
  const states = (Object.keys(WORDS) as JobState[]).filter((state) =>
    holds([WORDS[state].hpc, WORDS[state].flux, result(state)]),
  );
  return { text, states, causes: holds(['TIMEOUT']) ? ['timeout'] : [] };
}

/** The states of the core behind a word of the observability service. */
export const coreStates = (word: HpcState): JobState[] =>
  (Object.keys(WORDS) as JobState[]).filter((state) => WORDS[state].hpc === word);

export function fluxState(job: Pick<StoredJob, 'state' | 'held'>): FluxState {
  if (job.held && WORDS[job.state].flux === 'SCHED') return 'PRIORITY';
  return WORDS[job.state].flux;
}

/** Null before the end. */
export function fluxResult(job: Pick<StoredJob, 'state' | 'cause'>): FluxResult | null {
  switch (job.state) {
    case 'succeeded':
      return 'COMPLETED';
    case 'cancelled':
      return 'CANCELED';
    case 'failed':
    case 'expired':
      return job.cause === 'timeout' ? 'TIMEOUT' : 'FAILED';
    default:
      return null;
  }
}

/** `pending` and so on of an observed job, as the core keeps it. */
export const OBSERVED_STATE = {
  pending: 'queued',
  running: 'running',
  completed: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<HpcState, JobState>;
