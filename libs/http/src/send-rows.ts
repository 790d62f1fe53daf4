import type { Response } from 'express';
import { LongWork } from '@drover/domain';
import { drained } from './write-out.js';

const PIECE_CHARS = 64 * 1024;

/**
 * Sends a JSON text of many rows, made and written piece by piece: thousands of rows at once would hold all others up.
 * `opening` and `closing` stand around the rows, `text` gives the JSON of one.
 */
export async function sendRows<T>(
  response: Response,
  opening: string,
  rows: readonly T[],
  text: (row: T) => string,
  closing: string,
): Promise<void> {
  response.type('application/json');
  const pieces = new LongWork();
  let piece = opening;
  for (const [index, row] of rows.entries()) {
    piece += (index === 0 ? '' : ',') + text(row);
    if (pieces.isDue()) await pieces.turn();
    if (piece.length < PIECE_CHARS) continue;
    if (!response.write(piece)) await drained(response).catch(() => undefined);
    if (response.destroyed) return;
    piece = '';
  }
  response.end(piece + closing);
}
