import type { ServerResponse } from 'node:http';
import type { Response } from 'express';

/** How long a client may take nothing at all before its connection is cut. */
const STUCK_MS = 120_000;

/** Waits until the client has taken what was written. Rejects when it is gone, or stuck. */
export function drained(response: ServerResponse): Promise<void> {
  // Plain listeners: a stream waits so for each piece, and signals to abort cost more than the piece.
  return new Promise((resolve, reject) => {
    const gone = (): void => done(() => reject(new Error('the client is gone')));
    if (response.destroyed || response.writableEnded) return reject(new Error('the client is gone'));
    const timer = setTimeout(() => response.destroy(), STUCK_MS);
    const taken = (): void => done(resolve);
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      response.off('drain', taken).off('close', gone);
      settle();
    };
    response.once('drain', taken).once('close', gone);
  });
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
