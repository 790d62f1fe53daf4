import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, take } from './client.js';
import { hasEnded, JOB_STATES, type ChildList, type Family } from './types.js';

/** Parents of one request. */
const MOST_PARENTS = 20;
/** Children that a map shows at once. */
export const MOST_CELLS = 5_000;
/** Between two looks at families of which some have not ended, and at others. */
const BUSY_MS = 3_000;
const QUIET_MS = 15_000;

const isBusy = ({ counts }: Family): boolean => JOB_STATES.some((state) => !hasEnded(state) && counts[state]);

/** The children of these jobs in numbers, by the id of the parent; of the first twenty. Looked at anew while they show. */
export const useFamilies = (parents: readonly string[]): UseQueryResult<ReadonlyMap<string, Family>> => {
  const asked = [...new Set(parents)].slice(0, MOST_PARENTS).sort();
  return useQuery({
    queryKey: ['jobs', 'families', asked],
    enabled: asked.length > 0,
    queryFn: async () => {
      const { families } = await take(api.GET('/api/v1/jobs/families', { params: { query: { parent: asked } } }));
      return new Map(families.map((family) => [family.parent, family]));
    },
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ([...(state.data?.values() ?? [])].some(isBusy) ? BUSY_MS : QUIET_MS),
  });
};

/** A page of the children of a job. `counts` are those of now: with other ones it is read anew. */
export const useChildren = (id: string, counts: Family['counts'], cursor: string | null): UseQueryResult<ChildList> =>
  useQuery({
    queryKey: ['jobs', id, 'children', cursor, counts],
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/jobs/{id}/children', {
          params: { path: { id }, query: { limit: MOST_CELLS, ...(cursor === null ? {} : { cursor }) } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
