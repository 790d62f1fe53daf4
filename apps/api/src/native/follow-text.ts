import type { Request, Response } from 'express';
import { writeOut } from '@drover/http';
import type { FollowOptions, LogFollower } from '@drover/live';

/** `Accept: text/plain` asks for the bytes themselves; a browser's or curl's anything-goes gets the events. */
export const wantsText = (request: Request): boolean =>
  /^\s*text\/plain\b/.test(request.headers.accept ?? '') && !/event-stream/.test(request.headers.accept ?? '');

/**
 * Sends the bytes of a job's output as they come, until its end: for `curl -N` and pipes. Cut short (the API stops),
 * the body ends without its last chunk, which clients see as an incomplete answer; they go on with `offset`.
 */
export async function followText(
  follower: LogFollower,
  response: Response,
  streams: Set<{ end(): unknown }>,
  options: Omit<FollowOptions, 'signal'>,
): Promise<void> {
  const gone = new AbortController();
  const cut = { end: () => response.destroy() };
  streams.add(cut);
  response.once('close', () => gone.abort());
  try {
    await writeOut(response, bytes(follower, { ...options, whole: true, signal: gone.signal }), () => {
      response.writeHead(200, {
        'Content-Type': 'text/plain; charset=utf-8',
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      });
      response.flushHeaders();
    });
  } finally {
    streams.delete(cut);
  }
}

async function* bytes(follower: LogFollower, options: FollowOptions): AsyncGenerator<Buffer> {
  // An empty first piece: the head goes out at once, not with the first byte.
  yield Buffer.alloc(0);
  for await (const news of follower.follow(options)) if (news.type === 'bytes') yield news.raw;
}
