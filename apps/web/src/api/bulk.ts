import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { JobFilter } from '../lib/job-filter.js';
import { api, take } from './client.js';
import type { BulkAction, BulkPreview, BulkRequest } from './types.js';

/** The jobs of a bulk action: these, or all that a filter fits. */
export type Meant = { ids: string[] } | { filter: JobFilter };

const LOOK_MS = 500;

/** A filter as the body of a request has it. */
function bodyOf(filter: JobFilter): BulkRequest['filter'] {
  const { state, tag, cause, exit, ...single } = filter;
  const one = Object.fromEntries(Object.entries(single).map(([field, values]) => [field, values?.[0]]));
  return {
    ...one,
    ...(state ? { state } : {}),
    ...(tag ? { tag } : {}),
    ...(cause ? { cause } : {}),
    ...(exit?.[0] === undefined ? {} : { exit: Number(exit[0]) }),
  } as BulkRequest['filter'];
}

/** A request for a bulk action; what is to be done beside `action` is in `more`. */
export const bulkRequest = (
  action: BulkRequest['action'],
  meant: Meant,
  more: Pick<BulkRequest, 'priority' | 'tags'> = {},
): BulkRequest => ({ action, ...('ids' in meant ? meant : { filter: bodyOf(meant.filter) }), ...more });

/** How many jobs it would be about, with three of them. */
export const useBulkPreview = (request: BulkRequest): UseQueryResult<BulkPreview> =>
  useQuery({
    queryKey: ['bulk', 'preview', request],
    queryFn: () => take(api.POST('/api/v1/jobs/actions/preview', { body: request })),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

/** Asks for it once: the same key again is the same bulk action. */
export const startBulk = (request: BulkRequest, key: string): Promise<BulkAction> =>
  take(
    api.POST('/api/v1/jobs/actions', { body: request, headers: { 'Idempotency-Key': key } }) as Promise<{
      data?: BulkAction;
      error?: unknown;
      response: Response;
    }>,
  );

/** How far it has got, until it has ended. */
export const useBulkAction = (id: string | null): UseQueryResult<BulkAction> =>
  useQuery({
    queryKey: ['bulk', id],
    enabled: id !== null,
    queryFn: () => take(api.GET('/api/v1/jobs/actions/{id}', { params: { path: { id: id ?? '' } } })),
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'running' ? false : LOOK_MS),
  });

/** Stops it: what is changed stays changed. */
export const stopBulk = (id: string): Promise<BulkAction> =>
  take(api.POST('/api/v1/jobs/actions/{id}/cancel', { params: { path: { id } } }));

/** How many jobs a filter fits. */
export const useJobCount = (filter: JobFilter, enabled: boolean) =>
  useQuery({
    queryKey: ['jobs', 'count', filter],
    enabled,
    queryFn: () => take(api.GET('/api/v1/jobs/count', { params: { query: bodyOf(filter) ?? {} } })),
  });
