import { silentObserver, type JobsObserver } from '@drover/jobs';

/** What the jobs are counted and timed with. */
export const jobsObserver: JobsObserver = silentObserver;
