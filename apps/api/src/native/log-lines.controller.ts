import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { invalid, STREAMS, type Stream } from '@drover/domain';
import { Needs, ApiProblems, Valid } from '@drover/http';
import { QueryService } from '@drover/jobs';
import { LineReader, type LinesFrom } from '@drover/live';
import type { StoredExecution } from '@drover/store';
import {
  LogIndexDto,
  LogIndexQueryDto,
  LogLinesDto,
  LogLinesQueryDto,
  type LogGapDto,
  type LogStreamDto,
} from './dto/log-lines.dto.js';
import { executionOf, logStateOf } from './execution-of.js';
import { JobId } from './job-id.pipe.js';

const DEFAULT_LINES = 200;
const DEFAULT_POINTS = 200;
/** Bytes of a line that an answer holds. */
const TEXT_BYTES = 8_192;

@ApiTags('logs')
@Needs('read')
@Controller('api/v1/jobs/:id/logs')
export class LogLinesController {
  constructor(
    private readonly query: QueryService,
    private readonly reader: LineReader,
  ) {}

  /**
   * Reads lines of a log by number, byte or time
   *
   * From a line on (`from`; below 0 from the end), from the line that holds a byte (`offset`), or from the first line
   * of a time (`at`). It takes as long for the last line of 1 GB as for the first. A line ends with its newline; in the
   * view of both streams also where the other stream begins, so that each line is of one stream.
   */
  @Get('lines')
  @ApiOkResponse({ type: LogLinesDto, description: 'The lines' })
  @ApiProblems(404, 409, 422)
  async lines(@Param('id', JobId) id: string, @Query(Valid) query: LogLinesQueryDto): Promise<LogLinesDto> {
    const from = fromOf(query);
    const execution = await executionOf(this.query, await this.query.get(id), query.execution);
    if (!execution) return { execution_id: null, state: 'waiting', lines: [], next: null, total: 0 };
    const stream = query.stream ?? null;
    const lines = await this.reader.lines(execution, stream, from, query.count ?? DEFAULT_LINES, TEXT_BYTES);
    const { lines: total } = await this.reader.extent(execution, stream);
    const last = lines.at(-1)?.number;
    return {
      execution_id: execution.id,
      state: logStateOf(execution),
      lines: lines.map(({ at, ...line }) => ({ ...line, at: at.toISOString() })),
      next: last !== undefined && last < total ? last + 1 : null,
      total,
    };
  }

  /**
   * Shows how many lines a log has, and where they are
   *
   * Totals of lines and bytes, both streams with the digest that the agent reported, places about evenly over the bytes
   * (line, byte and time) for scroll bars and charts, and where output is missing.
   */
  @Get('index')
  @ApiOkResponse({ type: LogIndexDto, description: 'The index' })
  @ApiProblems(404, 422)
  async index(@Param('id', JobId) id: string, @Query(Valid) query: LogIndexQueryDto): Promise<LogIndexDto> {
    const execution = await executionOf(this.query, await this.query.get(id), query.execution);
    if (!execution) return { ...NOTHING, streams: [], points: [], gaps: [] };
    const stream = query.stream ?? null;
    const { lines, bytes, first_at, last_at } = await this.reader.extent(execution, stream);
    const points = await this.reader.points(execution, stream, query.points ?? DEFAULT_POINTS);
    return {
      execution_id: execution.id,
      state: logStateOf(execution),
      lines,
      bytes,
      first_at: first_at?.toISOString() ?? null,
      last_at: last_at?.toISOString() ?? null,
      streams: await Promise.all(STREAMS.map((one) => this.streamOf(execution, one))),
      points: points.map(({ at, ...point }) => ({ ...point, at: at.toISOString() })),
      gaps: gapsOf(execution),
    };
  }

  private async streamOf(execution: StoredExecution, stream: Stream): Promise<LogStreamDto> {
    const { lines, bytes } = await this.reader.extent(execution, stream);
    return { stream, bytes, lines, sha256: execution[`${stream}_sha256`] };
  }
}

const NOTHING = { execution_id: null, state: 'waiting', lines: 0, bytes: 0, first_at: null, last_at: null } as const;

function fromOf({ from, offset, at }: LogLinesQueryDto): LinesFrom {
  const given = Object.entries({ from, offset, at }).filter(([, value]) => value !== undefined);
  if (given.length > 1)
    throw invalid([
      { field: given[1]?.[0] ?? '', message: `cannot stand beside ${given[0]?.[0]}; give one of from, offset and at` },
    ]);
  if (from === 0) throw invalid([{ field: 'from', message: 'must not be 0: lines are counted from 1', value: 0 }]);
  if (at !== undefined) return { by: 'time', at: new Date(at) };
  return offset === undefined ? { by: 'line', line: from ?? 1 } : { by: 'offset', offset };
}

function gapsOf(execution: StoredExecution): LogGapDto[] {
  if (execution.log_dropped > 0) {
    const cut = STREAMS.filter((stream) => execution[`${stream}_skew`] > 0);
    const bytes = cut.length === 1 ? execution.log_dropped : null;
    return cut.map((stream) => ({ stream, offset: execution[`${stream}_bytes`], bytes, reason: 'quota' }));
  }
  if (execution.state !== 'ended' || execution.log_complete) return [];
  const reason = execution.cause === 'agent_lost' ? 'lost' : 'incomplete';
  return [{ stream: null, offset: null, bytes: null, reason }];
}
