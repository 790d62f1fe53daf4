import { useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, take } from './client.js';
import { queries } from './queries.js';
import type { Queue } from './types.js';

const KEY = ['queues'] as const;

/** All queues, by name; read anew every few seconds while they show. */
export const useQueues = (): UseQueryResult<Queue[]> =>
  useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await take(api.GET('/api/v1/queues', { signal }))).queues,
    refetchInterval: 5_000,
  });

/** Pauses a queue, with the reason for people who wonder, or resumes it. */
export const usePauseQueue = () =>
  useMutation({
    mutationFn: ({ name, pause, reason = '' }: { name: string; pause: boolean; reason?: string }) => {
      const params = { path: { name } };
      return take(
        pause
          ? api.POST('/api/v1/queues/{name}/pause', { params, body: reason === '' ? {} : { reason } })
          : api.POST('/api/v1/queues/{name}/resume', { params }),
      );
    },
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
