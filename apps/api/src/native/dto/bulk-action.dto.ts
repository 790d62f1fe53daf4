import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { BULK_ACTIONS, BULK_STATES, type BulkActionKind, type BulkState } from '@drover/domain';
import { IsJobId, Nested } from '@drover/http';
import { LIMITS } from '@drover/jobs';
import { JobFilterDto } from './job-filter.dto.js';
import { JobDto } from './job.dto.js';

/** A change of many jobs: of those that a filter fits, or of those with these ids. */
export class BulkRequestDto {
  /** cancel and retry as for one job; priority and tags change jobs as they are. */
  @IsIn(BULK_ACTIONS)
  @ApiProperty({ enum: BULK_ACTIONS, enumName: 'BulkActionKind' })
  action: BulkActionKind;

  /**
   * The jobs, by the filters of the list. Without `state` a cancel means jobs that have not ended, a retry those that
   * failed, expired or were cancelled, a priority those that wait.
   */
  @IsOptional()
  @Nested(() => JobFilterDto)
  filter?: JobFilterDto;

  /** The jobs, by their ids: 1 to 10,000. Give these or a filter. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @IsJobId({ each: true })
  ids?: string[];

  /** Why, for a cancel. */
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  reason?: string;

  /** The new priority; higher runs first. */
  @IsOptional()
  @IsInt()
  @Min(LIMITS.priority_min)
  @Max(LIMITS.priority_max)
  priority?: number;

  /** The tags that are given or taken away. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(LIMITS.tags)
  @Length(1, LIMITS.tag_length, { each: true })
  @ApiPropertyOptional({ type: [String] })
  tags?: string[];
}

/** The jobs that a bulk action would be about. */
export class BulkPreviewDto {
  count: number;
  /** False: there are at least so many. */
  exact: boolean;
  /** Up to three of them: the newest, or the first of `ids`. */
  examples: JobDto[];
}

/** Jobs that were left as they were, for one reason. */
export class SkippedDto {
  /** One sentence. */
  reason: string;
  count: number;
  /** Ids of up to five of them. */
  examples: string[];
}

/** A change of many jobs, and how far it has got. */
export class BulkActionDto {
  id: string;
  @ApiProperty({ enum: BULK_ACTIONS, enumName: 'BulkActionKind' })
  action: BulkActionKind;
  /** running: it goes on. done: every job was looked at. cancelled: it was stopped. failed: `problem` says why. */
  @ApiProperty({ enum: BULK_STATES, enumName: 'BulkState' })
  state: BulkState;
  problem: string | null;
  owner: string;
  project: string;
  /** The jobs that there were when it was asked for. */
  matched: number;
  /** False: there were at least so many. */
  matched_exact: boolean;
  /** Jobs that were changed. */
  done: number;
  /** Jobs that were left as they were. */
  skipped: number;
  /** Why they were, by reason. */
  reasons: SkippedDto[];
  @ApiProperty({ type: 'string', format: 'date-time' })
  created_at: string;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  finished_at: string | null;
}

export class BulkActionListDto {
  /** Newest first. */
  actions: BulkActionDto[];
  /** Give it as `cursor` for the next page. Null: this was the last. */
  next: string | null;
}
