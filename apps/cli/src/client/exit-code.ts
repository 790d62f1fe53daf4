import { constants } from 'node:os';
import type { Job } from '@drover/client';
import { BROKER_FAILED } from '../exit.js';

const TIMED_OUT = 124;

/** What `run` and `wait` exit with: the job's code, 128+n for a signal, 124 for a time-out, 125 when it never came to an end of its own. */
export function exitCodeOf(job: Pick<Job, 'state' | 'cause' | 'exit_code' | 'signal'>): number {
  if (job.state === 'succeeded') return 0;
  if (job.cause === 'timeout' || job.cause === 'silence') return TIMED_OUT;
  if (job.signal) return 128 + (constants.signals[job.signal as NodeJS.Signals] ?? 0);
  if (job.state === 'cancelled') return 128 + constants.signals.SIGINT;
  if (job.exit_code !== null && job.exit_code !== 0) return job.exit_code;
  return BROKER_FAILED;
}
