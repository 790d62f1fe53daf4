import { once } from 'node:events';
import type { Response } from 'express';

/** How long a client may take nothing at all before its connection is cut. */
const STUCK_MS = 120_000;

/** Waits until the client has taken what was written. Rejects when it is gone, or stuck. */
export async function drained(response: Response): Promise<void> {
  if (response.destroyed || response.writableEnded) throw new Error('the client is gone');
  const stop = new AbortController();
  const timer = setTimeout(() => response.destroy(), STUCK_MS);
  try {
    await Promise.race([
      once(response, 'drain', { signal: stop.signal }),
      once(response, 'close', { signal: stop.signal }).then(() => Promise.reject(new Error('the client is gone'))),
    ]);
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/** Text is gathered to pieces of this many characters: a write for each line would be slow. */
const PIECE_CHARS = 32 * 1024;

/** The bytes of a text that comes in small parts. */
export async function* inBuffers(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let piece = '';
  for await (const text of texts) {
    piece += text;
    if (piece.length < PIECE_CHARS) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  if (piece !== '') yield Buffer.from(piece);
}

/**
 * Writes a body piece by piece at the client's pace. The first piece is read before the head goes out (`begin`), so
 * that a fault of the source is still a proper answer; a later one cuts the connection, which the client sees as an
 * incomplete body.
 */
export async function writeOut(response: Response, source: AsyncGenerator<Buffer>, begin: () => void): Promise<void> {
  try {
    let item = await source.next();
    begin();
    while (!item.done) {
      if (item.value.length > 0 && !response.write(item.value)) await drained(response);
      if (response.destroyed || response.writableEnded) return;
      item = await source.next();
    }
    response.end();
  } catch (error) {
    if (response.destroyed || response.writableEnded) return;
    if (!response.headersSent) throw error;
    response.destroy(error instanceof Error ? error : undefined);
  } finally {
    await source.return(undefined);
  }
}
