import { isUtf8 } from 'node:buffer';
import { sseData, type SseStream } from '@drover/http';
import type { FollowOptions, LogFollower, LogNews } from '@drover/live';
import { afterSequence, atEnd, fromByte, within } from './log-cursor.js';
import { fromExecution, fromJob } from './translate.js';

/** Sends a job's log as events until its end, until the client is gone, or until the API stops. */
export async function followLogs(
  follower: LogFollower,
  sse: SseStream,
  options: Omit<FollowOptions, 'signal'>,
): Promise<void> {
  try {
    for await (const news of follower.follow({ ...options, signal: sse.signal }))
      await sse.send(toEvent(news, options.stream !== undefined));
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

/** The data of pieces that several followers are sent: all of them get the same buffer of bytes, and so the same data. */
const shared = new WeakMap<Buffer, Buffer>();

function dataOf(raw: Buffer, place: object): Buffer {
  const known = shared.get(raw);
  if (known) return known;
  const data = sseData({ ...place, ...(isUtf8(raw) ? { text: raw.toString() } : { base64: raw.toString('base64') }) });
  shared.set(raw, data);
  return data;
}

function toEvent(news: LogNews, oneStream: boolean): { id?: string; event: string; data: unknown } {
  switch (news.type) {
    case 'execution':
      return { event: 'execution', data: fromExecution(news.execution) };
    case 'bytes': {
      const { execution_id, stream, offset, sequence, given, rest, at, raw } = news;
      return {
        id: oneStream
          ? fromByte(execution_id, offset + raw.length)
          : rest === 0
            ? afterSequence(execution_id, sequence)
            : within(execution_id, sequence, given),
        event: 'log',
        data: dataOf(raw, { stream, offset, sequence, at }),
      };
    }
    case 'end':
      return { id: atEnd(news.execution?.id), event: 'end', data: { job: news.job ? fromJob(news.job) : null } };
  }
}
