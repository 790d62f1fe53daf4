import { keepPreviousData, useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, take } from './client.js';
import { Fault } from './fault.js';
import { queries } from './queries.js';
import type { ActiveAlarm, Alarm, AlarmFiring, BacktestResult, NewAlarm, NewSilence, Silence } from './types.js';

const KEY = ['alarms'] as const;

/** Everything about alarms is read anew after a change. */
const readAnew = (): Promise<void> => queries.invalidateQueries({ queryKey: KEY });

/** All alarms, in the order in which they were made; read anew every few seconds. */
export const useAlarms = (): UseQueryResult<Alarm[]> =>
  useQuery({
    queryKey: [...KEY, 'all'],
    queryFn: async ({ signal }) => (await take(api.GET('/api/v1/alarms', { signal }))).alarms,
    refetchInterval: 5_000,
  });

/** One alarm; read anew every few seconds. */
export const useAlarm = (id: string): UseQueryResult<Alarm> =>
  useQuery({
    queryKey: [...KEY, 'one', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/alarms/{id}', { params: { path: { id } }, signal })),
    refetchInterval: 5_000,
  });

/** Where alarms are pending or fire; read anew every few seconds. */
export const useActiveAlarms = (): UseQueryResult<ActiveAlarm[]> =>
  useQuery({
    queryKey: [...KEY, 'active'],
    queryFn: async ({ signal }) => (await take(api.GET('/api/v1/alarms/active', { signal }))).states,
    refetchInterval: 3_000,
  });

export interface FiringPage {
  firings: AlarmFiring[];
  next: string | null;
}

/** A page of the times for which alarms fired, newest first. `alarm`: of this one alone. */
export const readFirings = (
  { alarm, cursor, limit }: { alarm: string | null; cursor: string | null; limit: number },
  signal?: AbortSignal,
): Promise<FiringPage> =>
  take(
    api.GET('/api/v1/alarms/firings', {
      params: {
        query: { limit, ...(alarm === null ? {} : { alarm }), ...(cursor === null ? {} : { cursor }) },
      },
      ...(signal === undefined ? {} : { signal }),
    }),
  );

/** The newest of these times, read anew every few seconds. */
export const useNewestFirings = (alarm: string | null, limit: number): UseQueryResult<FiringPage> =>
  useQuery({
    queryKey: [...KEY, 'firings', alarm, limit],
    queryFn: ({ signal }) => readFirings({ alarm, cursor: null, limit }, signal),
    refetchInterval: 5_000,
  });

/** Silences, also those of the last week that are over. */
export const useSilences = (): UseQueryResult<Silence[]> =>
  useQuery({
    queryKey: [...KEY, 'silences'],
    queryFn: async ({ signal }) => (await take(api.GET('/api/v1/alarms/silences', { signal }))).silences,
    refetchInterval: 10_000,
  });

export const useSilence = () =>
  useMutation({
    mutationFn: (body: NewSilence) => take(api.POST('/api/v1/alarms/silences', { body })),
    onSettled: readAnew,
  });

export const useEndSilence = () =>
  useMutation({
    mutationFn: (id: string) => take(api.DELETE('/api/v1/alarms/silences/{id}', { params: { path: { id } } })),
    onSettled: readAnew,
  });

/** Adds an alarm, or replaces the one of an id. */
export const useSaveAlarm = () =>
  useMutation({
    mutationFn: ({ id, body }: { id: string | null; body: NewAlarm }) =>
      take(
        id === null
          ? api.POST('/api/v1/alarms', { body })
          : api.PUT('/api/v1/alarms/{id}', { params: { path: { id } }, body }),
      ),
    onSettled: readAnew,
  });

export const useDeleteAlarm = () =>
  useMutation({
    mutationFn: (id: string) => take(api.DELETE('/api/v1/alarms/{id}', { params: { path: { id } } })),
    onSettled: readAnew,
  });

/** Tries for a place at the server before it is given up: a replica runs few backtests at once. */
const TRIES = 20;
const PAUSE_MS = 500;
/** Jobs of which the readings are drawn. */
const DRAWN_JOBS = 20;

/** When a rule would have fired. Null: there is no rule yet. The answer before shows until the next is there. */
export const useBacktest = (rule: NewAlarm | null, windowS: number): UseQueryResult<BacktestResult> =>
  useQuery({
    queryKey: ['backtest', rule, windowS],
    enabled: rule !== null,
    queryFn: ({ signal }) =>
      take(
        api.POST('/api/v1/alarms/backtest', {
          body: { ...(rule as NewAlarm), window_s: windowS, series: DRAWN_JOBS },
          signal,
        }),
      ),
    placeholderData: rule === null ? undefined : keepPreviousData,
    retry: (tries, error) => error instanceof Fault && error.status === 429 && tries < TRIES,
    retryDelay: PAUSE_MS,
    staleTime: 30_000,
  });

/** Metrics that every job has while it runs. */
const SAMPLED = ['job_memory_bytes', 'job_cpu_percent', 'job_gpu_percent'];

/** The names of metrics that jobs of a queue, or with a command, have: those of the last that ended. */
export const useMetricNames = (of: { queue?: string; command?: string }): readonly string[] =>
  useQuery({
    queryKey: ['metrics', of],
    enabled: of.queue !== undefined || of.command !== undefined,
    queryFn: async ({ signal }) => {
      const query = { ...of, limit: 1 };
      const { profiles } = await take(api.GET('/api/v1/profiles', { params: { query }, signal }));
      const [last] = profiles;
      if (!last) return SAMPLED;
      const path = { job: last.job };
      const { metrics } = await take(api.GET('/api/v1/profiles/{job}', { params: { path }, signal }));
      return [...SAMPLED, ...metrics.map(({ name }) => name)];
    },
    staleTime: 60_000,
  }).data ?? SAMPLED;
