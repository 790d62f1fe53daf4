import type { components } from '@drover/client';

type Schemas = components['schemas'];
export type Job = Schemas['JobDto'];
export type JobDetail = Schemas['JobDetailDto'];
export type JobState = Schemas['JobState'];
export type Execution = Schemas['ExecutionDto'];
export type PhaseList = Schemas['PhaseListDto'];
export type Attempt = Schemas['AttemptPhasesDto'];
export type PhaseName = Schemas['PhaseName'];
export type Timeline = Schemas['TimelineDto'];
export type TimelineBar = Schemas['TimelineBarDto'];
export type TimelineBucket = Schemas['TimelineBucketDto'];
export type Counters = Schemas['CounterListDto'];
export type Family = Schemas['FamilyDto'];
export type ChildList = Schemas['ChildListDto'];
export type RunList = Schemas['RunListDto'];
export type Run = Schemas['RunDto'];
export type Explanation = Schemas['ExplanationDto'];
export type Artifact = Schemas['ArtifactDto'];
export type Delivery = Schemas['DeliveryDto'];
export type Sample = Schemas['SampleDto'];
export type Queue = Schemas['QueueDto'];
export type Node = Schemas['AgentDto'];
export type Invitation = Schemas['InvitationDto'];
export type NewInvitation = Schemas['NewInvitationDto'];
export type InviteNode = Schemas['InviteNodeDto'];
export type EnrolledNode = Schemas['EnrolledNodeDto'];
export type Session = Schemas['SessionDto'];
export type SubmitJob = Schemas['SubmitJobDto'];
export type FilterValue = Schemas['FilterValueDto'];
export type BulkRequest = Schemas['BulkRequestDto'];
export type BulkPreview = Schemas['BulkPreviewDto'];
export type BulkAction = Schemas['BulkActionDto'];
export type Alarm = Schemas['AlarmViewDto'];
export type NewAlarm = Schemas['AlarmDto'];
export type ActiveAlarm = Schemas['AlarmStateDto'];
export type AlarmFiring = Schemas['AlarmFiringDto'];
export type Silence = Schemas['SilenceViewDto'];
export type NewSilence = Schemas['SilenceDto'];
export type BacktestResult = Schemas['BacktestResultDto'];
export type Overview = Schemas['OverviewDto'];
export type OverviewChange = Schemas['OverviewChangeDto'];
export type ProfileHead = Schemas['ProfileHeadDto'];
export type Comparison = Schemas['ComparisonDto'];
export type Figure = Schemas['FigureDto'];
export type Curves = Schemas['CurvesDto'];
export type Curve = Schemas['CurveDto'];
export type Target = Schemas['ScrapeTargetViewDto'];
export type NewTarget = Schemas['ScrapeTargetDto'];
export type Ability = Schemas['Ability'];
export type Stream = Schemas['Stream'];
export type LogLine = Schemas['LogLineDto'];
export type LogLines = Schemas['LogLinesDto'];
export type LogIndex = Schemas['LogIndexDto'];

/** Something that happened to a job, as `/api/v1/events` tells it. */
export interface JobEvent {
  id: string;
  job_id: string;
  queue: string;
  /** job.<state>, job.retrying, job.released, execution.<what>. */
  type: string;
  at: string;
  data: Record<string, unknown>;
}

/** Every state, in the order of a life. */
export const JOB_STATES = [
  'scheduled',
  'queued',
  'claimed',
  'running',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
  'expired',
] as const satisfies readonly JobState[];

const ENDED: ReadonlySet<JobState> = new Set(['succeeded', 'failed', 'cancelled', 'expired']);
export const hasEnded = (state: JobState): boolean => ENDED.has(state);

/** Every cause of an end. */
export const CAUSES = [
  'exit_code',
  'signal',
  'timeout',
  'silence',
  'output_limit',
  'oom',
  'cancelled',
  'agent_lost',
  'disk_full',
  'spawn_error',
  'expired',
  'dependency_failed',
  'refused',
] as const;
