import type { Agent, JobState, JobUsage, Resources } from '@drover/domain';
import { agentStore, toUsage, type Store, type UsageRow } from '@drover/store';

/** Jobs with series at most, beside the ended ones. */
const MOST_LIVE = 20_000;
/** A table with more jobs than this is not counted at each scrape: a count is kept for so many times as long as it took. */
const MANY_JOBS = 200_000;
const KEPT_FACTOR = 20;

/** A job as a scrape shows it. */
export interface JobSeries {
  /** As its dialect calls it. */
  id: string;
  owner: string;
  /** The first of its nodes; '' when there is none. */
  node: string;
  state: JobState;
  observed: boolean;
  resources: Resources | null;
  started_at: Date | null;
  finished_at: Date | null;
  created_at: Date;
  usage: JobUsage | null;
}

interface SeriesRow extends Omit<JobSeries, 'usage'>, UsageRow {
  job_id: string;
}

const SELECT = `SELECT coalesce(r.external_id, j.id::text) AS id, j.owner, coalesce(j.payload->'nodes'->>0, j.node, '') AS node, j.state, j.dispatch = 'observed' AS observed,
    j.spec->'resources' AS resources, j.started_at, j.finished_at, j.created_at, u.job_id, u.cpu_percent, u.memory_bytes, u.gpu_percent, u.last_sample_at, u.sample_count,
    u.cpu_count, u.cpu_sum, u.cpu_max, u.memory_max, u.gpu_count, u.gpu_sum, u.gpu_max, u.gpu_devices
  FROM job j LEFT JOIN job_usage u ON u.job_id = j.id LEFT JOIN external_ref r ON r.job_id = j.id AND r.dialect = j.dialect AND j.dialect IN ('hpc', 'flux')`;

/** What is current, read at each scrape. */
export class JobSeriesService {
  private counts: { at: number; keepMs: number; states: Map<JobState, number> } | null = null;

  constructor(private readonly store: Store) {}

  /** Running jobs, observed ones that wait, and those that ended within `finishedS` seconds, the latest `finishedMax` of them. */
  async jobs(options: { finishedS: number; finishedMax: number }): Promise<JobSeries[]> {
    const [live, ended] = await Promise.all([
      this.store.sql.prepared<SeriesRow>(
        `${SELECT} WHERE j.state IN ('running','cancelling') OR (j.state = 'queued' AND j.dispatch = 'observed') ORDER BY j.seq DESC LIMIT ${MOST_LIVE}`,
      ),
      options.finishedMax === 0
        ? []
        : this.store.sql.prepared<SeriesRow>(
            `${SELECT} WHERE j.finished_at > now() - make_interval(secs => $1) ORDER BY j.finished_at DESC LIMIT $2`,
            [options.finishedS, options.finishedMax],
          ),
    ]);
    return [...live, ...ended].map((row) => ({
      id: row.id, owner: row.owner, node: row.node, state: row.state, observed: row.observed, resources: row.resources, started_at: row.started_at,
      finished_at: row.finished_at, created_at: row.created_at, usage: row.job_id === null ? null : toUsage(row),
    }));
  }

  /** All stored jobs by state. Exact while that is quick; a large table is not counted again at each scrape. */
  async states(): Promise<Map<JobState, number>> {
    if (this.counts && performance.now() - this.counts.at < this.counts.keepMs) return this.counts.states;
    const began = performance.now();
    const rows = await this.store.sql.prepared<{ state: JobState; n: string }>('SELECT state, count(*) AS n FROM job GROUP BY state');
    const tookMs = performance.now() - began;
    const states = new Map(rows.map((row) => [row.state, Number(row.n)]));
    const total = [...states.values()].reduce((sum, n) => sum + n, 0);
    this.counts = { at: performance.now(), keepMs: total > MANY_JOBS ? tookMs * KEPT_FACTOR : 0, states };
    return states;
  }

  async workers(): Promise<Agent[]> {
    return agentStore.list(this.store.sql, { kind: 'worker' });
  }
}
