import type { Agent, JobState, NodeFacts, Resources } from '@drover/domain';
import { currentSeries, type ShownSeries } from './job-series.sql.js';
import type { Sql } from './sql.js';
import type { UsageRow } from './usage.store.js';

/** A job as a scrape shows it, out of JSON: times are texts. `job_id` null: nothing is known of what it uses. */
export interface JobSeriesRow extends Omit<UsageRow, 'last_sample_at' | 'job_id'> {
  /** The job's id in its dialect. */
  id: string;
  owner: string;
  project: string;
  /** The first of its nodes; '' when there is none. */
  node: string;
  state: JobState;
  observed: boolean;
  resources: Resources | null;
  started_at: string | null;
  finished_at: string | null;
  created_at: string;
  job_id: string | null;
  last_sample_at: string | null;
}

/** A worker as a scrape shows it. */
export interface WorkerSeriesRow extends Pick<Agent, 'name' | 'state' | 'slots' | 'slots_free'> {
  facts: Pick<NodeFacts, 'cpus' | 'memory_mb'> | null;
  /** The load that its last heartbeat told; null: it told none. */
  cpu_load: number | null;
  /** The disk of its data folder, as its last heartbeat told; null: it told none. */
  disk: { free_bytes: number; total_bytes: number } | null;
}

/** Jobs of a queue in a state. */
export interface LiveRow {
  queue: string;
  state: JobState;
  n: number;
  oldest_s: number | null;
}

/** The use of a node by the jobs that run there; '' stands for jobs without one. */
export interface NodeUseRow {
  node: string;
  n: number;
  /** Mean over the jobs; per cent of what each may use. */
  cpu_percent: number;
  memory_bytes: number;
  /** Mean over the jobs with a GPU value; null: there are none. */
  gpu_percent: number | null;
}

/** The series that are current. */
export interface CurrentRow {
  /**
   * Jobs that have not ended, by queue and state; `oldest_s`: since the first of them was queued. Null: they were not
   * counted.
   */
  live: LiveRow[] | null;
  agents: { kind: Agent['kind']; state: Agent['state']; n: number }[];
  /** Running jobs, and observed ones that wait: the latest. */
  present: JobSeriesRow[];
  /** The jobs that ended lately. */
  ended: JobSeriesRow[];
  /** All stored jobs; null: they were not counted. */
  states: { state: JobState; n: number }[] | null;
  /** The use of nodes by all running jobs; null: they were not counted. */
  nodes: NodeUseRow[] | null;
  workers: WorkerSeriesRow[];
}

/** Reads the rows that scrapes show. Its statements are made once, since they name prepared statements. */
export class JobSeriesReader {
  private readonly statements: { counting: string; plain: string };

  constructor(shown: ShownSeries) {
    this.statements = {
      counting: currentSeries(shown, { countAll: true }),
      plain: currentSeries(shown, { countAll: false }),
    };
  }

  /** `countAll`: also how many jobs there are, in each state, in each queue and on each node. */
  async current(sql: Sql, options: { countAll: boolean }): Promise<CurrentRow> {
    const [row] = await sql.prepared<CurrentRow>(this.statements[options.countAll ? 'counting' : 'plain']);
    return row as CurrentRow;
  }
}
