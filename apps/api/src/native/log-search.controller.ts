import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { invalid } from '@drover/domain';
import { ApiProblems, lastEventId, Needs, OpenStreams, SseStream, Valid, type SseEvent } from '@drover/http';
import { QueryService } from '@drover/jobs';
import { compilePattern, ERRORS_REGEX, LogSearch, type LinePattern, type SearchNews } from '@drover/live';
import { LogSearchQueryDto } from './dto/log-search.dto.js';
import { executionOf } from './execution-of.js';
import { JobId } from './job-id.pipe.js';
import { SearchPlaces } from './search-places.js';

/** The time a search may take, milliseconds; waiting for output or the reader is not counted. */
const BUDGET_MS = 60_000;
const DEFAULT_HITS = 1_000;

@ApiTags('logs')
@Needs('read')
@Controller('api/v1/jobs/:id/logs')
export class LogSearchController {
  private readonly places = new SearchPlaces();

  constructor(
    private readonly streams: OpenStreams,
    private readonly query: QueryService,
    private readonly searches: LogSearch,
  ) {}

  /**
   * Searches the whole log of a job as a stream
   *
   * Server-sent events: `hit` and `context` (lines around hits, each once: `{number, at, stream, offset, stream_offset,
   * text, cut, skipped, ranges}`, ranges as JavaScript counts characters of `text`), `progress` four times a second
   * (`{bytes, of_bytes, hits, next}`), and `end` with `reason`: `end` (all was searched), `limit`, or `time` (60 s of
   * searching; go on with `from=` its `next`). `damaged` names a piece that cannot be read. Each event
   * has an id to go on after it (Last-Event-ID). At most 2 searches of a client at once.
   */
  @Get('search')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Goes on after this event',
    schema: { type: 'string' },
  })
  @ApiOkResponse({
    description: 'The events',
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example: [
          'id: 0198c0de-8000-7000-8000-5a1f0c2e4b77.l4121\nevent: hit\ndata: {"number":4121,"at":"2030-01-31T08:00:00.100Z","stream":"stderr","offset":310422,"stream_offset":1042,"text":"error: no space left","cut":false,"skipped":0,"ranges":[[0,5]]}\n\n',
          'id: 0198c0de-8000-7000-8000-5a1f0c2e4b77.l990000\nevent: end\ndata: {"reason":"end","ms":412,"bytes":73400320,"of_bytes":73400320,"hits":1,"next":990001}\n\n',
        ].join(''),
      },
    },
  })
  @ApiProblems(404, 422, 429)
  async search(
    @Param('id', JobId) id: string,
    @Query(Valid) query: LogSearchQueryDto,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const job = await this.query.get(id);
    const pattern = patternOf(query);
    const seen = seenOf(lastEventId(request));
    const execution = await executionOf(this.query, job, seen?.execution ?? query.execution);
    const giveBack = this.places.take();
    try {
      const sse = new SseStream(response, this.streams);
      if (!execution) {
        await sse.send({ event: 'end', data: { reason: 'end', ms: 0, bytes: 0, of_bytes: 0, hits: 0, next: 1 } });
        return sse.end();
      }
      const found = this.searches.search(execution, {
        ...pattern,
        stream: query.stream ?? null,
        before: query.before ?? 0,
        after: query.after ?? 0,
        first: seen?.line ?? (query.from ?? 1) - 1,
        limit: query.limit ?? DEFAULT_HITS,
        follow: query.follow ?? false,
        budgetMs: BUDGET_MS,
        signal: sse.signal,
      });
      await send(sse, found, execution.id);
    } finally {
      giveBack();
    }
  }
}

async function send(sse: SseStream, found: AsyncIterable<SearchNews>, execution: string): Promise<void> {
  try {
    for await (const news of found) await sse.send(toEvent(news, execution));
  } catch (error) {
    // The client is gone; or the record is away: the stream ends, the client comes back with its Last-Event-ID.
    if (!sse.signal.aborted)
      await sse
        .send({ event: 'trouble', data: { message: error instanceof Error ? error.message : String(error) } })
        .catch(() => undefined);
  } finally {
    sse.end();
  }
}

/** Ids of events: `<execution>.l<line>`: all lines up to this one are done. */
function toEvent(news: SearchNews, execution: string): SseEvent {
  if (news.type === 'found') {
    const { kind, ...line } = news.line;
    return { id: `${execution}.l${line.number}`, event: kind, data: line };
  }
  const { type, ...data } = news;
  return { ...(type === 'damaged' ? {} : { id: `${execution}.l${news.next - 1}` }), event: type, data };
}

function seenOf(id: string | undefined): { execution: string; line: number } | null {
  if (id === undefined) return null;
  const [, execution, line] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.l(\d{1,15})$/.exec(id) ?? [];
  if (execution === undefined)
    throw invalid([
      {
        field: 'Last-Event-ID',
        message: 'must be the id of an event of a search, unchanged',
        value: id.slice(0, 60).toWellFormed(),
      },
    ]);
  return { execution, line: Number(line) };
}

function patternOf({ q, regex, preset, ignore_case }: LogSearchQueryDto): LinePattern {
  const given = Object.entries({ q, regex, preset }).filter(([, value]) => value !== undefined);
  if (given.length !== 1) throw invalid([{ field: given[1]?.[0] ?? 'q', message: 'give one of q, regex and preset' }]);
  if (preset !== undefined) return { regex: ERRORS_REGEX, ignoreCase: false };
  const pattern: LinePattern = {
    ...(q === undefined ? {} : { text: q }),
    ...(regex === undefined ? {} : { regex }),
    ignoreCase: ignore_case ?? false,
  };
  try {
    compilePattern(pattern);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw invalid([{ field: 'regex', message: `must be a regular expression as RE2 takes it (${why})`, value: regex }]);
  }
  return pattern;
}
