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
  const head = (4 - (raw.byteOffset % 4)) % 4;
  if (raw.length < head + 4) return { lines: newlines(raw), open: isOpen(raw) };
  const words = new Int32Array(raw.buffer, raw.byteOffset + head, (raw.length - head) >>> 2);
  const lines = newlines(raw.subarray(0, head)) + newlinesOf(words) + newlines(raw.subarray(head + words.length * 4));
  return { lines, open: isOpen(raw) };
}

const isOpen = (raw: Uint8Array): boolean => raw.length > 0 && raw[raw.length - 1] !== NEWLINE;

/** Words whose counts fit into the four bytes of a sum. */
const WORDS_OF_SUM = 255;

/** Counts newlines four bytes at a time without a branch, which takes a third of the time of one at a time. */
function newlinesOf(words: Int32Array): number {
  let lines = 0;
  for (let at = 0; at < words.length;) {
    const end = Math.min(words.length, at + WORDS_OF_SUM);
    let sum = 0;
    for (; at < end; at += 1) {
      // Bytes that are newlines are zero here, and 1 below; all others are 0 below.
      const bytes = (words[at] ?? 0) ^ 0x0a0a0a0a;
      sum += (~(((bytes & 0x7f7f7f7f) + 0x7f7f7f7f) | bytes) >>> 7) & 0x01010101;
    }
    lines += (sum & 0xff) + ((sum >>> 8) & 0xff) + ((sum >>> 16) & 0xff) + (sum >>> 24);
  }
  return lines;
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
