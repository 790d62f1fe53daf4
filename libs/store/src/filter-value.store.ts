import { filterValues, type ValuedField } from './filter-value.sql.js';
import type { Sql } from './sql.js';

/** A value that a field of the filter of jobs may have, and how many of the jobs looked at have it. */
export interface KnownValue {
  value: string;
  jobs: number;
}

export const filterValueStore = {
  /** Values of the newest 20,000 jobs of a project (null: any) that hold a text, the most frequent first. */
  known(
    sql: Sql,
    field: ValuedField,
    { project, q, limit }: { project: string | null; q: string; limit: number },
  ): Promise<KnownValue[]> {
    const pattern = `%${q.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
    return sql.rows<KnownValue>(filterValues(field), [project, pattern, limit]);
  },
};
