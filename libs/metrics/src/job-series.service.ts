import type { JobState, JobUsage } from '@drover/domain';
import {
  JobSeriesReader,
  toUsage,
  type CurrentRow,
  type ShownSeries,
  type JobSeriesRow,
  type Store,
  type WorkerSeriesRow,
} from '@drover/store';

/** A table with more jobs than this is not counted at each scrape: a count is kept for so many times as long as it took. */
const MANY_JOBS = 200_000;
const KEPT_FACTOR = 20;

/** A job as a scrape shows it. */
export interface JobSeries extends Pick<
  JobSeriesRow,
  'id' | 'owner' | 'project' | 'node' | 'state' | 'observed' | 'resources'
> {
  started_at: Date | null;
  finished_at: Date | null;
  created_at: Date;
  usage: JobUsage | null;
}

/** The series of jobs and nodes that are current. */
export interface CurrentSeries extends Pick<CurrentRow, 'live' | 'agents' | 'workers'> {
  /** Running jobs, observed ones that wait, and those that ended lately. */
  jobs: JobSeries[];
  /** All stored jobs. */
  states: Map<JobState, number>;
}

export type { ShownSeries, WorkerSeriesRow as WorkerSeries };

/** Gives the current series of jobs and nodes, read at each scrape. */
export class JobSeriesService {
  /** Counts of a table so large that it is not counted each time. */
  private counts: { at: number; keepMs: number; states: Map<JobState, number> } | null = null;
  private reading: Promise<CurrentSeries> | null = null;
  private readonly reader: JobSeriesReader;

  constructor(
    private readonly store: Store,
    shown: ShownSeries,
  ) {
    this.reader = new JobSeriesReader(shown);
  }

  /**
   * Everything that is committed when this is called. Parts of one scrape, which ask in the same turn, share one
   * reading. Counts are exact while counting is quick.
   */
  current(): Promise<CurrentSeries> {
    if (this.reading) return this.reading;
    this.reading = this.read();
    // Nothing is sent before this turn is over, so who asks in it sees what was committed by then.
    setImmediate(() => (this.reading = null));
    return this.reading;
  }

  private async read(): Promise<CurrentSeries> {
    const countAll = this.counts === null;
    const began = performance.now();
    const { present, ended, states, ...more } = await this.reader.current(this.store.sql, { countAll });
    return {
      ...more,
      jobs: [...present, ...ended].map(toSeries),
      states: states ? this.counted(states, performance.now() - began) : await this.keptStates(),
    };
  }

  private async keptStates(): Promise<Map<JobState, number>> {
    const { counts } = this;
    if (counts && performance.now() - counts.at < counts.keepMs) return counts.states;
    const began = performance.now();
    const rows = await this.reader.states(this.store.sql);
    return this.counted(rows, performance.now() - began);
  }

  private counted(rows: { state: JobState; n: number }[], tookMs: number): Map<JobState, number> {
    const states = new Map(rows.map((row) => [row.state, row.n]));
    const total = [...states.values()].reduce((sum, n) => sum + n, 0);
    this.counts = total > MANY_JOBS ? { at: performance.now(), keepMs: tookMs * KEPT_FACTOR, states } : null;
    return states;
  }
}

const date = (text: string | null): Date | null => (text === null ? null : new Date(text));

function toSeries(row: JobSeriesRow): JobSeries {
  const { job_id } = row;
  return {
    id: row.id,
    owner: row.owner,
    project: row.project,
    node: row.node,
    state: row.state,
    observed: row.observed,
    resources: row.resources,
    started_at: date(row.started_at),
    finished_at: date(row.finished_at),
    created_at: new Date(row.created_at),
    usage: job_id === null ? null : toUsage({ ...row, job_id, last_sample_at: date(row.last_sample_at) }),
  };
}
