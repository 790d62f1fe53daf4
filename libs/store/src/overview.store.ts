import type { Cause, JobState, Placed } from '@drover/domain';
import * as SQL from './overview.sql.js';
import type { Sql } from './sql.js';

/** Executions that were opened in a slice of time, whose jobs had waited about as long. */
export interface StartsOfSlice {
  /** The begin of the slice, seconds of Unix time. */
  at_s: number;
  queue: string;
  /** The class of the wait; null: it is not known any more. */
  class: number | null;
  n: number;
}

/** Failures in a slice of time for the same reason. */
export interface FailuresOfSlice {
  at_s: number;
  queue: string;
  cause: Cause | null;
  exit_code: number | null;
  signal: string | null;
  sentence: string | null;
  n: number;
  /** One of the jobs. */
  job_id: string;
}

/** An execution that has not ended. */
export interface OpenExecution {
  id: string;
  job_id: string;
  agent_id: string;
  claimed_at: Date;
  spawned_at: Date | null;
  placed: Placed | null;
  name: string | null;
  owner: string;
  queue: string;
  project: string;
  state: JobState;
  /** The beginning of a command that is a text. */
  command: string | null;
}

/** A look at a time, in slices of so many seconds, at the jobs of a project (null: any). */
interface Look {
  from: Date;
  to: Date;
  project: string | null;
  sliceS: number;
}

const paramsOf = ({ from, to, project, sliceS }: Look): unknown[] => [from, to, project, sliceS];

export const overviewStore = {
  starts: (sql: Sql, look: Look): Promise<StartsOfSlice[]> => sql.rows(SQL.STARTS, paramsOf(look)),
  failures: (sql: Sql, look: Look): Promise<FailuresOfSlice[]> => sql.rows(SQL.FAILURES, paramsOf(look)),
  /** Oldest first. */
  open: (sql: Sql): Promise<OpenExecution[]> => sql.rows(SQL.OPEN),
};

export { longestOfClass } from './overview.sql.js';
