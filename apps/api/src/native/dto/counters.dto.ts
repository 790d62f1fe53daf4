import { ApiProperty } from '@nestjs/swagger';

/** The types of series. */
const SERIES_TYPES = ['counter', 'gauge'] as const;

/** A series that the job pushed. */
export class CounterSeriesDto {
  /** Its name with its labels. */
  name: string;
  /** counter: a running total. gauge: a level. */
  @ApiProperty({ enum: SERIES_TYPES })
  type: (typeof SERIES_TYPES)[number];
}

/** The series at one time. */
export class CounterReadingDto {
  @ApiProperty({ type: 'string', format: 'date-time' })
  at: string;
  /** A value for each series, in their order. Null: it was not told by then. */
  @ApiProperty({ type: 'array', items: { type: 'number', nullable: true } })
  values: (number | null)[];
}

export class CounterListDto {
  /** By name; the first 40 of a reading are kept. Of readings of different ones, the 100 that were told last. */
  series: CounterSeriesDto[];
  /** Oldest first. */
  readings: CounterReadingDto[];
}
