import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsNumber, IsOptional, Max, Min } from 'class-validator';
import { AlarmDto } from './alarm.dto.js';

const EVIDENCE = ['samples', 'counters', 'profile'] as const;

/** An alarm to try against the past; the fields are those of an alarm, and nothing is stored. */
export class BacktestDto extends AlarmDto {
  /** How far to look back, seconds. Default 30 days. */
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(60)
  @Max(31_536_000)
  window_s?: number;

  /** So many jobs are given with their readings, for a chart. Default 0. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(50)
  series?: number;
}

export class BacktestPointDto {
  @ApiProperty({ type: 'string', format: 'date-time' })
  at: string;
  value: number;
}

/** A time during which the alarm would have fired. */
export class BacktestFiringDto {
  /** The job's id. */
  job: string;
  /**
   * samples: the use that was read while the job ran. counters: what it pushed meanwhile. profile: these are gone, or
   * the metric has none; the value at its end.
   */
  @ApiProperty({ enum: EVIDENCE, enumName: 'BacktestEvidence' })
  evidence: (typeof EVIDENCE)[number];
  /** False: the condition held at some time of the job; it is not known when, nor for how long. */
  certain: boolean;
  /** The condition held from here on; the job's start where that is not known. */
  @ApiProperty({ type: 'string', format: 'date-time' })
  active_at: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  fired_at: string;
  /** Null: it fires still. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  ended_at: string | null;
  /** How long it would have fired, or has fired until now; null where that is not known. */
  seconds: number | null;
  /** The value at which it fired; null: it fired because there was none. */
  value: number | null;
  /** Readings around it for a chart, at most about 60. */
  points: BacktestPointDto[];
}

/** One job that the alarm would have looked at. */
export class BacktestJobDto {
  /** The job's id. */
  job: string;
  /** Null: it has none, or is gone. */
  name: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' })
  from: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  to: string;
  @ApiProperty({ enum: EVIDENCE, enumName: 'BacktestEvidence' })
  evidence: (typeof EVIDENCE)[number];
  /** Readings of the metric. */
  readings: number;
  /** Null: there is no reading. */
  min: number | null;
  /** Null: there is no reading. */
  max: number | null;
  /** How often it would have fired. */
  fired: number;
}

/** The readings of one job, thinned out to at most 120, every peak among them; of a profile its one value. */
export class BacktestSeriesDto {
  /** The job's id. */
  job: string;
  /** Null: it has none, or is gone. */
  name: string | null;
  @ApiProperty({ enum: EVIDENCE, enumName: 'BacktestEvidence' })
  evidence: (typeof EVIDENCE)[number];
  @ApiProperty({ type: 'string', format: 'date-time' })
  from: string;
  /** How often it would have fired. */
  fired: number;
  /** When each value was read, seconds after `from`. */
  offsets_s: number[];
  values: number[];
}

/** How an alarm would have fired. */
export class BacktestResultDto {
  @ApiProperty({ type: 'string', format: 'date-time' })
  from: string;
  @ApiProperty({ type: 'string', format: 'date-time' })
  to: string;
  /**
   * Samples of the metric are kept since then. Null: it has none, only what jobs pushed and the values that profiles
   * keep.
   */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  samples_since: string | null;
  /** How often it would have fired. */
  fired: number;
  /** On how many jobs. */
  fired_jobs: number;
  /** Jobs with the metric that were looked at. */
  jobs: number;
  /** Samples and pushed values that were looked at. */
  readings: number;
  /** The answer in a sentence, and what it does not know. */
  summary: string;
  /** True: there were more jobs (2,000), samples (500,000), firings (500) or time (15 s) than are looked at. */
  truncated: boolean;
  /** At most 500. */
  firings: BacktestFiringDto[];
  /** At most 200 jobs; those on which it fired come before others. */
  seen: BacktestJobDto[];
  /**
   * The readings of so many jobs as were asked for, in the order in which they were looked at; jobs on which it fired
   * take the places of others.
   */
  series: BacktestSeriesDto[];
}
