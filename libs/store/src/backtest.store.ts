import type { ProfileSummary, Series } from '@drover/domain';
import * as SQL from './backtest.sql.js';
import type { WireCounters } from './entities/profile-node.entity.js';
import { fromWire, type ProfileHead } from './profile.store.js';
import type { Sql } from './sql.js';

/** The jobs that a rule looks at: exactly one is given. */
export interface WatchedJobs {
  job?: string;
  queue?: string;
  command?: string;
}

/** A finished job as its profile keeps it, with the one series that is asked for. */
export interface FinishedJob extends Pick<ProfileHead, 'jobid' | 'command' | 'queue' | 'wall_s' | 'finished_at'> {
  summary: ProfileSummary;
  series: Series | null;
}

/** Reads what an alarm would have seen. */
export const backtestStore = {
  /** Jobs that ended since, newest first. `project` null: any. */
  async finished(
    sql: Sql,
    watched: WatchedJobs,
    range: { since: Date; project: string | null; limit: number; metric: string },
  ): Promise<FinishedJob[]> {
    const rows = await sql.rows<Omit<FinishedJob, 'series'> & { series: WireCounters[number] | null }>(SQL.FINISHED, [
      watched.job ?? null,
      watched.queue ?? null,
      watched.command ?? null,
      range.since,
      range.project,
      range.limit,
      range.metric,
    ]);
    return rows.map((row) => ({ ...row, series: (row.series && fromWire([row.series])[0]) ?? null }));
  },

  /** The ids of jobs that run, newest first: all of a project when neither a job nor a queue is given. */
  async running(
    sql: Sql,
    { job, queue }: WatchedJobs,
    range: { project: string | null; limit: number },
  ): Promise<string[]> {
    const rows = await sql.rows<{ id: string }>(SQL.RUNNING, [job ?? null, queue ?? null, range.project, range.limit]);
    return rows.map(({ id }) => id);
  },

  /** Readings of a job, oldest first: time in milliseconds of Unix time, and value. */
  async readings(
    sql: Sql,
    jobId: string,
    column: SQL.SampleColumn,
    range: { after: Date; to: Date; limit: number },
  ): Promise<[number, number][]> {
    const [row] = await sql.rows<{ readings: [number, number][] | null }>(SQL.READINGS[column], [
      jobId,
      range.after,
      range.to,
      range.limit,
    ]);
    return row?.readings ?? [];
  },
};
