import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { STREAMS, type Stream } from '@drover/domain';
import { IsInstant, IsJobId } from '@drover/http';

export class LogsQueryDto {
  /** One stream. Absent: both, in the order in which the agent saw them. */
  @IsOptional()
  @IsIn(STREAMS)
  @ApiPropertyOptional({ enum: STREAMS, enumName: 'Stream' })
  stream?: Stream;

  /** First byte; needs `stream`. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  offset?: number;

  /** The last so many lines. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  tail?: number;

  /** True: follows the log as server-sent events until the job has ended. */
  @IsOptional()
  @IsBoolean()
  follow?: boolean;

  /** The id of an earlier execution. Absent: the present or last one. */
  @IsOptional()
  @IsJobId()
  execution?: string;

  /** With `follow`: goes on with the executions after that one (retries, lost nodes). Default true. */
  @IsOptional()
  @IsBoolean()
  next?: boolean;
}

export class VerifyLogsDto {
  /** The id of an earlier execution. Absent: the present or last one. */
  @IsOptional()
  @IsJobId()
  execution?: string;
}

export class SamplesQueryDto {
  /** Only samples from this time on. ISO 8601 with its zone. */
  @IsOptional()
  @IsInstant()
  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  from?: string;

  /** Only samples up to this time. ISO 8601 with its zone. */
  @IsOptional()
  @IsInstant()
  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  to?: string;

  /** Default 1000; of more the newest are given. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  limit?: number;
}

export class EventsQueryDto {
  /** Only events of this queue. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  queue?: string;

  /**
   * Begin after this event's id; `0` is the oldest event kept. Absent: with what happens from now on. The header
   * Last-Event-ID goes before it.
   */
  @IsOptional()
  @IsString()
  @Length(1, 50)
  after?: string;
}

export class AgentsQueryDto {
  /** Only agents that serve this queue. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  queue?: string;
}
