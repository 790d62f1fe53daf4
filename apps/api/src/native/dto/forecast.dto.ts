import { ApiProperty } from '@nestjs/swagger';

const SURE = ['well', 'roughly', 'unknown'] as const;

/** When a job that waits will start. */
export class StartForecastDto {
  /** Its place in its queue, from 1. Null: it is in no queue now. */
  position: number | null;
  /** Seconds from now by which half of such jobs start. Null: it is not known. */
  p50_s: number | null;
  /** The same of nine in ten. */
  p90_s: number | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  p50_at: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  p90_at: string | null;
  /**
   * well: from 20 runs or more, on workers that serve this queue alone. roughly: from fewer, or others share the
   * workers. unknown: there is no base.
   */
  @ApiProperty({ enum: SURE, enumName: 'ForecastSureness' })
  sure: (typeof SURE)[number];
  /** Why it is then, and what it is from. */
  sentence: string;
}
