import { useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, take } from './client.js';
import type { Comparison, Curves, ProfileHead } from './types.js';

/** The filter of a list of profiles, as its address has it. */
export interface ProfileFilter {
  q?: string;
  owner?: string;
  queue?: string;
  command?: string;
  /** How long ago the jobs ended at most, such as `7d`. */
  finished_after?: string;
}

/** Profiles a page. */
const PAGE = 100;
/** So many runs of the same command are offered for a comparison. */
const OFFERED = 20;
/** So many runs make the median and the range. */
export const LAST_RUNS = 10;

/** Profiles with a filter, newest first, page by page. A page of a search may be empty while there are more. */
export const useProfiles = (filter: ProfileFilter) =>
  useInfiniteQuery({
    queryKey: ['profiles', filter],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET('/api/v1/profiles', {
          params: { query: { ...filter, limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

/** The last profiles of a command. */
export const useRunsOfCommand = (command: string | undefined): UseQueryResult<ProfileHead[]> =>
  useQuery({
    queryKey: ['profiles', 'of', command],
    enabled: command !== undefined && command !== '',
    queryFn: async ({ signal }) =>
      (
        await take(
          api.GET('/api/v1/profiles', { params: { query: { command: command ?? '', limit: OFFERED } }, signal }),
        )
      ).profiles,
  });

/** A job beside another one, or (null) the median of the last runs of its command. */
export interface Pair {
  job: string;
  with: string | null;
}

const queryOf = ({ job, with: other }: Pair) => ({
  job,
  last: LAST_RUNS,
  ...(other === null ? {} : { with: other }),
});

export const useComparison = (pair: Pair): UseQueryResult<Comparison> =>
  useQuery({
    queryKey: ['profiles', 'compare', pair],
    enabled: pair.job !== '',
    queryFn: ({ signal }) => take(api.GET('/api/v1/profiles/compare', { params: { query: queryOf(pair) }, signal })),
  });

/** The curves of both over the time since their starts. */
export const useCurves = (pair: Pair): UseQueryResult<Curves> =>
  useQuery({
    queryKey: ['profiles', 'curves', pair],
    enabled: pair.job !== '',
    queryFn: ({ signal }) => take(api.GET('/api/v1/profiles/curves', { params: { query: queryOf(pair) }, signal })),
  });
