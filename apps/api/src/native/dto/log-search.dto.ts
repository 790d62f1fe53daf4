import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { LogViewQueryDto } from './log-lines.dto.js';

const PRESETS = ['errors'] as const;

/** One of `q`, `regex` and `preset`. */
export class LogSearchQueryDto extends LogViewQueryDto {
  /** A text to find, byte by byte. Colour sequences are part of a line. */
  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  @Matches(/^[^\n]*$/, { message: 'must not hold a newline: lines are searched one by one' })
  q?: string;

  /**
   * A regular expression in the syntax of RE2, tried on each line without its newline. No back references and no look
   * around: it takes a time in proportion to the log, whatever it is.
   */
  @IsOptional()
  @IsString()
  @Length(1, 500)
  regex?: string;

  /** errors: lines with words such as error, fatal, exception, traceback or failed. With `limit=1` the first error. */
  @IsOptional()
  @IsIn(PRESETS)
  @ApiPropertyOptional({ enum: PRESETS, enumName: 'LogSearchPreset' })
  preset?: (typeof PRESETS)[number];

  /** Upper and lower case are the same. Default false. */
  @IsOptional()
  @IsBoolean()
  ignore_case?: boolean;

  /** Lines to show before each hit. Default 0. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  before?: number;

  /** Lines to show after each hit. Default 0. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  after?: number;

  /** The first line to search, from 1. Default 1. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  from?: number;

  /** Hits at most. Default 1,000. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  limit?: number;

  /** True: goes on with new lines until the execution has ended. Default false. */
  @IsOptional()
  @IsBoolean()
  follow?: boolean;
}
