import { useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { JobFilter } from '../lib/job-filter.js';
import { api, take } from './client.js';
import type { JobSource } from './job-pages.js';
import { queries } from './queries.js';
import type {
  Artifact,
  Counters,
  Delivery,
  Execution,
  Explanation,
  Job,
  JobDetail,
  PhaseList,
  RunList,
  Sample,
  SubmitJob,
} from './types.js';

const keyOf = (id: string, part = 'job') => ['jobs', id, part] as const;

/** The list of jobs with a filter, page by page. */
export function jobSource(filter: JobFilter): JobSource {
  const query = Object.fromEntries(Object.entries(filter).map(([field, values]) => [field, values?.join(',')]));
  return {
    page: (cursor, limit) =>
      take(
        api.GET('/api/v1/jobs', {
          params: { query: { ...query, limit, ...(cursor === undefined ? {} : { cursor }) } as object },
        }),
      ),
    job: (id) => take(api.GET('/api/v1/jobs/{id}', { params: { path: { id } } })),
  };
}

const part = <T>(
  id: string,
  name: string,
  read: () => Promise<T>,
  options: { every?: number; enabled?: boolean } = {},
) => ({
  queryKey: keyOf(id, name),
  queryFn: read,
  enabled: options.enabled ?? true,
  ...(options.every === undefined ? {} : { refetchInterval: options.every }),
});

export const useJob = (id: string): UseQueryResult<JobDetail> =>
  useQuery(part(id, 'job', () => take(api.GET('/api/v1/jobs/{id}', { params: { path: { id } } }))));

/** Why it waits, or why it ended so; asked again while it waits. */
export const useExplanation = (id: string, waits: boolean, enabled: boolean): UseQueryResult<Explanation> =>
  useQuery(
    part(id, 'explain', () => take(api.GET('/api/v1/jobs/{id}/explain', { params: { path: { id } } })), {
      enabled,
      ...(waits ? { every: 5_000 } : {}),
    }),
  );

export const useExecutions = (id: string, enabled = true): UseQueryResult<Execution[]> =>
  useQuery(
    part(
      id,
      'executions',
      async () => (await take(api.GET('/api/v1/jobs/{id}/executions', { params: { path: { id } } }))).executions,
      { enabled },
    ),
  );

/** The steps of each attempt beside the medians of the queue. */
export const usePhases = (id: string): UseQueryResult<PhaseList> =>
  useQuery(part(id, 'phases', () => take(api.GET('/api/v1/jobs/{id}/phases', { params: { path: { id } } }))));

/** The runs of the same command or name before and after it. */
export const useRuns = ({ id }: Pick<Job, 'id'>): UseQueryResult<RunList> =>
  useQuery(part(id, 'runs', () => take(api.GET('/api/v1/jobs/{id}/runs', { params: { path: { id } } }))));

export const useArtifacts = (id: string): UseQueryResult<Artifact[]> =>
  useQuery(
    part(
      id,
      'artifacts',
      async () => (await take(api.GET('/api/v1/jobs/{id}/artifacts', { params: { path: { id } } }))).artifacts,
    ),
  );

export const useDeliveries = (id: string): UseQueryResult<Delivery[]> =>
  useQuery(
    part(
      id,
      'deliveries',
      async () => (await take(api.GET('/api/v1/jobs/{id}/deliveries', { params: { path: { id } } }))).deliveries,
    ),
  );

/** Readings of what the job uses, oldest first; anew while it runs. */
export const useSamples = (id: string, runs: boolean): UseQueryResult<Sample[]> =>
  useQuery(
    part(
      id,
      'metrics',
      async () =>
        (await take(api.GET('/api/v1/jobs/{id}/metrics', { params: { path: { id }, query: { limit: 5_000 } } })))
          .samples,
      runs ? { every: 5_000 } : {},
    ),
  );

/** The counters and gauges that the job pushed, oldest first; anew while it runs. */
export const useCounters = (id: string, runs: boolean): UseQueryResult<Counters> =>
  useQuery(
    part(
      id,
      'counters',
      () => take(api.GET('/api/v1/jobs/{id}/counters', { params: { path: { id }, query: { limit: 1_000 } } })),
      runs ? { every: 5_000 } : {},
    ),
  );

/** Reads everything about a job anew. */
export const refreshJob = (id: string): Promise<void> => queries.invalidateQueries({ queryKey: ['jobs', id] });

export const submitJob = (job: SubmitJob): Promise<JobDetail> => take(api.POST('/api/v1/jobs', { body: job }));

const cancelJob = (id: string): Promise<JobDetail> =>
  take(api.POST('/api/v1/jobs/{id}/cancel', { params: { path: { id } }, body: {} }));

const retryJob = (id: string): Promise<JobDetail> =>
  take(api.POST('/api/v1/jobs/{id}/retry', { params: { path: { id } } }));

/** Cancels or retries one job; its rows and its screen show the answer. */
export const useActOnJob = () =>
  useMutation({
    mutationFn: ({ job, act }: { job: Pick<Job, 'id'>; act: 'cancel' | 'retry' }) =>
      act === 'cancel' ? cancelJob(job.id) : retryJob(job.id),
    onSuccess: (job) => {
      queries.setQueryData(keyOf(job.id), job);
      void refreshJob(job.id);
    },
  });
