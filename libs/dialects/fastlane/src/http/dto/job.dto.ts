import { ApiProperty } from '@nestjs/swagger';

export class LinkDto {
  id: string;
  url: string;
}

/** One run of a job. Times: ISO 8601 in UTC without a zone. */
export class FastlaneExecutionDto {
  executionId: string;
  createdAt: string;
  requestIPAddress: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  image: string;
  command: string;
  /** enqueued, pulling, running, done, failed, timedout, expired, stopped */
  status: string;
  exitCode: number | null;
  /** Standard output; null before the end. */
  log: string | null;
  /** Standard error, and why the execution ended where that is not in it; null before the end. */
  error: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true })
  metadata: Record<string, unknown>;
}

export class ListedExecutionDto extends FastlaneExecutionDto {
  url: string;
}

export class FastlaneJobDto {
  taskId: string;
  createdAt: string;
  lastModifiedAt: string;
  /** True: the job has an active cron. */
  scheduled: boolean;
  executionCount: number;
  image: string;
  command: string;
  requestIPAddress: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true })
  metadata: Record<string, unknown>;
  /** The last 20 runs, the newest first. */
  executions: ListedExecutionDto[];
}

export class JobDetailsDto {
  task: LinkDto;
  job: FastlaneJobDto;
}

export class ExecutionDetailsDto {
  execution: FastlaneExecutionDto;
  job: LinkDto;
  task: LinkDto;
}

export class StoppedExecutionDto {
  execution: LinkDto;
  job: LinkDto;
  task: LinkDto;
}

/** The answer to a stop or a retry. */
export class JobActionDto {
  taskId: string;
  jobId: string;
  jobUrl: string;
  taskUrl: string;
}
