import { useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, take } from './client.js';
import { queries } from './queries.js';
import type { NewTarget, Target } from './types.js';

const KEY = ['targets'] as const;

/** All scrape targets, by address; read anew every few seconds while they show. */
export const useTargets = (): UseQueryResult<Target[]> =>
  useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/scrape-targets', { signal }))).targets.toSorted((a, b) =>
        a.address < b.address ? -1 : 1,
      ),
    refetchInterval: 3_000,
  });

/** Adds a target, which has to answer; a known one gets the new settings. */
export const useAddTarget = () =>
  useMutation({
    mutationFn: (target: NewTarget) => take(api.POST('/api/v1/scrape-targets', { body: target })),
    onSuccess: () => queries.invalidateQueries({ queryKey: KEY }),
  });

/** Stops the scrapes of a target. */
export const useRemoveTarget = () =>
  useMutation({
    mutationFn: ({ id }: Pick<Target, 'id'>) =>
      take(api.DELETE('/api/v1/scrape-targets/{id}', { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
