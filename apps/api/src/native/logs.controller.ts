import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { DroverError, invalid, isTerminal, type Stream } from '@drover/domain';
import {
  Needs,
  ApiProblems,
  OpenStreams,
  acceptsGzip,
  parseRange,
  lastEventId,
  SseStream,
  Valid,
  writeOut,
} from '@drover/http';
import { QueryService } from '@drover/jobs';
import { LogFollower, LogReader } from '@drover/live';
import type { StoredExecution, StoredJob } from '@drover/store';
import { LogsQueryDto, VerifyLogsDto } from './dto/queries.dto.js';
import { LogVerificationDto } from './dto/views.dto.js';
import { executionOf, logStateOf } from './execution-of.js';
import { followLogs } from './follow-logs.js';
import { followText, wantsText } from './follow-text.js';
import { JobId } from './job-id.pipe.js';
import { parseLogCursor, type LogCursor } from './log-cursor.js';

/** Verifications at once in this process: each reads a whole log. */
const MAX_VERIFYING = 2;

@ApiTags('logs')
@Needs('read')
@Controller('api/v1/jobs/:id/logs')
export class LogsController {
  private verifying = 0;

  constructor(
    private readonly streams: OpenStreams,
    private readonly query: QueryService,
    private readonly reader: LogReader,
    private readonly follower: LogFollower,
  ) {}

  /**
   * Reads or follows the output of a job
   *
   * Without `follow` the bytes as they are stored: one stream (whole, from `offset`, a `Range`) or both as they were
   * seen, or the last lines (`tail`). Whole logs travel as gzip to clients that accept it. With `follow=true`
   * server-sent events until the job has ended: `execution`, `log` (`{stream, offset, sequence, at}` and `text`, or
   * `base64` where the bytes are no valid UTF-8) and `end`; each `log` has an id to go on after it (Last-Event-ID).
   * With `Accept: text/plain` the bytes themselves as they come.
   */
  @Get()
  @ApiHeader({
    name: 'Range',
    required: false,
    description: 'One range of bytes; needs `stream`',
    schema: { type: 'string' },
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'With follow: go on after this event',
    schema: { type: 'string' },
  })
  @ApiOkResponse({
    description: 'The bytes, or the events',
    content: {
      'text/plain': { schema: { type: 'string', format: 'binary' }, example: 'hello\n' },
      'text/event-stream': {
        schema: { type: 'string' },
        example:
          'id: 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.s0\nevent: log\ndata: {"stream":"stdout","offset":0,"sequence":0,"text":"hello\\n"}\n\n',
      },
    },
  })
  @ApiProblems(404, 409, 416, 422)
  async logs(
    @Param('id', JobId) id: string,
    @Query(Valid) query: LogsQueryDto,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const job = await this.query.get(id);
    if (query.offset !== undefined && query.stream === undefined)
      throw invalid([{ field: 'offset', message: 'needs stream: bytes are counted in each stream by itself' }]);
    if (query.offset !== undefined && query.tail !== undefined)
      throw invalid([{ field: 'tail', message: 'cannot stand beside offset; give one of them' }]);
    if (query.follow) await this.follow(job, query, request, response);
    else await this.read(job, query, request, response);
  }

  /**
   * Checks the stored log against what the agent said
   *
   * Reads every stored byte again, recomputes size and SHA-256 of each stream, and compares them with the agent's.
   */
  @Get('verify')
  @ApiOkResponse({ type: LogVerificationDto, description: 'The findings' })
  @ApiProblems(404, 422)
  async verify(@Param('id', JobId) id: string, @Query(Valid) query: VerifyLogsDto): Promise<LogVerificationDto> {
    const execution = await executionOf(this.query, await this.query.get(id), query.execution);
    if (!execution) throw new DroverError('not_found', `Job ${id} has not run yet; there is no log to verify.`);
    if (this.verifying >= MAX_VERIFYING)
      throw new DroverError('unavailable', 'Other logs are being verified; try again in a second.');
    this.verifying += 1;
    try {
      const streams = await this.reader.verify(execution);
      const verdicts = streams.map((stream) => stream.intact && stream.matches);
      const verified = verdicts.includes(false) ? false : verdicts.includes(null) ? null : true;
      return { execution_id: execution.id, complete: execution.log_complete, verified, streams };
    } finally {
      this.verifying -= 1;
    }
  }

  private async read(job: StoredJob, query: LogsQueryDto, request: Request, response: Response): Promise<void> {
    const execution = await executionOf(this.query, job, query.execution);
    const head = {
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
      Vary: 'Accept-Encoding',
      'X-Drover-Log-State': logStateOf(execution),
      ...(execution ? { 'X-Drover-Execution': execution.id } : {}),
    };
    if (!execution) {
      response.writeHead(200, { ...head, 'Content-Length': 0 }).end();
      return;
    }
    const answer = await this.answer(execution, query, request);
    const status = answer.headers['Content-Range'] === undefined ? 200 : 206;
    if (request.method === 'HEAD') response.writeHead(status, { ...head, ...answer.headers }).end();
    else await writeOut(response, answer.body(), () => response.writeHead(status, { ...head, ...answer.headers }));
  }

  private async answer(
    execution: StoredExecution,
    query: LogsQueryDto,
    request: Request,
  ): Promise<{ headers: Record<string, string | number>; body: () => AsyncGenerator<Buffer> }> {
    const { stream } = query;
    const gzip =
      query.tail === undefined && query.offset === undefined && acceptsGzip(request.headers['accept-encoding']);
    if (!stream) {
      const start = query.tail === undefined ? null : await this.reader.tailStart(execution.id, null, query.tail);
      if (gzip)
        return { headers: { 'Content-Encoding': 'gzip' }, body: () => this.reader.interleavedMembers(execution.id) };
      return { headers: {}, body: () => this.both(execution.id, start) };
    }
    const size = sizeOf(execution, stream);
    const headers: Record<string, string | number> = { 'Accept-Ranges': 'bytes', 'X-Drover-Log-Size': size };
    const range =
      query.tail === undefined && query.offset === undefined ? parseRange(request.headers.range, size) : null;
    if (gzip && range === null)
      return {
        headers: { ...headers, 'Content-Encoding': 'gzip' },
        body: () => this.reader.members(execution.id, stream, size),
      };
    let from = query.offset ?? 0;
    let to = size;
    if (from > size || range === 'unsatisfiable')
      throw new DroverError('gap', `The stored log of ${stream} ends at ${size}; ask from there or before.`, {
        stored: size,
      });
    if (range !== null) {
      from = range.start;
      to = range.end + 1;
      headers['Content-Range'] = `bytes ${range.start}-${range.end}/${size}`;
    } else if (query.tail !== undefined) {
      from = Math.min(size, (await this.reader.tailStart(execution.id, stream, query.tail))?.offset ?? 0);
    }
    headers['Content-Length'] = to - from;
    headers['X-Drover-Log-Offset'] = from;
    return { headers, body: () => this.reader.range(execution.id, stream, from, to) };
  }

  private async *both(executionId: string, start: { sequence: number; skip: number } | null): AsyncGenerator<Buffer> {
    let skip = start?.skip ?? 0;
    for await (const chunk of this.reader.interleaved(executionId, start ? start.sequence - 1 : -1)) {
      yield chunk.raw.subarray(skip);
      skip = 0;
    }
  }

  private async follow(job: StoredJob, query: LogsQueryDto, request: Request, response: Response): Promise<void> {
    const seen = lastEventId(request);
    const from: LogCursor =
      seen === undefined ? await this.beginning(job, query) : parseLogCursor(seen, query.stream !== undefined);
    if (from.executionId !== undefined) await executionOf(this.query, job, from.executionId);
    // "Do not come back": the client has seen the end, and nothing came after it.
    if (from.ended && isTerminal(job.state) && (job.execution_id ?? undefined) === from.executionId) {
      response.status(204).end();
      return;
    }
    const options = {
      jobId: job.id,
      ...(query.stream ? { stream: query.stream } : {}),
      from,
      nextExecutions: query.next ?? true,
    };
    if (wantsText(request)) {
      await followText(this.follower, response, this.streams, options);
      return;
    }
    await followLogs(this.follower, new SseStream(response, this.streams), options);
    response.end();
  }

  private async beginning(job: StoredJob, query: LogsQueryDto): Promise<LogCursor> {
    const execution = await executionOf(this.query, job, query.execution);
    if (!execution) return { ended: false };
    const start =
      query.tail === undefined ? null : await this.reader.tailStart(execution.id, query.stream ?? null, query.tail);
    if (!start) return { executionId: execution.id, offset: query.offset ?? 0, ended: false };
    return {
      executionId: execution.id,
      ...(query.stream ? { offset: start.offset } : { after: start.sequence - 1, skip: start.skip }),
      ended: false,
    };
  }
}

const sizeOf = (execution: StoredExecution, stream: Stream): number =>
  stream === 'stdout' ? execution.stdout_bytes : execution.stderr_bytes;
