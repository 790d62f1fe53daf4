import type { StoredJob } from '@drover/jobs';
import type { Core } from '../core/core.js';

/**
 * Calls back for every job of Drover's that ended in this replica, whoever ended it. What fails is logged: the job has
 * ended all the same.
 */
export function onJobsEnded(core: Core, work: (jobs: StoredJob[]) => Promise<void>): void {
  const listener = (jobs: StoredJob[]): void => {
    work(jobs).catch((error: unknown) =>
      core.log.warn(
        { error: String(error), jobs: jobs.length },
        'what follows the end of jobs failed; the periodic work makes up for it',
      ),
    );
  };
  core.reports.onEnded(listener);
  core.control.onEnded(listener);
  core.sweep.onEnded(listener);
}
