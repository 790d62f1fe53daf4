import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { invalid, isTerminal } from '@drover/domain';
import { Needs, ApiProblems, OpenStreams, lastEventId, SseStream, Valid, type SseEvent } from '@drover/http';
import { QueryService } from '@drover/jobs';
import { EventFollower, type EventFollowOptions } from '@drover/live';
import { EventsQueryDto } from './dto/queries.dto.js';
import { JobId } from './job-id.pipe.js';
import { fromEvent, fromJob } from './translate.js';

/** The position before the oldest event. */
const OLDEST = '0-0';

/** Told to a follower whose position is not one of this record. */
const ANEW =
  'The position is not one of this record, which was restored since: what follows begins anew with the oldest event kept.';

/** An event becomes visible when every transaction older than it has ended; after this long it has. */
const SETTLED_MS = 3_000;

const EXAMPLE =
  'id: 1201-88\nevent: job.running\ndata: {"id":"1201-88","job_id":"0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55","queue":"default","type":"job.running","at":"2030-01-31T08:00:00.000Z","data":{"state":"running"}}\n\n';

@ApiTags('events')
@Needs('read')
@Controller('api/v1')
export class EventsController {
  constructor(
    private readonly streams: OpenStreams,
    private readonly query: QueryService,
    private readonly follower: EventFollower,
  ) {}

  /**
   * Follows everything that happens to jobs
   *
   * Server-sent events in one order for everybody, without gaps: a client that was away goes on with Last-Event-ID, at
   * whichever replica. An id of before the record was restored from a backup means nothing any more: then an event
   * `restart` comes first, and after it all events that are kept.
   */
  @Get('events')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Go on after this event',
    schema: { type: 'string' },
  })
  @ApiOkResponse({
    description: 'Events, without end',
    content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE } },
  })
  @ApiProblems(422)
  async all(@Query(Valid) query: EventsQueryDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    const asked = lastEventId(request) ?? query.after;
    const filter = query.queue === undefined ? {} : { queue: query.queue };
    const cursor = asked === undefined ? undefined : checkCursor(asked);
    const known = cursor === undefined || (await this.follower.isOurs(cursor));
    const from = cursor === undefined ? await this.follower.now(filter) : known ? cursor : OLDEST;
    const sse = new SseStream(response, this.streams);
    if (!known) await sse.send(restart());
    await this.run(sse, { from, ...filter }, () => Promise.resolve(false));
  }

  /**
   * Follows what happens to one job, from its beginning to its end
   *
   * Replays its events, then follows; a last event `end` carries the job. `restart`: as for all events.
   */
  @Get('jobs/:id/events')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Go on after this event',
    schema: { type: 'string' },
  })
  @ApiOkResponse({
    description: "The job's events until it has ended",
    content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE } },
  })
  @ApiProblems(404, 422)
  async ofJob(@Param('id', JobId) id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const present = await this.query.get(id);
    const seen = lastEventId(request);
    const asked = seen === undefined ? undefined : checkCursor(seen);
    const known = asked === undefined || (await this.follower.isOurs(asked));
    const cursor = known ? asked : undefined;
    if (
      cursor !== undefined &&
      isTerminal(present.state) &&
      settled(present.finished_at) &&
      (await this.query.events(cursor, { job_id: id }, 1)).length === 0
    ) {
      response.status(204).end();
      return;
    }
    const sse = new SseStream(response, this.streams);
    if (!known) await sse.send(restart());
    await this.run(sse, { job_id: id, ...(cursor === undefined ? {} : { from: cursor }) }, async (lastType) => {
      const job = await this.query.find(id);
      if (job && !(isTerminal(job.state) && (lastType === `job.${job.state}` || settled(job.finished_at))))
        return false;
      await sse.send({ event: 'end', data: { job: job ? fromJob(job) : null } });
      return true;
    });
  }

  /** `over` is asked whenever everything there is was sent. */
  private async run(
    sse: SseStream,
    options: Omit<EventFollowOptions, 'signal'>,
    over: (lastType: string | null) => Promise<boolean>,
  ): Promise<void> {
    let lastType: string | null = null;
    try {
      for await (const { events, caughtUp } of this.follower.follow({ ...options, signal: sse.signal })) {
        for (const event of events) await sse.send({ id: event.id, event: event.type, data: fromEvent(event) });
        lastType = events.at(-1)?.type ?? lastType;
        if (caughtUp && (await over(lastType))) return;
      }
    } catch (error) {
      if (!sse.signal.aborted)
        await sse
          .send({ event: 'trouble', data: { message: error instanceof Error ? error.message : String(error) } })
          .catch(() => undefined);
    } finally {
      sse.end();
    }
  }
}

const settled = (finishedAt: Date | null): boolean =>
  finishedAt === null || Date.now() - finishedAt.getTime() > SETTLED_MS;

/** Its id lets a client that comes back begin with the oldest event, not with the position that is none. */
const restart = (): SseEvent => ({ id: '0', event: 'restart', data: { message: ANEW } });

/**
 * `<transaction>-<number>` within what Postgres can hold, with the life of a record that was restored behind them; or
 * 0: the oldest.
 */
function checkCursor(id: string): string {
  if (id === '0' || id === OLDEST) return OLDEST;
  const match = /^(\d{1,20})-(\d{1,19})(?:-[0-9a-f]{8})?$/.exec(id);
  if (
    match &&
    BigInt(match[1] as string) <= 0xffff_ffff_ffff_ffffn &&
    BigInt(match[2] as string) <= 0x7fff_ffff_ffff_ffffn
  )
    return id;
  throw invalid([
    {
      field: 'Last-Event-ID',
      message: 'must be the id of an event, unchanged, or 0 for the oldest',
      value: id.slice(0, 60).toWellFormed(),
    },
  ]);
}
