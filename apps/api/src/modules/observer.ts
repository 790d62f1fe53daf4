import type { JobsObserver } from '@drover/jobs';
import { executionsLost, jobRun, jobsAccepted, jobsEnded, jobSteps, outputDropped } from '@drover/telemetry';

/** Counts and times jobs with the metrics of libs/telemetry, without queue names or ids. */
export const jobsObserver: JobsObserver = {
  accepted: (_queue, n) => jobsAccepted.inc(n),
  step: (step, seconds) => {
    if (step === 'run') jobRun.observe(seconds);
    else jobSteps.observe({ step }, seconds);
  },
  ended: (_queue, state, cause) => jobsEnded.inc({ state, cause: cause ?? 'none' }),
  lost: (n) => executionsLost.inc(n),
  dropped: (bytes) => outputDropped.inc(bytes),
};
