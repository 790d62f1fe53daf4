import type { components } from './api.generated.js';

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

export { createDroverClient, type DroverClient } from './create-client.js';
export { ApiError, dataOf, readApiError, UnreachableError } from './errors.js';
export { followEvents, type Transport } from './follow.js';
export { followLog } from './job-log.js';
export {
  givenToken,
  requestToken,
  sendWithLogin,
  SPARE_MS,
  tokenOf,
  type Credentials,
  type TokenAnswer,
} from './login.js';
export { sendAgain } from './send-again.js';
