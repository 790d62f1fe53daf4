import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, take } from './client.js';
import type { Timeline } from './types.js';

/** The end of a period, and what of it is asked for. */
export interface TimelineAsked {
  lengthMs: number;
  /** Milliseconds since 1970. Null: now, and it is asked anew. */
  to: number | null;
  queue: string | null;
  node: string | null;
}

/** A minute is asked for every second, and no period seldom enough to look still. */
const everyMs = (lengthMs: number): number => Math.min(30_000, Math.max(1_000, lengthMs / 120));

/** The executions of a period by nodes and slots. The one before shows until the next is there. */
export const useTimeline = ({ lengthMs, to, queue, node }: TimelineAsked): UseQueryResult<Timeline> =>
  useQuery({
    queryKey: ['timeline', lengthMs, to, queue, node],
    queryFn: ({ signal }) => {
      const end = to ?? Date.now();
      return take(
        api.GET('/api/v1/timeline', {
          params: {
            query: {
              from: new Date(end - lengthMs).toISOString(),
              to: new Date(end).toISOString(),
              ...(queue === null ? {} : { queue }),
              ...(node === null ? {} : { node }),
            },
          },
          signal,
        }),
      );
    },
    placeholderData: keepPreviousData,
    ...(to === null ? { refetchInterval: everyMs(lengthMs) } : {}),
  });
