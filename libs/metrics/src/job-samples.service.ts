import { DroverError, isTerminal, jobNotFound, jobTerminal, type Sample } from '@drover/domain';
import { Batcher } from '@drover/jobs';
import { sampleIntakeStore, samplePartitions, type Store } from '@drover/store';

/** A reading somebody sends from outside, for a job of any kind. */
export interface SampleReading {
  job_id: string;
  at: Date;
  cpu_percent: number;
  memory_bytes: number;
  gpu_percent: number | null;
}

const DAY_MS = 86_400_000;

/** The history of samples: taken in by group commit, kept by days, forgotten by days. */
export class JobSamplesService {
  private readonly batcher: Batcher<SampleReading, Sample>;

  constructor(private readonly store: Store) {
    this.batcher = new Batcher((readings) => this.flush(readings), {
      maxItems: 1_000,
      maxWaiting: 50_000,
      concurrency: 2,
      onFull: () => new DroverError('unavailable', 'Too many samples are waiting for the database; try again in a second.'),
    });
  }

  /** Stores one reading; the job's usage, averages and peaks follow in the same transaction. Throws `not_found`, `terminal`. */
  record(reading: SampleReading): Promise<Sample> {
    return this.batcher.add(reading);
  }

  /** Makes the partitions of the coming days and drops those older than `days`. */
  async maintain(days: number, now = Date.now()): Promise<{ made: string[]; dropped: string[] }> {
    const made = await this.store.tx((sql) => samplePartitions.ensure(sql, now));
    const dropped = await this.store.tx((sql) => samplePartitions.dropBefore(sql, now - days * DAY_MS));
    return { made, dropped };
  }

  private async flush(readings: SampleReading[]): Promise<(Sample | Error)[]> {
    const jobs = await this.store.statement((sql) => sampleIntakeStore.take(sql, readings));
    return readings.map((reading): Sample | Error => {
      const job = jobs.get(reading.job_id);
      if (!job) return jobNotFound(reading.job_id);
      if (isTerminal(job.state)) return jobTerminal(reading.job_id, job.state);
      return { ...reading, execution_id: job.execution_id, read_bytes: null, write_bytes: null, cpu_seconds: null, processes: null, gpu_memory_bytes: null };
    });
  }
}
