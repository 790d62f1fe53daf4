import type { JobsObserver } from '@drover/jobs';
import {
  executionsLost,
  jobRun,
  jobsAccepted,
  jobsEnded,
  jobSteps,
  outputDropped,
  queueJobsEnded,
} from '@drover/telemetry';

/** Clients invent names of queues: so many become labels, those that this process meets first. */
const MAX_QUEUES = 100;
const OTHER = 'other';
const met = new Set<string>();

/** The label of a queue. */
function queueLabel(queue: string): string {
  if (met.has(queue)) return queue;
  if (met.size >= MAX_QUEUES) return OTHER;
  met.add(queue);
  return queue;
}

/** Counts and times jobs with the metrics of libs/telemetry, without ids. */
export const jobsObserver: JobsObserver = {
  accepted: (_queue, n) => jobsAccepted.inc(n),
  step: (step, seconds) => {
    if (step === 'run') jobRun.observe(seconds);
    else jobSteps.observe({ step }, seconds);
  },
  ended: (queue, state, cause) => {
    jobsEnded.inc({ state, cause: cause ?? 'none' });
    queueJobsEnded.inc({ queue: queueLabel(queue), state });
  },
  lost: (n) => executionsLost.inc(n),
  dropped: (bytes) => outputDropped.inc(bytes),
};
