import type { StoredExecution, StoredJob } from '@drover/store';
import { spansOf, traceSpans, type Logger, type Otel } from '@drover/telemetry';

/** Jobs whose trace waits for its executions to be read, at most; and those that are read at once. */
const MAX_JOBS = 5_000;
const AT_ONCE = 100;

/**
 * Makes a trace of each job whose end this process has committed, and gives it to the way to the collector. Nobody
 * waits for it: where more jobs end than can be read, their traces are dropped and counted.
 */
export class JobTraces {
  private readonly waiting: StoredJob[] = [];
  private working: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly otel: Pick<Otel, 'add'>,
    /** Executions of jobs, by the ids of the jobs. */
    private readonly executionsOf: (jobIds: string[]) => Promise<Map<string, StoredExecution[]>>,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  ended(jobs: readonly StoredJob[]): void {
    for (const job of jobs) {
      if (this.stopped || this.waiting.length >= MAX_JOBS) traceSpans.inc({ outcome: 'dropped' });
      else this.waiting.push(job);
    }
    if (this.waiting.length > 0) this.working ??= this.work().finally(() => (this.working = null));
  }

  /** Takes no more, and waits until those that wait are handed on. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.working;
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      const jobs = this.waiting.splice(0, AT_ONCE);
      try {
        const executions = await this.executionsOf(jobs.map(({ id }) => id));
        for (const job of jobs) this.otel.add(spansOf(job, executions.get(job.id) ?? []));
      } catch (error) {
        traceSpans.inc({ outcome: 'dropped' }, jobs.length);
        this.log.warn({ error: String(error), jobs: jobs.length }, 'no trace of jobs: their executions cannot be read');
      }
    }
  }
}
