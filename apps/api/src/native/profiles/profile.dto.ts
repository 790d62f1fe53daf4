import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { IsMoment } from '@drover/http';
import { PageQueryDto } from '../dto/page-query.dto.js';

export class ListProfilesDto extends PageQueryDto {
  /** Exactly this command line. */
  @IsOptional()
  @IsString()
  @Length(1, 100_000)
  command?: string;

  @IsOptional()
  @IsString()
  @Length(1, 200)
  queue?: string;

  @IsOptional()
  @IsString()
  @Length(1, 200)
  owner?: string;

  /** Jobs that ended in this state. */
  @IsOptional()
  @IsString()
  @Length(1, 50)
  outcome?: string;

  /** Ended at this time or later: a time with its zone, or how long ago it was (`90s`, `15m`, `2h`, `7d`, `4w`). */
  @IsOptional()
  @IsMoment()
  finished_after?: string;

  /** Ended before this time; written like `finished_after`. */
  @IsOptional()
  @IsMoment()
  finished_before?: string;

  /** Part of the id, the name or the command. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  q?: string;
}

export class CompareProfilesDto {
  /** The job that is compared. */
  @IsString()
  @Length(1, 1_000)
  job: string;

  /** The profile to compare with. Absent: the median of the last ones of its command. */
  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  with?: string;

  /** How many other runs of its command make the median and the range. Default 10. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(999)
  last?: number;
}

export class ProfileCurvesQueryDto {
  /** The job whose curves are asked for. */
  @IsString()
  @Length(1, 1_000)
  job: string;

  /** The job to compare with. Absent: the median of the last ones of its command. */
  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  with?: string;

  /** How many other runs of its command make the median and the range. Default 10. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(20)
  last?: number;
}

export class SampleDigestDto {
  samples: number;
  cpu_percent_mean: number | null;
  cpu_percent_max: number | null;
  memory_bytes_mean: number | null;
}

/** How a job ran; null is not known. */
export class ProfileSummaryDto {
  /** Seconds from its start to its end. */
  wall_s: number | null;
  cpu_seconds: number | null;
  peak_memory_bytes: number | null;
  read_bytes: number | null;
  write_bytes: number | null;
  samples: SampleDigestDto | null;
}

export class ProfileHeadDto {
  job: string;
  /** The name that its client gave the job. Null: none, or the profile is older than names of profiles. */
  name: string | null;
  command: string;
  size: number;
  queue: string | null;
  owner: string | null;
  node: string | null;
  /** State in which the job ended; null: a job of metric clients or a joined proxy. */
  outcome: string | null;
  cause: string | null;
  exit_code: number | null;
  started_at: string | null;
  finished_at: string;
  summary: ProfileSummaryDto;
}

/** Counter: `value`. Gauge: mean over its contributors, null without data. */
export class ProfileMetricDto {
  name: string;
  doc: string;
  type: 'counter' | 'gauge';
  value: number | null;
  min?: number;
  max?: number;
  hits?: number;
}

export class ProfileDto extends ProfileHeadDto {
  metrics: ProfileMetricDto[];
}

export class ProfileListDto {
  profiles: ProfileHeadDto[];
  /** The cursor of the next page. Null: this was the last one. */
  next: string | null;
}

export class FigureDto {
  name: string;
  /** The value it is compared with. */
  with: number | null;
  job: number | null;
  /** job / with; null where one of them is missing, or `with` is 0. */
  ratio: number | null;
  /** The least of the `runs`; null: none of them has it. */
  low: number | null;
  /** The most of the `runs`. */
  high: number | null;
  /** The unit, where the name of the figure tells it. */
  unit: 'seconds' | 'bytes' | 'percent' | null;
  /** Less of it is better, such as of time, memory and errors; null: nobody can say. */
  better: 'less' | null;
}

export class ComparisonDto {
  job: ProfileHeadDto;
  /** The jobs it is compared with: one, or those whose median is meant. */
  with: string[];
  /** The other job. Null: it is compared with a median. */
  other: ProfileHeadDto | null;
  /** The last other runs of the job's command, newest first: `low` and `high` are theirs. */
  runs: string[];
  figures: FigureDto[];
}

const VALUES = { type: 'array', items: { type: 'number', nullable: true } } as const;

/**
 * One figure over the time since the start. The value at place n is of the step that begins n × `step_s` seconds after
 * it.
 */
export class CurveDto {
  /**
   * cpu_percent, memory_bytes, read_bytes_per_second, write_bytes_per_second, gpu_percent, gpu_memory_bytes, or the
   * name of a series that the job pushed (the first 16 by name).
   */
  name: string;
  unit: 'seconds' | 'bytes' | 'percent' | null;
  /** True: the values are the growth a second of a running total. */
  per_second: boolean;
  /** The job's values: the means of each step. Null: there is no reading. */
  @ApiProperty(VALUES)
  job: (number | null)[];
  /** The other job's, or the median of the `runs`. */
  @ApiProperty(VALUES)
  with: (number | null)[];
  /** The least of the `runs`. */
  @ApiProperty(VALUES)
  low: (number | null)[];
  /** The most of the `runs`. */
  @ApiProperty(VALUES)
  high: (number | null)[];
}

export class CurvesDto {
  /** Seconds a step: at least 1, and so many that there are at most 200 steps. */
  step_s: number;
  /** The other runs of the job's command of which there are readings, newest first. */
  runs: string[];
  /** Empty where no readings are kept: of jobs of metric clients, or of runs that are too long ago. */
  curves: CurveDto[];
}
