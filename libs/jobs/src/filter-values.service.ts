import { filterValueStore, type KnownValue, type Store, type ValuedField } from '@drover/store';
import { Searches } from './searches.js';

/** Knows the values that a filter of jobs may ask for: what the newest jobs have. */
export class FilterValuesService {
  private readonly searches: Searches;

  constructor(
    private readonly store: Store,
    /** The only project whose jobs may be seen; null: any. */
    private readonly scope: () => string | null = () => null,
  ) {
    this.searches = new Searches(store);
  }

  /** Values of a field that hold a text, those of the most jobs first. */
  async known(field: ValuedField, { q = '', limit }: { q?: string; limit: number }): Promise<KnownValue[]> {
    const project = this.scope();
    return this.searches.run('field', (sql) => filterValueStore.known(sql, field, { project, q, limit }));
  }
}
