import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { JOB_STATES, WEBHOOK_FORMATS, type JobState, type WebhookFormat } from '@drover/domain';
import {
  IsCommand,
  IsCron,
  IsEnvironment,
  IsFreeObject,
  IsInstant,
  IsJobId,
  IsQueueName,
  IsRelativeGlob,
  IsWebUrl,
  Nested,
} from '@drover/http';
import { LIMITS } from '@drover/jobs';

/** Seconds. A year: what runs longer is a service. */
const LONGEST_S = 31_536_000;

/** The demands of a job on its node. Absent: no demand, one slot. */
export class ResourcesDto {
  /** Nodes, all at once. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  nodes?: number;

  /** Processes over all nodes. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  tasks?: number;

  /** Processors of each task. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  cpus_per_task?: number;

  /** GPUs of each task. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000)
  gpus_per_task?: number;

  /** Memory in MiB. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  memory_mb?: number;

  /** Alone on its node. */
  @IsOptional()
  @IsBoolean()
  exclusive?: boolean;
}

/** Limits of one execution. Absent: unlimited. */
export class LimitsDto {
  /** Seconds from the start of the process until it is ended with cause `timeout`. */
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0.001)
  @Max(LONGEST_S)
  runtime_s?: number;

  /** Longest time without a byte of output, seconds; then cause `silence`. */
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0.001)
  @Max(LONGEST_S)
  silence_s?: number;

  /** Bytes of both streams together; then cause `output_limit`. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  output_bytes?: number;

  /** Seconds from TERM to KILL. Default 10. */
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0)
  @Max(3_600)
  grace_s?: number;
}

/** Automatic retries after a failed attempt. The loss of a node never counts as one. */
export class RetryDto {
  /** How many attempts may follow the first. */
  @IsInt()
  @Min(0)
  @Max(LIMITS.retry_max)
  max: number;

  /** Seconds before the first retry. Default 1. */
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0)
  @Max(86_400)
  backoff_s?: number;

  /** Each further wait is this many times longer (at most a day). Default 2. */
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(1)
  @Max(100)
  factor?: number;
}

/** A URL that is told when the job reaches one of the states. */
export class WebhookDto {
  /** http or https. */
  @IsWebUrl()
  url: string;

  /** States that are told. Default: the four ends. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(JOB_STATES.length)
  @IsIn(JOB_STATES, { each: true })
  @ApiPropertyOptional({ enum: JOB_STATES, enumName: 'JobState', isArray: true })
  on?: JobState[];

  /** Key of the HMAC in the header X-Drover-Signature. Never shown again. */
  @IsOptional()
  @IsString()
  @Length(1, 500)
  secret?: string;

  /**
   * json: the message itself. cloudevents: a CloudEvent 1.0 (structured, application/cloudevents+json) with the message
   * as its data. Default: json.
   */
  @IsOptional()
  @IsIn(WEBHOOK_FORMATS)
  @ApiPropertyOptional({ enum: WEBHOOK_FORMATS, enumName: 'WebhookFormat' })
  format?: WebhookFormat;
}

/** A cron pattern with its time zone. */
export class CronDto {
  /** Five fields, or six with seconds first. */
  pattern: string;
  /** IANA name, e.g. Europe/Berlin. */
  timezone: string;
}

/** A job to run. */
export class SubmitJobDto {
  /** Id of your own: a UUID in lower case. Default: made by Drover. */
  @IsOptional()
  @IsJobId()
  id?: string;

  /** The line in which it waits. Default `default`. */
  @IsOptional()
  @IsQueueName()
  queue?: string;

  /** A text for people. */
  @IsOptional()
  @IsString()
  @MaxLength(LIMITS.name_length)
  name?: string;

  /**
   * A text is run by `/bin/sh -c`; a list is executed as it is. May be absent only with a `payload`, for an HTTP-pull
   * agent.
   */
  @IsOptional()
  @IsCommand()
  @ApiPropertyOptional({ oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] })
  command?: string | string[];

  /** Runs in a container of this image. */
  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  image?: string;

  /** Environment of the job. */
  @IsOptional()
  @IsEnvironment()
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } })
  env?: Record<string, string>;

  /** Relative to the job's own folder, or absolute. Default: that folder. */
  @IsOptional()
  @IsString()
  @Length(1, 4_096)
  workdir?: string;

  /** Standard input. Default: nothing. */
  @IsOptional()
  @IsString()
  stdin?: string;

  @IsOptional()
  @Nested(() => ResourcesDto)
  resources?: ResourcesDto;

  @IsOptional()
  @Nested(() => LimitsDto)
  limits?: LimitsDto;

  @IsOptional()
  @Nested(() => RetryDto)
  retry?: RetryDto;

  /** Higher runs first. Default 0. */
  @IsOptional()
  @IsInt()
  @Min(LIMITS.priority_min)
  @Max(LIMITS.priority_max)
  priority?: number;

  /** The job does not start before this time. ISO 8601 with its zone. */
  @IsOptional()
  @IsInstant()
  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  start_at?: string;

  /** Repeats: each tick makes a child job (its `parent_id` is this one). A text is in UTC. */
  @IsOptional()
  @IsCron()
  @ApiPropertyOptional({ oneOf: [{ type: 'string' }, { $ref: '#/components/schemas/CronDto' }] })
  cron?: string | { pattern: string; timezone?: string };

  /**
   * Ends as `expired` if it has not started by then. A job that has run has met it: it no longer expires when its node
   * is lost or it is tried again. ISO 8601 with its zone.
   */
  @IsOptional()
  @IsInstant()
  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  expires_at?: string;

  /** true: it is kept, with all that belongs to it, however old it is. */
  @IsOptional()
  @IsBoolean()
  pinned?: boolean;

  /** Starts when all of these jobs have succeeded; fails with cause `dependency_failed` if one ends otherwise. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIMITS.depends_on)
  @IsJobId({ each: true })
  depends_on?: string[];

  /**
   * The job that this one is a part of: both are shown as a family, and `parent` finds its jobs. It changes neither
   * when the job starts nor what becomes of it. A job that you may not see is one that does not exist.
   */
  @IsOptional()
  @IsJobId()
  parent_id?: string;

  /** A name to find the job again. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIMITS.tags)
  @IsString({ each: true })
  @Length(1, LIMITS.tag_length, { each: true })
  tags?: string[];

  /** Yours; Drover only keeps it. */
  @IsOptional()
  @IsFreeObject()
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  metadata?: Record<string, unknown>;

  /** Files to keep: globs relative to the working directory. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIMITS.artifacts)
  @IsRelativeGlob({ each: true })
  artifacts?: string[];

  /** Keep the job's own folder on the node after the end. */
  @IsOptional()
  @IsBoolean()
  keep_workdir?: boolean;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIMITS.webhooks)
  @Nested(() => WebhookDto, { each: true })
  webhooks?: WebhookDto[];

  /** Opaque, for HTTP-pull agents. */
  @IsOptional()
  @IsFreeObject()
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  payload?: Record<string, unknown>;
}

/** Jobs that are taken all or none. */
export class SubmitBatchDto {
  /** 1 to 10,000 jobs. They may depend on each other when you choose their ids. */
  @IsArray()
  @ArrayMaxSize(LIMITS.batch_jobs)
  @Nested(() => SubmitJobDto, { each: true })
  jobs: SubmitJobDto[];
}

export class CancelJobDto {
  /** Why; it is kept as the job's `cause_detail`. */
  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  reason?: string;
}
