import type { LogChunk, Stream } from '@drover/domain';
import { logStore, type PlacedChunk, type Store, type StoredExecution } from '@drover/store';
import { LineIndex } from './line-index.js';
import { LineScan, type LogLine } from './line-scan.js';
import { rawOf } from './member.js';
import { nextLimit } from './pages.js';

/** Text of one answer, bytes: what a screen shows is a fraction of it. */
const ANSWER_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** A chunk that was counted. */
type CountedChunk = PlacedChunk & { place: NonNullable<PlacedChunk['place']> };

/** How much a view of a log holds. Lines and bytes are those of the view. */
export interface LogExtent {
  lines: number;
  bytes: number;
  /** The last line has no newline yet. */
  open: boolean;
  first_at: Date | null;
  last_at: Date | null;
}

/** A place in a view: the first line that begins in a chunk, the chunk's first byte and its time. */
export interface LogPoint {
  /** From 1. */
  line: number;
  offset: number;
  at: Date;
}

/** Where to begin to read lines. */
export type LinesFrom =
  /** From 1; below 0: so many lines before the end. */
  | { by: 'line'; line: number }
  /** The line that holds this byte of the view. */
  | { by: 'offset'; offset: number }
  /** The first line of this time or later. */
  | { by: 'time'; at: Date };

/** Lines of stored logs by number, byte and time, with the index. `stream` null: the view of both. */
export class LineReader {
  readonly index: LineIndex;

  constructor(private readonly store: Store) {
    this.index = new LineIndex(store);
  }

  async extent(execution: StoredExecution, stream: Stream | null): Promise<LogExtent> {
    await this.index.ensure(execution);
    const { sql } = this.store;
    const last = await logStore.lastPlace(sql, execution.id, stream);
    if (!last || !isCounted(last)) return { lines: 0, bytes: 0, open: false, first_at: null, last_at: null };
    const first = await logStore.located(sql, execution.id, stream, 'offset', 0);
    return {
      lines: lineOf(last, stream) + last.place.lines + (last.place.open ? 1 : 0),
      bytes: offsetOf(last, stream) + last.length,
      open: last.place.open,
      first_at: first?.at ?? null,
      last_at: last.at,
    };
  }

  /** Places that stand about evenly over the bytes of a view, at most about `count` of each stream. */
  async points(execution: StoredExecution, stream: Stream | null, count: number): Promise<LogPoint[]> {
    await this.index.ensure(execution);
    const found: PlacedChunk[] = [];
    for (const one of stream === null ? (['stdout', 'stderr'] as const) : [stream]) {
      const bytes = execution[`${one}_bytes`];
      const step = Math.max(1, bytes / count);
      const offsets = Array.from({ length: Math.ceil(bytes / step) }, (_, n) => Math.floor(n * step));
      if (offsets.length > 0) found.push(...(await logStore.placesAt(this.store.sql, execution.id, one, offsets)));
    }
    return found
      .filter(isCounted)
      .map((chunk) => ({ line: lineOf(chunk, stream) + 1, offset: offsetOf(chunk, stream), at: chunk.at }))
      .sort((a, b) => a.offset - b.offset);
  }

  /**
   * At most `count` lines from a place on, fewer when their texts are long. Whatever the log's size, a few statements
   * and a few chunks are read.
   */
  async lines(
    execution: StoredExecution,
    stream: Stream | null,
    from: LinesFrom,
    count: number,
    textBytes: number,
  ): Promise<LogLine[]> {
    await this.index.ensure(execution);
    const first = await this.firstLine(execution, stream, from);
    if (first === null) return [];
    const start = await logStore.located(this.store.sql, execution.id, stream, 'line', first);
    if (!start || !isCounted(start)) return [];
    const scan = new LineScan({ first, count, textBytes, answerBytes: ANSWER_BYTES });
    let key = before(start, stream);
    let limit = 1;
    for (;;) {
      const page = await this.page(execution.id, stream, key, limit);
      const raws = await Promise.all(page.map(rawOf));
      for (const [index, chunk] of page.entries()) {
        if (!isCounted(chunk)) return scan.lines;
        scan.chunk(chunk, raws[index] as Buffer, lineOf(chunk, stream), offsetOf(chunk, stream));
        if (scan.isFull) return scan.lines;
      }
      const last = page.at(-1);
      if (!last || page.length < limit) break;
      limit = limit === 1 ? 4 : nextLimit(page);
      key = stream === null ? last.sequence : last.offset + last.length;
      // A line of many chunks: its end is found by the index, and what lies between is not read.
      if (scan.isLong) {
        const next = await logStore.located(this.store.sql, execution.id, stream, 'line', scan.openLine + 1);
        if (next && before(next, stream) > key) key = before(next, stream);
      }
    }
    scan.end();
    return scan.lines;
  }

  /** The number from 0 of the line to begin with. Null: the log ends before it. */
  private async firstLine(execution: StoredExecution, stream: Stream | null, from: LinesFrom): Promise<number | null> {
    if (from.by === 'line' && from.line >= 0) return Math.max(0, from.line - 1);
    if (from.by === 'line') {
      const { lines } = await this.extent(execution, stream);
      return lines === 0 ? null : Math.max(0, lines + from.line);
    }
    const value = from.by === 'offset' ? from.offset : from.at;
    const chunk = await logStore.located(this.store.sql, execution.id, stream, from.by, value);
    if (!chunk || !isCounted(chunk)) return null;
    if (from.by === 'time') return this.firstLineOfTime(execution, stream, chunk, from.at);
    const within = from.offset - offsetOf(chunk, stream);
    if (within >= chunk.length) return within > chunk.length || !chunk.place.open ? null : afterLines(chunk, stream);
    const [whole] = await this.page(execution.id, stream, before(chunk, stream), 1);
    return whole ? lineOf(chunk, stream) + newlinesBefore(await rawOf(whole), within) : null;
  }

  /** `chunk`: the last one before the time, or the first of all. */
  private async firstLineOfTime(
    execution: StoredExecution,
    stream: Stream | null,
    chunk: CountedChunk,
    at: Date,
  ): Promise<number | null> {
    if (chunk.at >= at) return lineOf(chunk, stream);
    const [, next] = await this.page(execution.id, stream, before(chunk, stream), 2);
    if (!next || !isCounted(next)) return null;
    // The next chunk may go on with a line that began before the time; the first to begin in it stands after that.
    const goesOn = chunk.place.open && next.stream === chunk.stream;
    return lineOf(next, stream) + (goesOn ? 1 : 0);
  }

  private page(executionId: string, stream: Stream | null, key: number, limit: number): Promise<LogChunk[]> {
    return stream === null
      ? logStore.interleaved(this.store.sql, executionId, key, limit)
      : logStore.ofStream(this.store.sql, executionId, stream, key, limit);
  }
}

/** The key after which a chunk is the first to be read. */
const before = (chunk: PlacedChunk, stream: Stream | null): number =>
  stream === null ? chunk.sequence - 1 : chunk.offset;

const isCounted = (chunk: PlacedChunk): chunk is CountedChunk => chunk.place !== null;

/** Lines of a view that ended before a chunk. */
const lineOf = ({ place }: CountedChunk, stream: Stream | null): number =>
  stream === null ? place.view_line : place.line;

const offsetOf = (chunk: CountedChunk, stream: Stream | null): number =>
  stream === null ? chunk.place.view_offset : chunk.offset;

/** The line that a chunk leaves open, from 0. */
const afterLines = (chunk: CountedChunk, stream: Stream | null): number => lineOf(chunk, stream) + chunk.place.lines;

function newlinesBefore(raw: Buffer, end: number): number {
  let lines = 0;
  for (let at = raw.indexOf(NEWLINE); at >= 0 && at < end; at = raw.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}
