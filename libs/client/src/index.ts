import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api.generated.js';

type Schemas = components['schemas'];
export type Job = Schemas['JobDto'];
export type SubmitJob = Schemas['SubmitJobDto'];
export type Queue = Schemas['QueueDto'];
export type Agent = Schemas['AgentDto'];
export type Project = Schemas['ProjectDto'];
export type AlarmBacktest = Schemas['BacktestDto'];
export type Alarm = Schemas['AlarmViewDto'];
export type ActiveAlarm = Schemas['AlarmStateDto'];
export type AlarmFiring = Schemas['AlarmFiringDto'];
export type Silence = Schemas['SilenceViewDto'];
export type BacktestResult = Schemas['BacktestResultDto'];
export type ProfileHead = Schemas['ProfileHeadDto'];
export type Profile = Schemas['ProfileDto'];
export type ProfileMetric = Schemas['ProfileMetricDto'];
export type Figure = Schemas['FigureDto'];
export type ScrapeTarget = Schemas['ScrapeTargetViewDto'];
export type CounterList = Schemas['CounterListDto'];
export type LogLines = Schemas['LogLinesDto'];
export type Problem = Schemas['ProblemDto'];
/** The filters of a list of jobs. */
export type JobFilter = Schemas['JobFilterDto'];
export type Overview = Schemas['OverviewDto'];
export type OverviewChange = Schemas['OverviewChangeDto'];
export type Run = Schemas['RunDto'];
export type AttemptPhases = Schemas['AttemptPhasesDto'];
export type TimelineBar = Schemas['TimelineBarDto'];
export type TimelineBucket = Schemas['TimelineBucketDto'];
export type BulkAction = Schemas['BulkActionDto'];
export type BulkRequest = Schemas['BulkRequestDto'];
export type { components };

export type DroverClient = Client<paths>;

/** A typed client of the native API. `url` without /api/v1; the token goes as a bearer. */
export function createDroverClient(options: { url: string; token?: string; fetch?: typeof fetch }): DroverClient {
  return createClient<paths>({
    baseUrl: options.url.replace(/\/+$/, ''),
    ...(options.token === undefined ? {} : { headers: { authorization: `Bearer ${options.token}` } }),
    ...(options.fetch ? { fetch: (request: globalThis.Request) => (options.fetch as typeof fetch)(request) } : {}),
  });
}
