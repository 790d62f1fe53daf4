import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { CAUSES, JOB_STATES, type Cause, type JobState } from '@drover/domain';
import { IsCursor, IsJobId, IsMoment } from '@drover/http';

/** The jobs of a list, a count or an action: those that all of these fit. */
export class JobFilterDto {
  /** Jobs in one of these states; in a query comma-separated or repeated. */
  @IsOptional()
  @IsArray()
  @IsIn(JOB_STATES, { each: true })
  @ApiPropertyOptional({ enum: JOB_STATES, enumName: 'JobState', isArray: true })
  state?: JobState[];

  @IsOptional()
  @IsString()
  @Length(1, 200)
  queue?: string;

  /** Jobs that run or ran on this node. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  node?: string;

  @IsOptional()
  @IsString()
  @Length(1, 200)
  owner?: string;

  /** Jobs with all of these tags; in a query comma-separated or repeated. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @Length(1, 200, { each: true })
  tag?: string[];

  /** Jobs that ended for one of these causes; in a query comma-separated or repeated. */
  @IsOptional()
  @IsArray()
  @IsIn(CAUSES, { each: true })
  @ApiPropertyOptional({ enum: CAUSES, enumName: 'Cause', isArray: true })
  cause?: Cause[];

  /** Jobs that ended with this exit code. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  exit?: number;

  /** Jobs that came through this API: `native`, or the name of a dialect. */
  @IsOptional()
  @IsString()
  @Length(1, 50)
  dialect?: string;

  /** Jobs of exactly this name. */
  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  name?: string;

  /** Children of this job: ticks of a cron job, and jobs that were submitted with it as `parent_id`. */
  @IsOptional()
  @IsJobId()
  parent?: string;

  /** Created at this time or later: a time with its zone, or how long ago it was (`90s`, `15m`, `2h`, `7d`, `4w`). */
  @IsOptional()
  @IsMoment()
  created_after?: string;

  /** Created before this time; written like `created_after`. */
  @IsOptional()
  @IsMoment()
  created_before?: string;

  /** The last attempt began at this time or later; written like `created_after`. */
  @IsOptional()
  @IsMoment()
  started_after?: string;

  /** The last attempt began before this time; written like `created_after`. */
  @IsOptional()
  @IsMoment()
  started_before?: string;

  /** Ended at this time or later; written like `created_after`. */
  @IsOptional()
  @IsMoment()
  finished_after?: string;

  /** Ended before this time; written like `created_after`. */
  @IsOptional()
  @IsMoment()
  finished_before?: string;

  /** Part of the id, the name or the command. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  q?: string;
}

/** A page of jobs. */
export class ListJobsDto extends JobFilterDto {
  /** Jobs a page. Default 50; a page of large jobs may hold fewer. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit?: number;

  /** The `next` of the page before. */
  @IsOptional()
  @IsCursor()
  cursor?: string;
}

/** How many jobs a filter fits. */
export class JobCountDto {
  count: number;
  /**
   * False: there are at least so many. It was not counted further: the bound of 100,000 was reached, or 0.3 s were
   * over.
   */
  exact: boolean;
}
