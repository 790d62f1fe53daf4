import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { QUOTAS, type Quota } from '@drover/domain';

/** A number for each quota. */
export class QuotaValuesDto {
  /** Jobs that have not started. */
  waiting_jobs: number;
  /** Bytes of output kept, before compression. */
  log_bytes: number;
  /** Artifacts kept. */
  artifacts: number;
  /** Bytes of artifacts kept. */
  artifact_bytes: number;
  /** Series of metrics that clients tell at this time. */
  series: number;
}

export class ProjectDto {
  name: string;
  /** The use at this moment. */
  usage: QuotaValuesDto;
  /** The most it may have; 0: no limit. */
  quotas: QuotaValuesDto;
  /** Quotas that were set for this project; the others are those of the settings. */
  @ApiProperty({ enum: QUOTAS, isArray: true })
  @IsIn(QUOTAS, { each: true })
  own: Quota[];
}

export class ProjectListDto {
  /** All of them, in the order of their names. */
  projects: ProjectDto[];
}

const about = (text: string): PropertyDecorator =>
  ApiPropertyOptional({ type: 'integer', minimum: 0, nullable: true, description: text });
const MOST = Number.MAX_SAFE_INTEGER;

/**
 * Quotas of a project. A number sets one, 0 takes its limit away, null gives back that of the settings; one that is
 * absent stays.
 */
export class ProjectQuotasDto {
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST)
  @about('Jobs that have not started')
  waiting_jobs?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST)
  @about('Bytes of output kept, before compression')
  log_bytes?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST)
  @about('Artifacts kept')
  artifacts?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST)
  @about('Bytes of artifacts kept')
  artifact_bytes?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST)
  @about('Series of metrics that clients tell at the same time')
  series?: number | null;
}
