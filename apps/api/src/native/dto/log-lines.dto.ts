import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { STREAMS, type Stream } from '@drover/domain';
import { IsInstant, IsJobId } from '@drover/http';

const LOG_STATES = ['waiting', 'live', 'complete', 'incomplete'] as const;
type LogState = (typeof LOG_STATES)[number];
const GAPS = ['quota', 'lost', 'incomplete'] as const;

export class LogViewQueryDto {
  /** One stream. Absent: both, in the order in which they were stored. */
  @IsOptional()
  @IsIn(STREAMS)
  @ApiPropertyOptional({ enum: STREAMS, enumName: 'Stream' })
  stream?: Stream;

  /** The id of an earlier execution. Absent: the present or last one. */
  @IsOptional()
  @IsJobId()
  execution?: string;
}

export class LogLinesQueryDto extends LogViewQueryDto {
  // The plugin that reads doc comments leaves out a field with a limit below 0, so its description stands here.
  @ApiPropertyOptional({
    type: 'integer',
    minimum: -1_000_000,
    description: 'The first line, from 1. Below 0: so many lines before the end. Default 1.',
  })
  @IsOptional()
  @IsInt()
  @Min(-1_000_000)
  @Max(Number.MAX_SAFE_INTEGER)
  from?: number;

  /** Begin with the line that holds this byte of the view, instead of `from`. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  offset?: number;

  /** Begin with the first line of this time or later, instead of `from`. ISO 8601 with its zone. */
  @IsOptional()
  @IsInstant()
  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  at?: string;

  /** Lines at most. Fewer come where their texts are longer than 4 MiB together. Default 200. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(5_000)
  count?: number;
}

export class LogIndexQueryDto extends LogViewQueryDto {
  /** Points at most, of each stream. Default 200. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_000)
  points?: number;
}

/** One line of a view of a log. */
export class LogLineDto {
  /** From 1, in the view that was asked for. */
  number: number;
  /** When its first byte was seen, by the agent's clock. */
  @ApiProperty({ type: 'string', format: 'date-time' })
  at: string;
  @ApiProperty({ enum: STREAMS, enumName: 'Stream' })
  stream: Stream;
  /** Its first byte in the view that was asked for. */
  offset: number;
  /** Its first byte in its stream, as `GET …/logs?stream=&offset=` counts. */
  stream_offset: number;
  /** Bytes, with the newline. */
  bytes: number;
  /** The line without its newline; of a long one the first 8,192 bytes. Bytes that are no UTF-8 are replaced. */
  text: string;
  /** True: the text is not the whole line. */
  cut: boolean;
  /** False: it has no newline yet, and may go on. */
  ended: boolean;
}

/** Lines of a log. */
export class LogLinesDto {
  /** The execution whose log it is; null while the job has not run. */
  execution_id: string | null;
  /** waiting: the job has not run. live: more may come. complete, incomplete: the execution has ended. */
  @ApiProperty({ enum: LOG_STATES, enumName: 'LogState' })
  state: LogState;
  lines: LogLineDto[];
  /** The line to go on with (`from`). Null: nothing more is stored. */
  next: number | null;
  /** Lines of the view that are stored. */
  total: number;
}

/** A place in a view: the line, the byte and the time at which a piece of the log begins. */
export class LogPointDto {
  /** The number of the line with the piece's first byte, from 1. */
  line: number;
  offset: number;
  @ApiProperty({ type: 'string', format: 'date-time' })
  at: string;
}

/** A place where output is missing. */
export class LogGapDto {
  /** Null: it is not known which. */
  @ApiProperty({ enum: STREAMS, enumName: 'Stream', nullable: true })
  stream: Stream | null;
  /** The byte of the stream after the last that is stored; null where the stream is not known. */
  offset: number | null;
  /** Bytes that are missing; null: not known. */
  bytes: number | null;
  /** quota: dropped, the project may keep no more. lost: the agent went away. incomplete: the agent wrote other bytes. */
  @ApiProperty({ enum: GAPS, enumName: 'LogGapReason' })
  reason: (typeof GAPS)[number];
}

/** One stream of an execution. */
export class LogStreamDto {
  @ApiProperty({ enum: STREAMS, enumName: 'Stream' })
  stream: Stream;
  bytes: number;
  lines: number;
  /** The SHA-256 that the agent reported at the end, hexadecimal; null before. */
  sha256: string | null;
}

/** How much a log holds, and where its parts are. */
export class LogIndexDto {
  /** The execution whose log it is; null while the job has not run. */
  execution_id: string | null;
  @ApiProperty({ enum: LOG_STATES, enumName: 'LogState' })
  state: LogState;
  /** Lines of the view. */
  lines: number;
  /** Bytes of the view. */
  bytes: number;
  /** When its first piece was seen; null while there is none. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  first_at: string | null;
  /** When its last piece was seen; null while there is none. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  last_at: string | null;
  /** Both streams, whichever was asked for. */
  streams: LogStreamDto[];
  /** Places about evenly over the bytes, for scroll bars and charts. */
  points: LogPointDto[];
  gaps: LogGapDto[];
}
