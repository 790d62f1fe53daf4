import type { JobState } from '@drover/domain';
import { familyStore, type ChildRow, type Store } from '@drover/store';
import type { QueryService } from './query.service.js';
import { Searches } from './searches.js';

/** The children of a job in numbers. */
export interface Family {
  /** The parent. */
  id: string;
  /** Null: the parent is not in the record any more, or it may not be seen. */
  name: string | null;
  /** By state; states without a child are absent. */
  counts: Partial<Record<JobState, number>>;
  total: number;
  /** False: there are at least so many, and `counts` are those of the newest. */
  exact: boolean;
}

/** Children of one parent that are counted at most. */
const MOST_COUNTED = 10_000;

/** Tells of jobs and the jobs that were made of them, or are a part of them. */
export class FamilyService {
  private readonly searches: Searches;

  constructor(
    private readonly store: Store,
    private readonly query: QueryService,
    /** The only project whose jobs may be seen; null: any. */
    private readonly scope: () => string | null = () => null,
  ) {
    this.searches = new Searches(store);
  }

  /** The families of these parents, in their order. Parents without a child that the caller may see are absent. */
  async families(parents: string[]): Promise<Family[]> {
    const ids = [...new Set(parents)];
    const project = this.scope();
    const [rows, names] = await Promise.all([
      this.searches.run('parent', (sql) => familyStore.counts(sql, ids, project, MOST_COUNTED + 1)),
      this.query.names(ids),
    ]);
    return ids.flatMap((id): Family[] => {
      const own = rows.filter((row) => row.parent_id === id);
      if (own.length === 0) return [];
      const counted = own.reduce((sum, { n }) => sum + n, 0);
      return [
        {
          id,
          name: names.get(id) ?? null,
          counts: Object.fromEntries(own.map(({ state, n }) => [state, n])),
          total: Math.min(counted, MOST_COUNTED),
          exact: counted <= MOST_COUNTED,
        },
      ];
    });
  }

  /** A page of the children of a job, newest first, and the cursor of the next one. Throws `not_found`. */
  async children(
    id: string,
    page: { cursor?: string; limit: number },
  ): Promise<{ children: ChildRow[]; next: string | null }> {
    await this.query.get(id);
    const rows = await familyStore.children(this.store.sql, id, this.scope(), { ...page, limit: page.limit + 1 });
    const children = rows.slice(0, page.limit);
    return { children, next: rows.length > page.limit ? (children.at(-1)?.seq ?? null) : null };
  }
}
