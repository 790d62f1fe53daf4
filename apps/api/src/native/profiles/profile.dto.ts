import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
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

  /** How many make the median. Default 10. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(999)
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
}

export class ComparisonDto {
  job: ProfileHeadDto;
  /** The jobs it is compared with: one, or those whose median is meant. */
  with: string[];
  figures: FigureDto[];
}
