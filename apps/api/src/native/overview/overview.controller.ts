import { Controller, Get, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Response } from 'express';
import { currentCaller } from '@drover/access';
import { ApiProblems, Needs, OpenStreams, SseStream } from '@drover/http';
import { OverviewFeed } from './overview-feed.js';
import { changeOf, type OverviewFrame } from './overview-frames.js';
import { OverviewChangeDto, OverviewDto } from './overview.dto.js';

const EXAMPLE =
  'event: snapshot\ndata: {"at":"2030-01-31T08:00:00.000Z","queues":[],"nodes":[],"needs":{"failures":[],"alarms":[],"nodes":[]}}\n\nevent: change\ndata: {"at":"2030-01-31T08:00:01.000Z","queues":[],"queues_gone":["old"],"nodes":[],"nodes_gone":[],"needs":null}\n\n';

/** A text of events; their data is one of these. */
const EVENTS = {
  anyOf: [{ type: 'string' }, { $ref: getSchemaPath(OverviewDto) }, { $ref: getSchemaPath(OverviewChangeDto) }],
};

const AWAY = 'The overview cannot be made at the moment; it comes again by itself.';

@ApiTags('overview')
@ApiExtraModels(OverviewChangeDto)
@Needs('read')
@Controller('api/v1/overview')
export class OverviewController {
  constructor(
    private readonly feed: OverviewFeed,
    private readonly streams: OpenStreams,
  ) {}

  /**
   * Shows queues, nodes and what waits for somebody
   *
   * Counts and names of jobs are those of the client's own project; slots that jobs of other projects take are shown
   * without them.
   */
  @Get()
  @ApiOkResponse({ type: OverviewDto, description: 'Everything, as it is now' })
  @ApiProblems()
  async get(): Promise<OverviewDto> {
    return this.feed.look(currentCaller()?.scope ?? null);
  }

  /**
   * Follows the overview
   *
   * Server-sent events without end: first `snapshot` with everything (OverviewDto), then `change` with the parts that
   * are new (OverviewChangeDto), at most one a second, none while nothing changes. A client that comes back gets a
   * snapshot. `trouble` says that the overview cannot be made for a while.
   */
  @Get('stream')
  @ApiOkResponse({
    description: 'A snapshot, then changes, without end',
    content: { 'text/event-stream': { schema: EVENTS, example: EXAMPLE } },
  })
  @ApiProblems()
  async stream(@Res() response: Response): Promise<void> {
    const scope = currentCaller()?.scope ?? null;
    const sse = new SseStream(response, this.streams);
    let shown: OverviewFrame | null = null;
    try {
      for await (const snapshot of this.feed.follow(scope, sse.signal)) {
        if ('error' in snapshot) {
          await sse.send({ event: 'trouble', data: { message: AWAY } });
          continue;
        }
        const frame: OverviewFrame = snapshot.value;
        if (shown === null) await sse.send({ event: 'snapshot', data: frame.overview });
        else {
          const change = changeOf(shown, frame);
          if (change !== null) await sse.send({ event: 'change', data: Buffer.from(`data: ${change}\n\n`) });
        }
        shown = frame;
      }
    } finally {
      sse.end();
    }
  }
}
