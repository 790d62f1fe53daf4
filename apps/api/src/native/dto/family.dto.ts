import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, IsOptional, Max, Min } from 'class-validator';
import { CAUSES, JOB_STATES, type Cause, type JobState } from '@drover/domain';
import { IsCursor, IsJobId } from '@drover/http';

/** The most parents of one request. */
const MOST_PARENTS = 20;

export class FamiliesQueryDto {
  /** Ids of parents, comma-separated or repeated; 20 at most. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_PARENTS)
  @IsJobId({ each: true })
  parent: string[];
}

/** The children of a job in numbers. */
export class FamilyDto {
  /** The id of the parent. */
  parent: string;
  /** The name of the parent. Null: it has none, or is not in the record any more. */
  name: string | null;
  /** Children by state; states without one are absent. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  counts: Partial<Record<JobState, number>>;
  total: number;
  /** False: there are more than 10,000, and `counts` are those of the newest 10,000. */
  exact: boolean;
}

export class FamilyListDto {
  /** In the order that was asked for. Jobs without children are left out. */
  families: FamilyDto[];
}

export class ChildrenQueryDto {
  /** Children a page; default 1,000. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(5_000)
  limit?: number;

  /** `next` of the page before. */
  @IsOptional()
  @IsCursor()
  cursor?: string;
}

/** A child of a job, in few words. */
export class ChildDto {
  id: string;
  name: string | null;
  @ApiProperty({ enum: JOB_STATES, enumName: 'JobState' })
  state: JobState;
  @ApiProperty({ enum: CAUSES, enumName: 'Cause', nullable: true })
  cause: Cause | null;
  exit_code: number | null;
  node: string | null;
}

export class ChildListDto {
  /** Newest first. */
  children: ChildDto[];
  /** The cursor of the next page. Null: this was the last. */
  next: string | null;
}
