import type { Request, Response } from 'express';
import type { OpenStreams } from './open-streams.js';
import { drained } from './write-out.js';

/** A comment now and then, so that proxies keep the connection and a dead one is noticed. */
const HEARTBEAT_MS = 15_000;

export interface SseEvent {
  id?: string;
  event?: string;
  /** Written as one line of JSON. A buffer is written as it is: the line of JSON that `sseData` made of a value. */
  data: unknown;
}

/** One response of server-sent events. */
export class SseStream {
  private readonly stop = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;

  /** Sends the head. `streams`: where the API finds it when it stops. */
  constructor(
    private readonly response: Response,
    private readonly streams: OpenStreams,
    heartbeatMs = HEARTBEAT_MS,
  ) {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // nginx would keep it back until it is full.
      'X-Accel-Buffering': 'no',
    });
    // The time after which a client comes back by itself, and something to see at once.
    response.write('retry: 1000\n\n');
    streams.add(this);
    this.heartbeat = setInterval(() => {
      if (response.writableLength === 0) response.write(': alive\n\n');
    }, heartbeatMs);
    this.heartbeat.unref();
    response.once('close', () => this.close());
  }

  /** Aborted when the client is gone or the API stops. */
  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** Resolves when the client can take more. */
  async send({ id, event, data }: SseEvent): Promise<void> {
    if (this.stop.signal.aborted) return;
    const head = `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}`;
    // As bytes: a text that waits for a slow client would grow old on the heap.
    const { response } = this;
    if (Buffer.isBuffer(data)) {
      response.cork();
      response.write(head);
      const room = response.write(data);
      response.uncork();
      if (!room) await drained(response);
    } else if (!response.write(Buffer.from(head + lineOf(data)))) await drained(response);
  }

  /** Ends the stream when the API stops; the client comes back with the id of what it saw last. */
  end(): void {
    this.close();
    this.response.end();
  }

  private close(): void {
    clearInterval(this.heartbeat);
    this.streams.delete(this);
    this.stop.abort();
  }
}

const lineOf = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

/** The data of an event as bytes, for an event that is sent to several clients. */
export const sseData = (data: unknown): Buffer => Buffer.from(lineOf(data));

/**
 * The id of the event that the client saw last. EventSource cannot set headers on its first request, so a query
 * parameter does as well.
 */
export function lastEventId(request: Request): string | undefined {
  const header = request.headers['last-event-id'];
  return typeof header === 'string' && header !== '' ? header : undefined;
}
