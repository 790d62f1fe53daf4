import type { StoredJob } from '@drover/store';
import type { JobsLogger } from './ports.js';
import type { EndedListener } from './reports.service.js';

/** Tells of every job that ends in this replica, whoever ends it. */
export class JobEnds {
  constructor(
    private readonly sources: readonly { onEnded(listener: EndedListener): void }[],
    private readonly log: Pick<JobsLogger, 'warn'>,
  ) {}

  /** Calls back at each end. What the listener begins, nobody waits for. */
  onEnded(listener: EndedListener): void {
    for (const source of this.sources) source.onEnded(listener);
  }

  /** Does some work at each end. Work that fails is logged, for the job has ended all the same. */
  follow(work: (jobs: StoredJob[]) => Promise<void>): void {
    this.onEnded((jobs) => {
      work(jobs).catch((error: unknown) =>
        this.log.warn(
          { error: String(error), jobs: jobs.length },
          'what follows the end of jobs failed; the periodic work makes up for it',
        ),
      );
    });
  }
}
