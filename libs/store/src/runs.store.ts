import type { JobState } from '@drover/domain';
import * as SQL from './runs.sql.js';
import type { Sql } from './sql.js';

/** The times of a run that has ended. */
export interface RunTimes {
  claimed_at: Date;
  spawned_at: Date | null;
  first_byte_at: Date | null;
  exited_at: Date | null;
  finished_at: Date;
  created_at: Date;
  queued_at: Date | null;
  name: string | null;
  state: JobState;
}

/** A time at which a job came into its queue. */
export interface QueuedTime {
  at: Date;
  /** planned: it waited for its time or for other jobs. ended: somebody retried it. Null: neither. */
  before: 'planned' | 'ended' | null;
}

/** A job whose command is looked for. */
export interface OfCommand {
  id: string;
  seq: string;
  project: string;
  /** On one line, as profiles keep it. */
  command: string;
  image: string | null;
}

/** Fewer runs than this are looked for in another way, too. */
const FEW = 10;

export const runsStore = {
  /** The last runs of a queue that have ended, 200 at most; of a project, or of all (null). */
  async ofQueue(sql: Sql, queue: string, project: string | null): Promise<RunTimes[]> {
    const runs = await sql.rows<RunTimes>(SQL.OF_NEWEST_JOBS, [queue, project]);
    if (runs.length >= FEW) return runs;
    const others = await sql.rows<RunTimes>(SQL.OF_NEWEST_EXECUTIONS, [queue, project]);
    return others.length > runs.length ? others : runs;
  },

  /** The open executions of these agents, and since when they run. */
  async openOfAgents(
    sql: Sql,
    agents: string[],
  ): Promise<{ agent_id: string; since: Date; queue: string; name: string | null }[]> {
    return agents.length === 0 ? [] : sql.rows(SQL.OPEN_OF_AGENTS, [agents]);
  },

  /** When a job came into its queue, oldest first. */
  async queuedTimes(sql: Sql, jobId: string): Promise<QueuedTime[]> {
    return sql.rows<QueuedTime>(SQL.QUEUED_TIMES, [jobId]);
  },

  /** The last jobs of the same name and project before one, newest first. */
  async before(sql: Sql, job: { name: string; project: string; seq: string }, limit: number): Promise<string[]> {
    const rows = await sql.rows<{ id: string }>(SQL.BEFORE, [job.name, job.project, job.seq, limit]);
    return rows.map(({ id }) => id);
  },

  /** The next job of the same name and project; null: there is none. */
  async after(sql: Sql, job: { name: string; project: string; seq: string }): Promise<string | null> {
    const [row] = await sql.rows<{ id: string }>(SQL.AFTER, [job.name, job.project, job.seq]);
    return row?.id ?? null;
  },

  /** The last jobs of the same command, image and project that ran before one, newest first. */
  async beforeOfCommand(sql: Sql, job: OfCommand, limit: number): Promise<string[]> {
    const { command, project, id, seq, image } = job;
    const rows = await sql.rows<{ id: string }>(SQL.BEFORE_OF_COMMAND, [command, project, id, seq, image, limit]);
    return rows.map((row) => row.id);
  },

  /** The next job of the same command, image and project that ran; null: there is none. */
  async afterOfCommand(sql: Sql, { command, project, id, seq, image }: OfCommand): Promise<string | null> {
    const [row] = await sql.rows<{ id: string }>(SQL.AFTER_OF_COMMAND, [command, project, id, seq, image]);
    return row?.id ?? null;
  },
};
