import type { Stream } from '@drover/domain';
import type { PlacedChunk } from '@drover/store';

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** One line of a view of a log. */
export interface LogLine {
  /** From 1. */
  number: number;
  /** When its first byte was seen. */
  at: Date;
  stream: Stream;
  /** Its first byte in the view. */
  offset: number;
  /** Its first byte in its stream. */
  stream_offset: number;
  /** With its newline. */
  bytes: number;
  /** Without its end; the first bytes of a long line. */
  text: string;
  /** The text is not the whole line. */
  cut: boolean;
  /** True: no more bytes of it can come, because it has a newline, or the other stream follows. */
  ended: boolean;
}

interface OpenLine {
  number: number;
  at: Date;
  stream: Stream;
  offset: number;
  stream_offset: number;
  parts: Buffer[];
  kept: number;
  /** The byte of its stream after the last that was seen. */
  end: number;
}

export interface ScanOptions {
  /** The first line that is wanted, from 0. */
  first: number;
  count: number;
  /** Bytes of a line that are kept. */
  textBytes: number;
  /** Bytes of all lines together. */
  answerBytes: number;
}

/** Cuts chunks into lines, from one number on. A line may begin and end in different chunks. */
export class LineScan {
  readonly lines: LogLine[] = [];
  private open: OpenLine | null = null;
  private number: number | null = null;
  private last: Stream | null = null;
  private midLine = false;
  private size = 0;

  constructor(private readonly options: ScanOptions) {}

  /** No more lines are wanted. */
  get isFull(): boolean {
    return this.lines.length >= this.options.count || this.size >= this.options.answerBytes;
  }

  /** The line that goes on has all the text that is kept. */
  get isLong(): boolean {
    return this.open !== null && this.open.kept >= this.options.textBytes;
  }

  /** The number of the line that goes on, from 0. */
  get openLine(): number {
    return this.open?.number ?? 0;
  }

  /** The next chunk of the view; `line` and `offset`: of the view, before it. */
  chunk(chunk: PlacedChunk, raw: Buffer, line: number, offset: number): void {
    const { stream } = chunk;
    // The other stream ends a line. Chunks may have been left out: the index knows the number.
    if (this.midLine && this.last !== stream) this.close(this.open?.end ?? 0);
    if (this.open !== null && this.open.number !== line) this.close(this.open.end);
    this.number = line;
    this.last = stream;
    let at = 0;
    while (at < raw.length && !this.isFull) {
      const newline = raw.indexOf(NEWLINE, at);
      const end = newline < 0 ? raw.length : newline + 1;
      if (!this.midLine && this.number >= this.options.first)
        this.open = {
          number: this.number,
          at: chunk.at,
          stream,
          offset: offset + at,
          stream_offset: chunk.offset + at,
          parts: [],
          kept: 0,
          end: 0,
        };
      if (this.open) this.take(this.open, raw.subarray(at, end), chunk.offset + end);
      this.midLine = newline < 0;
      if (newline >= 0) {
        this.close(chunk.offset + end);
        this.number += 1;
      }
      at = end;
    }
  }

  /** Nothing is stored after the last chunk. */
  end(): void {
    if (this.open && !this.isFull) this.push(this.open, this.open.end, false);
    this.open = null;
  }

  private take(line: OpenLine, bytes: Buffer, end: number): void {
    line.end = end;
    // One byte more than is kept, and the line's end: so a text that fits is told from one that was cut.
    const room = this.options.textBytes + 2 - line.kept;
    if (room <= 0) return;
    const part = bytes.subarray(0, room);
    line.parts.push(part);
    line.kept += part.length;
  }

  private close(end: number): void {
    this.midLine = false;
    if (this.open) this.push(this.open, end, true);
    this.open = null;
  }

  private push(line: OpenLine, end: number, ended: boolean): void {
    const { parts, kept: _, end: __, number, ...rest } = line;
    const bytes = end - line.stream_offset;
    let raw = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    if (raw.at(-1) === NEWLINE) raw = raw.subarray(0, raw.at(-2) === RETURN ? -2 : -1);
    const cut = raw.length > this.options.textBytes || bytes > raw.length + 2;
    const text = (cut ? raw.subarray(0, wholeCharacters(raw, this.options.textBytes)) : raw).toString();
    this.size += text.length + 200;
    this.lines.push({ number: number + 1, ...rest, bytes, text, cut, ended });
  }
}

/** The most bytes, up to `most`, that do not end within a character of UTF-8. */
function wholeCharacters(raw: Buffer, most: number): number {
  let end = Math.min(most, raw.length);
  for (let back = 0; back < 3 && end > 0 && end < raw.length && ((raw[end] as number) & 0xc0) === 0x80; back += 1)
    end -= 1;
  return end;
}
