import { useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, take } from './client.js';
import { queries } from './queries.js';
import type { Node } from './types.js';

const KEY = ['nodes'] as const;

/** All nodes, by name; read anew every few seconds while they show. */
export const useNodes = (): UseQueryResult<Node[]> =>
  useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await take(api.GET('/api/v1/agents', { signal }))).agents,
    refetchInterval: 5_000,
  });

/** Drains a node, or lets it take jobs again. */
export const useDrainNode = () =>
  useMutation({
    mutationFn: ({ name, drain }: { name: string; drain: boolean }) => {
      const params = { path: { name } };
      return take(
        drain
          ? api.POST('/api/v1/agents/{name}/drain', { params })
          : api.POST('/api/v1/agents/{name}/undrain', { params }),
      );
    },
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
