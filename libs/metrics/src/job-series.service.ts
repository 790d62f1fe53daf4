import type { Agent, JobState, JobUsage, NodeFacts, Resources } from '@drover/domain';
import { LIVE_COUNTS, toUsage, type Store, type UsageRow } from '@drover/store';

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
  project: string;
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
  /** The load that its last heartbeat told; null: it told none. */
  cpu_load: number | null;
}

/** The series of jobs and nodes that are current. */
export interface CurrentSeries {
  /** Jobs that have not ended, by queue and state; `oldest_s`: since the first of them was queued. */
  live: { queue: string; state: JobState; n: number; oldest_s: number | null }[];
  agents: { kind: Agent['kind']; state: Agent['state']; n: number }[];
  /** Running jobs, observed ones that wait, and those that ended lately. */
  jobs: JobSeries[];
  /** All stored jobs. */
  states: Map<JobState, number>;
  workers: WorkerSeries[];
}

/** Out of JSON: times are texts. */
interface SeriesRow
  extends Omit<JobSeries, 'usage' | 'started_at' | 'finished_at' | 'created_at'>, Omit<UsageRow, 'last_sample_at'> {
  job_id: string;
  started_at: string | null;
  finished_at: string | null;
  created_at: string;
  last_sample_at: string | null;
}

const SELECT = `SELECT coalesce(r.external_id, j.id::text) AS id, j.owner, j.project, coalesce(j.payload->'nodes'->>0, j.node, '') AS node, j.state, j.dispatch = 'observed' AS observed,
    j.spec->'resources' AS resources, j.started_at, j.finished_at, j.created_at, u.job_id, u.cpu_percent, u.memory_bytes::text, u.gpu_percent, u.last_sample_at,
    u.sample_count::text, u.cpu_count::text, u.cpu_sum, u.cpu_max, u.memory_max::text, u.gpu_count::text, u.gpu_sum, u.gpu_max, u.gpu_devices
  FROM job j LEFT JOIN job_usage u ON u.job_id = j.id LEFT JOIN external_ref r ON r.job_id = j.id AND r.dialect = j.dialect AND j.dialect IN ('hpc', 'flux')`;

const STATES = 'SELECT state, count(*) AS n FROM job GROUP BY state';

const listOf = (rows: string): string => `(SELECT coalesce(json_agg(r), '[]') FROM (${rows}) r)`;

/** Which ended jobs are shown. */
export interface EndedSeries {
  /** Jobs that ended within so many seconds. */
  finishedForS: number;
  /** The latest. */
  finishedMax: number;
}

/**
 * One statement, since each costs a scrape more than its reading; and without parameters, since Postgres plans one that
 * has them anew for the first times, on each connection.
 */
const currentOf = ({ finishedForS, finishedMax }: EndedSeries, countAll: boolean): string => `SELECT
  ${listOf(LIVE_COUNTS)} AS live, ${listOf('SELECT kind, state, count(*) AS n FROM agent GROUP BY kind, state')} AS agents,
  ${listOf(`${SELECT} WHERE j.state IN ('running','cancelling') OR (j.state = 'queued' AND j.dispatch = 'observed') ORDER BY j.seq DESC LIMIT ${MOST_LIVE}`)} AS present,
  ${listOf(`${SELECT} WHERE j.finished_at > now() - make_interval(secs => ${Number(finishedForS)}) ORDER BY j.finished_at DESC LIMIT ${Number(finishedMax)}`)} AS ended,
  ${countAll ? listOf(STATES) : 'NULL'} AS states,
  ${listOf(`SELECT name, state, slots, CASE WHEN facts IS NOT NULL THEN jsonb_build_object('cpus', facts->'cpus', 'memory_mb', facts->'memory_mb') END AS facts, (payload->>'cpu_load')::float8 AS cpu_load
    FROM agent WHERE kind = 'worker' ORDER BY name LIMIT ${MOST_WORKERS}`)} AS workers`;

interface CurrentRow extends Pick<CurrentSeries, 'live' | 'agents' | 'workers'> {
  present: SeriesRow[];
  ended: SeriesRow[];
  states: { state: JobState; n: number }[] | null;
}

/** Gives the current series of jobs and nodes, read at each scrape. */
export class JobSeriesService {
  /** Counts of a table so large that it is not counted each time. */
  private counts: { at: number; keepMs: number; states: Map<JobState, number> } | null = null;
  private reading: Promise<CurrentSeries> | null = null;
  /** Without and with all jobs counted; made once, since they name prepared statements. */
  private readonly statements: [string, string];

  constructor(
    private readonly store: Store,
    ended: EndedSeries,
  ) {
    this.statements = [currentOf(ended, false), currentOf(ended, true)];
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
    const [row] = await this.store.sql.prepared<CurrentRow>(this.statements[countAll ? 1 : 0]);
    const { present, ended, states, ...more } = row as CurrentRow;
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
    usage: row.job_id === null ? null : toUsage({ ...row, last_sample_at: date(row.last_sample_at) }),
  };
}
