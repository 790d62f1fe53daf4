import type { Agent, JobState, JobUsage, NodeFacts, Resources } from '@drover/domain';
import { toUsage, type Store, type UsageRow } from '@drover/store';

/** Jobs with series at most, beside the ended ones. */
const MOST_LIVE = 20_000;
const MOST_WORKERS = 10_000;
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

/** A worker as a scrape shows it. */
export interface WorkerSeries extends Pick<Agent, 'name' | 'state' | 'slots'> {
  facts: Pick<NodeFacts, 'cpus' | 'memory_mb'> | null;
}

/** What is current. */
export interface CurrentSeries {
  /** Running jobs, observed ones that wait, and those that ended lately. */
  jobs: JobSeries[];
  /** All stored jobs. */
  states: Map<JobState, number>;
  workers: WorkerSeries[];
}

/** Out of JSON: times are texts. */
interface SeriesRow extends Omit<JobSeries, 'usage' | 'started_at' | 'finished_at' | 'created_at'>, Omit<UsageRow, 'last_sample_at'> {
  job_id: string;
  started_at: string | null;
  finished_at: string | null;
  created_at: string;
  last_sample_at: string | null;
}

const SELECT = `SELECT coalesce(r.external_id, j.id::text) AS id, j.owner, coalesce(j.payload->'nodes'->>0, j.node, '') AS node, j.state, j.dispatch = 'observed' AS observed,
    j.spec->'resources' AS resources, j.started_at, j.finished_at, j.created_at, u.job_id, u.cpu_percent, u.memory_bytes::text, u.gpu_percent, u.last_sample_at,
    u.sample_count::text, u.cpu_count::text, u.cpu_sum, u.cpu_max, u.memory_max::text, u.gpu_count::text, u.gpu_sum, u.gpu_max, u.gpu_devices
  FROM job j LEFT JOIN job_usage u ON u.job_id = j.id LEFT JOIN external_ref r ON r.job_id = j.id AND r.dialect = j.dialect AND j.dialect IN ('hpc', 'flux')`;

const STATES = 'SELECT state, count(*) AS n FROM job GROUP BY state';

const listOf = (rows: string): string => `(SELECT coalesce(json_agg(r), '[]') FROM (${rows}) r)`;

interface CurrentOptions {
  /** Seconds. */
  finishedS: number;
  finishedMax: number;
}

/**
 * One statement, since each costs a scrape as much as its reading; and without parameters, since Postgres plans one that has them anew for the first times, on each
 * connection.
 */
const currentOf = ({ finishedS, finishedMax }: CurrentOptions, countAll: boolean): string => `SELECT
  ${listOf(`${SELECT} WHERE j.state IN ('running','cancelling') OR (j.state = 'queued' AND j.dispatch = 'observed') ORDER BY j.seq DESC LIMIT ${MOST_LIVE}`)} AS live,
  ${listOf(`${SELECT} WHERE j.finished_at > now() - make_interval(secs => ${Number(finishedS)}) ORDER BY j.finished_at DESC LIMIT ${Number(finishedMax)}`)} AS ended,
  ${countAll ? listOf(STATES) : 'NULL'} AS states,
  ${listOf(`SELECT name, state, slots, CASE WHEN facts IS NOT NULL THEN jsonb_build_object('cpus', facts->'cpus', 'memory_mb', facts->'memory_mb') END AS facts
    FROM agent WHERE kind = 'worker' ORDER BY name LIMIT ${MOST_WORKERS}`)} AS workers`;

interface CurrentRow {
  live: SeriesRow[];
  ended: SeriesRow[];
  states: { state: JobState; n: number }[] | null;
  workers: WorkerSeries[];
}

/** What is current, read at each scrape. */
export class JobSeriesService {
  /** Of a table so large that it is not counted each time. */
  private counts: { at: number; keepMs: number; states: Map<JobState, number> } | null = null;

  constructor(private readonly store: Store) {}

  /** Ended jobs: of the last `finishedS` seconds, the latest `finishedMax`. Counts are exact while counting is quick. */
  async current(options: CurrentOptions): Promise<CurrentSeries> {
    const countAll = this.counts === null;
    const began = performance.now();
    const [row] = await this.store.sql.prepared<CurrentRow>(currentOf(options, countAll));
    const { live, ended, states, workers } = row as CurrentRow;
    return {
      jobs: [...live, ...ended].map(toSeries),
      states: states ? this.counted(states, performance.now() - began) : await this.keptStates(),
      workers,
    };
  }

  private async keptStates(): Promise<Map<JobState, number>> {
    const { counts } = this;
    if (counts && performance.now() - counts.at < counts.keepMs) return counts.states;
    const began = performance.now();
    const rows = await this.store.sql.prepared<{ state: JobState; n: string }>(STATES);
    return this.counted(rows, performance.now() - began);
  }

  private counted(rows: { state: JobState; n: string | number }[], tookMs: number): Map<JobState, number> {
    const states = new Map(rows.map((row) => [row.state, Number(row.n)]));
    const total = [...states.values()].reduce((sum, n) => sum + n, 0);
    this.counts = total > MANY_JOBS ? { at: performance.now(), keepMs: tookMs * KEPT_FACTOR, states } : null;
    return states;
  }
}

const date = (text: string | null): Date | null => (text === null ? null : new Date(text));

function toSeries(row: SeriesRow): JobSeries {
  return {
    id: row.id, owner: row.owner, node: row.node, state: row.state, observed: row.observed, resources: row.resources, started_at: date(row.started_at),
    finished_at: date(row.finished_at), created_at: new Date(row.created_at), usage: row.job_id === null ? null : toUsage({ ...row, last_sample_at: date(row.last_sample_at) }),
  };
}
