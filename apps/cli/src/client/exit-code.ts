import { constants } from 'node:os';
import type { Job } from '@drover/client';
import { EXIT } from '../exit.js';

/** The exit code of `run` and `wait`, as `EXIT_CODES` says it. */
export function exitCodeOf(job: Pick<Job, 'state' | 'cause' | 'exit_code' | 'signal'>): number {
  if (job.state === 'succeeded') return 0;
  if (job.state === 'expired') return EXIT.neverStarted;
  if (job.cause === 'timeout' || job.cause === 'silence') return EXIT.timedOut;
  if (job.signal) return 128 + (constants.signals[job.signal as NodeJS.Signals] ?? 0);
  if (job.state === 'cancelled') return EXIT.interrupted;
  if (job.exit_code !== null && job.exit_code !== 0) return job.exit_code;
  return EXIT.failed;
}
