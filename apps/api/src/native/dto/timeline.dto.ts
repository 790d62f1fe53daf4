import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { JOB_STATES, type JobState } from '@drover/domain';
import { IsMoment } from '@drover/http';

export class TimelineQueryDto {
  /**
   * The begin of the period: a time with its zone, or how long ago it was, e.g. `2h`. Default 1h. At most 366 days
   * before `to`.
   */
  @IsOptional()
  @IsMoment()
  @ApiPropertyOptional({ type: 'string' })
  from?: string;

  /** The end of the period; written like `from`. Default now. */
  @IsOptional()
  @IsMoment()
  @ApiPropertyOptional({ type: 'string' })
  to?: string;

  /** Only jobs of this queue. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  queue?: string;

  /** Only this node. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  node?: string;
}

/** A node with a lane for each slot. */
export class TimelineNodeDto {
  name: string;
  /** Its slots by now; 0: it is not known any more. */
  slots: number;
}

/** The job of a bar. */
export class BarJobDto {
  id: string;
  execution_id: string;
  name: string | null;
  owner: string;
  queue: string;
  attempt: number;
  /** The exit code of the execution. */
  exit_code: number | null;
  /** The state of the job by now. */
  @ApiProperty({ enum: JOB_STATES, enumName: 'JobState' })
  state: JobState;
}

/** An execution. */
export class TimelineBarDto {
  node: string;
  /**
   * The lane, from 1: the lowest that was free. Workers do not number their slots, so another period may number them
   * differently.
   */
  slot: number;
  /** When a node took the job. */
  @ApiProperty({ type: 'string', format: 'date-time' })
  from: string;
  /** Null: it runs. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  to: string | null;
  /** When one that runs will end: the median of the runs of its queue that took longer than it has. Null: not known. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  expected_end: string | null;
  /** running, succeeded, or the cause of its end. */
  outcome: string;
  /** Null: it belongs to another project. */
  job: BarJobDto | null;
}

/** The executions of a node that began in one part of the period. */
export class TimelineBucketDto {
  node: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  from: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  to: string;
  /** Their number by outcome: running, succeeded, or a cause. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  outcomes: Record<string, number>;
  /** The time they ran, as a number of slots that were busy all along. */
  busy: number;
  /** True: the numbers are reckoned from the newest 300 of all nodes. */
  estimated: boolean;
}

/** A time in which a node took no work. */
export class NodePeriodDto {
  node: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  from: string;
  /** Null: it takes none still, or nothing is known of its return. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  to: string | null;
}

/** A time in which a node was lost. */
export class LostPeriodDto extends NodePeriodDto {}

/** Everything that ran in a period, by nodes and slots. */
export class TimelineDto {
  @ApiProperty({ type: 'string', format: 'date-time' })
  from: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  to: string;
  /** By name: those that are online, and those with something to show. */
  nodes: TimelineNodeDto[];
  /** The executions, oldest first. Null: there are more than 2,000, and `buckets` has them in numbers. */
  @ApiProperty({ type: () => [TimelineBarDto], nullable: true })
  bars: TimelineBarDto[] | null;
  /** 60 parts of the period, those without an execution left out. Empty where there are bars. */
  buckets: TimelineBucketDto[];
  /** Times in which nodes were lost, up to their next execution. */
  lost: LostPeriodDto[];
  /** Times in which nodes were drained; of each node the last 100. */
  drained: NodePeriodDto[];
  /** Since when nodes are offline that said that they go. */
  offline: NodePeriodDto[];
}
