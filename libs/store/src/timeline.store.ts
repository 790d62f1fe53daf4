import type { Cause, ExecutionState, JobState } from '@drover/domain';
import type { Sql } from './sql.js';
import * as SQL from './timeline.sql.js';

/** An execution as a bar of time. */
export interface TimelineRow {
  id: string;
  job_id: string;
  node: string;
  epoch: number;
  attempt: number;
  claimed_at: Date;
  spawned_at: Date | null;
  finished_at: Date | null;
  cause: Cause | null;
  exit_code: number | null;
  execution_state: ExecutionState;
  name: string | null;
  owner: string;
  queue: string;
  project: string;
  job_state: JobState;
}

/** Executions of a node in a bucket of time that ended the same way. */
export interface BucketRow {
  bucket: number;
  node: string;
  /** running, succeeded, or a cause. */
  outcome: string;
  n: number;
  /** Seconds they ran together, to the end of the period. */
  busy_s: number;
  /** There are more: those from `first_at` on were looked at. */
  more: boolean;
  first_at: Date;
}

export interface TimelineFilter {
  from: Date;
  to: Date;
  queue: string | null;
  node: string | null;
}

export const timelineStore = {
  /** How many executions were opened in a period, counted up to a number. */
  async size(sql: Sql, { from, to }: TimelineFilter, most: number): Promise<number> {
    const [row] = await sql.rows<{ n: number }>(SQL.SIZE, [from, to, most]);
    return row?.n ?? 0;
  },

  /** Executions that touch a period, the oldest first: `limit` at most of each kind. */
  async bars(sql: Sql, { from, to, queue, node }: TimelineFilter, limit: number): Promise<TimelineRow[]> {
    const params = [from, to, queue, node, limit];
    const begun = await sql.rows<TimelineRow>(SQL.BEGUN, params);
    if (begun.length >= limit) return begun;
    const [open, ended] = await Promise.all([
      sql.rows<TimelineRow>(SQL.OPEN_BEFORE, params),
      sql.rows<TimelineRow>(SQL.ENDED_AFTER, params),
    ]);
    // One that ended between two of the reads is in both.
    const all = new Map([...ended, ...open, ...begun].map((row) => [row.id, row]));
    return [...all.values()].sort((a, b) => a.claimed_at.getTime() - b.claimed_at.getTime());
  },

  /** The executions that were opened in so many buckets of a period, in numbers. */
  async buckets(
    sql: Sql,
    filter: TimelineFilter,
    slices: { seconds: number; n: number; project: string | null },
  ): Promise<BucketRow[]> {
    const { from, to, queue, node } = filter;
    return sql.rows<BucketRow>(SQL.BUCKETS, [from, to, queue, node, slices.seconds, slices.n, slices.project]);
  },

  /** When these nodes were drained and undrained before a time, oldest first; of each node the last 200 times. */
  async drains(sql: Sql, nodes: string[], before: Date): Promise<{ node: string; drains: boolean; at: Date }[]> {
    return nodes.length === 0 ? [] : sql.rows(SQL.DRAINS, [nodes, before]);
  },

  /** When these nodes got their next execution after a time; null: not soon. */
  async nextOnNodes(sql: Sql, lost: { node: string; at: Date }[]): Promise<(Date | null)[]> {
    if (lost.length === 0) return [];
    const params = [lost.map(({ node }) => node), lost.map(({ at }) => at)];
    return (await sql.rows<{ next_at: Date | null }>(SQL.NEXT_ON_NODES, params)).map(({ next_at }) => next_at);
  },
};
