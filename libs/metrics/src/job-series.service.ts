import type { JobState, JobUsage } from '@drover/domain';
import {
  JobSeriesReader,
  toUsage,
  type CurrentRow,
  type ShownSeries,
  type JobSeriesRow,
  type LiveRow,
  type NodeUseRow,
  type Store,
  type WorkerSeriesRow,
} from '@drover/store';

/**
 * A table with more jobs than this, or with more that have not ended, is not counted at each scrape: a count is kept
 * for so many times as long as it took, and no longer than a minute.
 */
const MANY_JOBS = 200_000;
const MANY_LIVE = 20_000;
const KEPT_FACTOR = 20;
const KEPT_MOST_MS = 60_000;

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
export interface CurrentSeries extends Pick<CurrentRow, 'agents' | 'workers'> {
  /** Jobs that have not ended, by queue and state. */
  live: LiveRow[];
  /** Running jobs and observed ones that wait, the latest of them; and those that ended lately. */
  jobs: JobSeries[];
  /** All stored jobs. */
  states: Map<JobState, number>;
  /** The use of nodes by all running jobs. */
  nodes: NodeUseRow[];
}

export type { NodeUseRow as NodeUse, ShownSeries, WorkerSeriesRow as WorkerSeries };

/** Gives the current series of jobs and nodes, read at each scrape. */
export class JobSeriesService {
  /** Counts of a table so large that it is not counted each time. */
  private counts: Counts | null = null;
  private reading: Promise<CurrentSeries> | null = null;
  private readonly reader: JobSeriesReader;

  constructor(
    private readonly store: Store,
    shown: ShownSeries,
    /** Milliseconds of a clock that never goes back. */
    private readonly now: () => number = () => performance.now(),
  ) {
    this.reader = new JobSeriesReader(shown);
  }

  /**
   * Everything that is committed when this is called. Parts of one scrape, which ask in the same turn, share one
   * reading. Counts are exact while there are few jobs.
   */
  current(): Promise<CurrentSeries> {
    if (this.reading) return this.reading;
    this.reading = this.read();
    // Nothing is sent before this turn is over, so who asks in it sees what was committed by then.
    setImmediate(() => (this.reading = null));
    return this.reading;
  }

  private async read(): Promise<CurrentSeries> {
    const kept = this.counts !== null && this.now() < this.counts.until ? this.counts : null;
    const began = this.now();
    const { present, ended, states, live, nodes, ...more } = await this.reader.current(this.store.sql, {
      countAll: kept === null,
    });
    const counted = { states: states ?? [], live: live ?? [], nodes: nodes ?? [] };
    const counts = kept ?? this.counted(counted, this.now() - began);
    const { until: _, ...current } = counts;
    return { ...more, ...current, jobs: [...present, ...ended].map(toSeries) };
  }

  private counted(
    { states, live, nodes }: { states: { state: JobState; n: number }[]; live: LiveRow[]; nodes: NodeUseRow[] },
    tookMs: number,
  ): Counts {
    const counts = {
      until: this.now() + Math.min(tookMs * KEPT_FACTOR, KEPT_MOST_MS),
      states: new Map(states.map((row) => [row.state, row.n])),
      live,
      nodes,
    };
    this.counts = sum(states) > MANY_JOBS || sum(live) > MANY_LIVE ? counts : null;
    return counts;
  }
}

interface Counts {
  /** By the clock of the service. */
  until: number;
  states: Map<JobState, number>;
  live: LiveRow[];
  nodes: NodeUseRow[];
}

const sum = (rows: readonly { n: number }[]): number => rows.reduce((total, { n }) => total + n, 0);
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
