import { isTerminal, type JobState } from '@drover/domain';
import type { LabStateFilter } from '../record/job.store.js';

/** Parts of a job that have an exit code and output of their own, in the order they run. */
export const PHASES = ['setup', 'provision', 'firmware_update', 'test', 'allocate', 'reserve', 'cleanup'] as const;
export type Phase = (typeof PHASES)[number];

export const LOG_TYPES = ['output', 'serial'] as const;
export type LogType = (typeof LOG_TYPES)[number];

/** After one of these a job never changes (but for a new submission). */
export const FINAL_WORDS = ['complete', 'completed', 'cancelled'];

/** Words a search may ask for. */
export const SEARCH_STATES = [
  'setup',
  'provision',
  'firmware_update',
  'test',
  'allocate',
  'allocated',
  'reserve',
  'cleanup',
  'cancelled',
  'completed',
  'active',
  'waiting',
  'running',
  'complete',
];

const HELD: JobState[] = ['claimed', 'running'];

/** This dialect's word for the state of a job. `phase`: the last one its agent named. */
export function wordOf(state: JobState, phase: string | null): string {
  if (state === 'scheduled' || state === 'queued') return 'waiting';
  if (state === 'claimed' || state === 'running') return phase ?? 'running';
  if (state === 'succeeded' || state === 'failed') return 'complete';
  // `cancelling`: the agent is to stop as soon as it reads this. Expired jobs were never run, as cancelled ones.
  return 'cancelled';
}

/** Nothing more will come. */
export const isOver = (state: JobState): boolean => isTerminal(state) || state === 'cancelling';

/** The same the other way round, for searches; `active` overrides the other words. Undefined: every job. */
export function filterOf(words: readonly string[]): LabStateFilter[] | undefined {
  if (words.length === 0) return undefined;
  if (words.includes('active')) return [{ states: ['scheduled', 'queued', ...HELD] }];
  return [...new Set(words)].map((word): LabStateFilter => {
    switch (word) {
      case 'waiting':
        return { states: ['scheduled', 'queued'] };
      case 'complete':
      case 'completed':
        return { states: ['succeeded', 'failed'] };
      case 'cancelled':
        return { states: ['cancelled', 'cancelling', 'expired'] };
      case 'running':
        return { states: HELD, phase: null };
      default:
        return { states: HELD, phase: word };
    }
  });
}
