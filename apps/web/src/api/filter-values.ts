import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useDebounced } from '../lib/use-debounced.js';
import { api, take } from './client.js';
import type { FilterValue } from './types.js';

/** Fields whose values the newest jobs tell. */
const FIELDS = ['owner', 'tag', 'exit', 'dialect', 'name'] as const;
type Field = (typeof FIELDS)[number];
/** A typed text is asked for once it has stayed the same for so long. */
const SETTLED_MS = 120;

export const isValued = (field: string | undefined): field is Field => (FIELDS as readonly unknown[]).includes(field);

/** Values of a field that hold a text, those of the most jobs first. Null: no value is wanted. */
export function useFilterValues(wanted: { field: Field; q: string } | null): UseQueryResult<FilterValue[]> {
  const q = useDebounced(wanted?.q ?? '', SETTLED_MS).slice(0, 200);
  const field = wanted?.field ?? 'owner';
  return useQuery({
    queryKey: ['jobs', 'values', field, q],
    enabled: wanted !== null,
    queryFn: async ({ signal }) =>
      (
        await take(
          api.GET('/api/v1/jobs/filter-values', { params: { query: { field, ...(q === '' ? {} : { q }) } }, signal }),
        )
      ).values,
    // The values of another field are none of this one.
    placeholderData: (before, query) => (query?.queryKey[2] === field ? keepPreviousData(before) : undefined),
    staleTime: 10_000,
  });
}
