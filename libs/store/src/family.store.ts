import type { Cause, JobState } from '@drover/domain';
import * as SQL from './family.sql.js';
import type { Sql } from './sql.js';

/** A child of a job, as much of it as a cell of a map shows. */
export interface ChildRow {
  id: string;
  name: string | null;
  state: JobState;
  cause: Cause | null;
  exit_code: number | null;
  node: string | null;
  seq: string;
}

export const familyStore = {
  /** How many children of each of these parents are in each state, counted up to `most` of each; of a project or of all. */
  async counts(
    sql: Sql,
    parents: string[],
    project: string | null,
    most: number,
  ): Promise<{ parent_id: string; state: JobState; n: number }[]> {
    return parents.length === 0 ? [] : sql.rows(SQL.COUNTS, [parents, project, most]);
  },

  /** A page of the children of a job, newest first. `cursor`: the `seq` of the last one of the page before. */
  async children(
    sql: Sql,
    parent: string,
    project: string | null,
    page: { cursor?: string; limit: number },
  ): Promise<ChildRow[]> {
    return sql.rows<ChildRow>(SQL.CHILDREN, [parent, project, page.cursor ?? null, page.limit]);
  },
};
