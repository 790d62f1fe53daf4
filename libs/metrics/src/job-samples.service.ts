import {
  Batcher,
  DroverError,
  isTerminal,
  jobNotFound,
  jobTerminal,
  NO_CALLERS,
  type Callers,
  type JobState,
  type Sample,
} from '@drover/domain';
import { demandControl, type StoredJob } from '@drover/jobs';
import { sampleIntakeStore, samplePartitions, type Store } from '@drover/store';

/** A reading somebody sends from outside, for a job of any kind. */
export interface SampleReading {
  at: Date;
  cpu_percent: number;
  memory_bytes: number;
  gpu_percent: number | null;
}

/**
 * The job of a reading, as whoever brings it has found it: rights are asked about these values, and the reading counts
 * only while they hold.
 */
export type SampledJob = Pick<StoredJob, 'id' | 'project' | 'owner' | 'claimed_by'>;

interface Taken {
  job: SampledJob;
  reading: SampleReading;
}

const DAY_MS = 86_400_000;

/** The history of samples: taken in by group commit, kept by days, forgotten by days. */
export class JobSamplesService {
  private readonly batcher: Batcher<Taken, Sample>;

  constructor(
    private readonly store: Store,
    private readonly callers: Callers = NO_CALLERS,
  ) {
    this.batcher = new Batcher((readings) => this.flush(readings), {
      maxItems: 1_000,
      maxWaiting: 50_000,
      concurrency: 2,
      onFull: () =>
        new DroverError('unavailable', 'Too many samples are waiting for the database; try again in a second.'),
    });
  }

  /**
   * Stores one reading of a job that the caller may change; the job's usage, averages and peaks follow in the same
   * transaction. Throws `not_found` (also when the job has changed hands since it was found), `forbidden`, `terminal`.
   */
  async record(job: SampledJob, reading: SampleReading): Promise<Sample> {
    demandControl(this.callers.now(), job);
    return this.batcher.add({ job, reading });
  }

  /** Makes the partitions of the coming days and drops those older than `days`. */
  async maintain(days: number, now = Date.now()): Promise<{ made: string[]; dropped: string[] }> {
    const made = await this.store.tx((sql) => samplePartitions.ensure(sql, now));
    const dropped = await this.store.tx((sql) => samplePartitions.dropBefore(sql, now - days * DAY_MS));
    return { made, dropped };
  }

  private async flush(all: Taken[]): Promise<(Sample | Error)[]> {
    const results: (Sample | Error)[] = [];
    // Two views of one job do not go into one statement: at most one of them is what the job is.
    for (const group of byView(all)) {
      const readings = group.map(({ at }) => (all[at] as Taken).reading);
      const jobs = group.map(({ job }) => job);
      const found = await this.store.statement((sql) => sampleIntakeStore.take(sql, jobs, readings));
      for (const { at, job } of group) results[at] = outcomeOf(found.get(job.id), job.id, (all[at] as Taken).reading);
    }
    return results;
  }
}

/**
 * Readings with their places, in groups in which a job is always seen the same way. One group, but for the moment in
 * which a job changes hands.
 */
function byView(all: readonly Taken[]): { at: number; job: SampledJob }[][] {
  const groups: { views: Map<string, SampledJob>; members: { at: number; job: SampledJob }[] }[] = [];
  for (const [at, { job }] of all.entries()) {
    let group = groups.find(({ views }) => isSame(views.get(job.id) ?? job, job));
    if (!group) groups.push((group = { views: new Map(), members: [] }));
    group.views.set(job.id, job);
    group.members.push({ at, job });
  }
  return groups.map(({ members }) => members);
}

const isSame = (a: SampledJob, b: SampledJob): boolean =>
  a.project === b.project && a.owner === b.owner && a.claimed_by === b.claimed_by;

function outcomeOf(
  job: { state: JobState; execution_id: string | null } | undefined,
  id: string,
  reading: SampleReading,
): Sample | Error {
  if (!job) return jobNotFound(id);
  if (isTerminal(job.state)) return jobTerminal(id, job.state);
  return {
    ...reading,
    job_id: id,
    execution_id: job.execution_id,
    read_bytes: null,
    write_bytes: null,
    cpu_seconds: null,
    processes: null,
    gpu_memory_bytes: null,
  };
}
