import { ApiProperty } from '@nestjs/swagger';
import {
  CAUSES,
  EXECUTION_STATES,
  JOB_STATES,
  WEBHOOK_FORMATS,
  type Cause,
  type ExecutionState,
  type JobState,
  type WebhookFormat,
} from '@drover/domain';
import { StartForecastDto } from './forecast.dto.js';
import { CronDto, LimitsDto, ResourcesDto, RetryDto } from './submit-job.dto.js';

/** A job. Times are ISO 8601 in UTC; null: it has not come to that. */
export class JobDto {
  id: string;
  queue: string;
  name: string | null;
  /** The command as it was given: a text for the shell or a list. Null: there is nothing for a worker to run. */
  @ApiProperty({ oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }], nullable: true })
  command: string | string[] | null;
  image: string | null;
  @ApiProperty({ enum: JOB_STATES, enumName: 'JobState' })
  state: JobState;
  /** Why it did not succeed: one word of a closed list. */
  @ApiProperty({ enum: CAUSES, enumName: 'Cause', nullable: true })
  cause: Cause | null;
  /** The same as a sentence. */
  cause_detail: string | null;
  exit_code: number | null;
  /** The signal that ended it, e.g. SIGKILL. */
  signal: string | null;
  owner: string;
  /** The project whose members may see it. */
  project: string;
  /** The API through which it came. */
  dialect: string;
  /** Higher runs first. */
  priority: number;
  /** Counted from 1; retries by the policy and by hand count. */
  attempt: number;
  /** Executions that ended with the loss of their node. */
  losses: number;
  /** The node that runs or ran it. */
  node: string | null;
  /** Its present or last execution. */
  execution_id: string | null;
  /** The cron job of which it is a tick. */
  parent_id: string | null;
  depends_on: string[];
  tags: string[];
  @ApiProperty({ type: 'object', additionalProperties: true })
  metadata: Record<string, unknown>;
  cron: CronDto | null;
  workdir: string | null;
  resources: ResourcesDto;
  limits: LimitsDto;
  retry: RetryDto | null;
  artifacts: string[];
  cancel_reason: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' })
  created_at: string;
  /** The job does not start before this time. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  start_at: string | null;
  /**
   * The job has to start before this time. Null: none was asked for, or the job has met it and waits again after it
   * ran.
   */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  expires_at: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  queued_at: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  claimed_at: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  started_at: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  finished_at: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  cancel_requested_at: string | null;
  /** Whether it is kept, with all that belongs to it, however old it is. */
  pinned: boolean;
}

export class ShownWebhookDto {
  url: string;
  @ApiProperty({ enum: JOB_STATES, enumName: 'JobState', isArray: true })
  on: JobState[];
  /** Whether there is a secret; it is never shown. */
  signed: boolean;
  @ApiProperty({ enum: WEBHOOK_FORMATS, enumName: 'WebhookFormat' })
  format: WebhookFormat;
}

/** A job with what lists leave out because it may be large. */
export class JobDetailDto extends JobDto {
  /** Values under names that look like secrets are `***`. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  env: Record<string, string>;
  /** Null also for whoever does not own the job. */
  stdin: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true })
  payload: Record<string, unknown>;
  webhooks: ShownWebhookDto[];
  /** Whether the job's own folder stays on the node after the end. */
  keep_workdir: boolean;
}

export class JobListDto {
  /** Newest first. */
  jobs: JobDto[];
  /** Give it as `cursor` for the next page. Null: this was the last. */
  next: string | null;
}

export class BatchAcceptedDto {
  /** The jobs in the order of the request. */
  ids: string[];
  count: number;
}

/** One claim of a job by an agent. */
export class ExecutionDto {
  id: string;
  job_id: string;
  /** Counts the claims of the job, from 1. */
  epoch: number;
  attempt: number;
  node: string;
  @ApiProperty({ enum: EXECUTION_STATES, enumName: 'ExecutionState' })
  state: ExecutionState;
  phase: string | null;
  @ApiProperty({ enum: CAUSES, enumName: 'Cause', nullable: true })
  cause: Cause | null;
  cause_detail: string | null;
  exit_code: number | null;
  signal: string | null;
  pid: number | null;
  container_id: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' })
  claimed_at: string;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  spawned_at: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  first_byte_at: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  exited_at: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  finished_at: string | null;
  /** Stored bytes. */
  stdout_bytes: number;
  stderr_bytes: number;
  /** Hex, as the agent reported it at the end. */
  stdout_sha256: string | null;
  stderr_sha256: string | null;
  /** Every byte the agent says the job wrote is stored. Null until the end. */
  log_complete: boolean | null;
  /** Bytes of output that were not kept because the quota of the project was used up. */
  log_dropped: number;
}

export class ExecutionListDto {
  /** Oldest first. */
  executions: ExecutionDto[];
}

/** How a job ended. */
export class ResultDto {
  id: string;
  @ApiProperty({ enum: JOB_STATES, enumName: 'JobState' })
  state: JobState;
  @ApiProperty({ enum: CAUSES, enumName: 'Cause', nullable: true })
  cause: Cause | null;
  cause_detail: string | null;
  exit_code: number | null;
  signal: string | null;
  attempt: number;
  node: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  started_at: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  finished_at: string | null;
  /** Seconds between those two. */
  duration_s: number | null;
  /** Null: it never ran. */
  execution: ExecutionDto | null;
  /** How many artifacts it left. */
  artifacts: number;
}

export class ReasonDto {
  /** One word, for programs. */
  code: string;
  /** One sentence, for people. */
  message: string;
  /** The remedy, if there is one. */
  remedy: string | null;
}

/** Why a job is not running yet, or why it ended as it did. */
export class ExplanationDto {
  job_id: string;
  @ApiProperty({ enum: JOB_STATES, enumName: 'JobState' })
  state: JobState;
  /** One sentence. */
  summary: string;
  /** The reasons why it waits, the most important first. */
  reasons: ReasonDto[];
  /** When it will start. Null: it does not wait. */
  @ApiProperty({ type: () => StartForecastDto, nullable: true })
  start: StartForecastDto | null;
}

/** One reading of the job's whole process tree. */
export class SampleDto {
  /** Null: sent from outside for an observed job. */
  execution_id: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' })
  at: string;
  /** 100 = one core busy. */
  cpu_percent: number | null;
  memory_bytes: number | null;
  /** Running totals. */
  read_bytes: number | null;
  write_bytes: number | null;
  cpu_seconds: number | null;
  processes: number | null;
  gpu_percent: number | null;
  gpu_memory_bytes: number | null;
}

export class SampleListDto {
  /** Oldest first. */
  samples: SampleDto[];
}
