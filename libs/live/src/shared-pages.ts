import { slices, type LogChunk, type Stream } from '@drover/domain';
import { executionStore, logStore, type Store, type StoredExecution } from '@drover/store';
import { rawOf } from './member.js';
import { nextLimit } from './pages.js';

/** Raw bytes of pages that are kept for followers that come after the first one. */
const KEPT_BYTES = 8 * 1024 * 1024;

/** A stored chunk, unpacked. */
export interface RawChunk extends Pick<LogChunk, 'stream' | 'offset' | 'length' | 'sequence' | 'at'> {
  raw: Buffer;
  /** The same bytes in pieces that are small enough to become text. Every follower gets the same buffers. */
  slices(): readonly Buffer[];
}

export interface RawPage {
  chunks: readonly RawChunk[];
  /** There are as many chunks as were asked for, so there may be more. Such a page never changes. */
  full: boolean;
  /** Chunks to ask for next. */
  limit: number;
}

/** One read of one page. */
interface Read {
  /** Counts the reads of this process. */
  number: number;
  page: Promise<RawPage>;
  bytes: number;
}

/** One execution, as one follower reads it. */
export interface PageSource {
  /** The number of the last read that was begun. What is stored by now is seen by every later read. */
  mark(): number;
  /** The row of the execution, read after `mark`, and a mark for what was stored when it had been read. */
  row(mark: number): Promise<{ row: StoredExecution | null; mark: number }>;
  /**
   * The chunks from a place on: of one stream from an offset, or of both after a sequence. A page of another follower
   * does as well when it is full, or was read after `mark`.
   */
  read(stream: Stream | undefined, from: number, limit: number, mark: number): Promise<RawPage>;
  close(): void;
}

/**
 * Reads and unpacks live logs once for all who follow the same execution. A follower that lags behind by
 * more than what is kept reads for itself, so it holds nobody up, and the memory does not depend on it. An execution
 * with one follower has nothing kept.
 */
export class SharedPages {
  private readonly followers = new Map<string, number>();
  /** The reads of executions with several followers. The one that was used last stands last. */
  private readonly reads = new Map<string, Read>();
  private readonly rows = new Map<string, { number: number; read: ReturnType<PageSource['row']> }>();
  private kept = 0;
  private count = 0;

  constructor(private readonly store: Store) {}

  open(executionId: string): PageSource {
    this.followers.set(executionId, (this.followers.get(executionId) ?? 0) + 1);
    let closed = false;
    return {
      mark: () => this.count,
      row: (mark) => this.row(executionId, mark),
      read: (stream, from, limit, mark) => this.read(executionId, stream, from, limit, mark),
      close: () => {
        if (closed) return;
        closed = true;
        const left = (this.followers.get(executionId) ?? 1) - 1;
        if (left > 0) this.followers.set(executionId, left);
        else this.followers.delete(executionId);
        if (left === 0) this.rows.delete(executionId);
        if (left > 1) return;
        for (const key of this.reads.keys()) if (key.startsWith(executionId)) this.drop(key);
      },
    };
  }

  /** Raw bytes that are kept at the moment. */
  get bytes(): number {
    return this.kept;
  }

  private row(executionId: string, mark: number): ReturnType<PageSource['row']> {
    const known = this.rows.get(executionId);
    if (known && known.number > mark) return known.read;
    const read = executionStore
      .get(this.store.sql, executionId)
      .then((row) => ({ row: row ?? null, mark: this.count }));
    this.rows.set(executionId, { number: ++this.count, read });
    return read;
  }

  private async read(
    executionId: string,
    stream: Stream | undefined,
    from: number,
    limit: number,
    mark: number,
  ): Promise<RawPage> {
    if ((this.followers.get(executionId) ?? 0) < 2) {
      this.count += 1;
      return this.load(executionId, stream, from, limit);
    }
    const key = `${executionId} ${stream ?? ''} ${from}`;
    for (let known = this.reads.get(key); known; known = this.reads.get(key)) {
      const { number, page } = known;
      const found = await page.catch(() => null);
      if (found && (found.full || number > mark)) {
        if (this.reads.get(key) === known) this.touch(key, known);
        return found;
      }
      if (this.reads.get(key) === known) break;
    }
    this.drop(key);
    const read: Read = { number: ++this.count, page: this.load(executionId, stream, from, limit), bytes: 0 };
    this.reads.set(key, read);
    try {
      const page = await read.page;
      if (this.reads.get(key) === read) this.keep(read, page);
      return page;
    } catch (error) {
      if (this.reads.get(key) === read) this.drop(key);
      throw error;
    }
  }

  private touch(key: string, read: Read): void {
    this.reads.delete(key);
    this.reads.set(key, read);
  }

  private keep(read: Read, page: RawPage): void {
    read.bytes = page.chunks.reduce((sum, { raw }) => sum + raw.length, 0);
    this.kept += read.bytes;
    for (const key of this.reads.keys()) {
      if (this.kept <= KEPT_BYTES) return;
      this.drop(key);
    }
  }

  private drop(key: string): void {
    this.kept -= this.reads.get(key)?.bytes ?? 0;
    this.reads.delete(key);
  }

  private async load(executionId: string, stream: Stream | undefined, from: number, limit: number): Promise<RawPage> {
    const page = stream
      ? await logStore.ofStream(this.store.sql, executionId, stream, from, limit)
      : await logStore.interleaved(this.store.sql, executionId, from, limit);
    const raws = await Promise.all(page.map(rawOf));
    return {
      chunks: page.map(({ stream: of, offset, length, sequence, at }, index) => {
        const raw = raws[index] as Buffer;
        let pieces: Buffer[] | undefined;
        return { stream: of, offset, length, sequence, at, raw, slices: () => (pieces ??= [...slices(raw)]) };
      }),
      full: page.length >= limit,
      limit: page.length > 0 ? nextLimit(page) : limit,
    };
  }
}
