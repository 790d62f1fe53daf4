import { createHash } from 'node:crypto';
import { STREAMS, type LogChunk, type Stream } from '@drover/domain';
import { logStore, type Store, type StoredExecution } from '@drover/store';
import { rawOf } from './member.js';
import { pages } from './pages.js';

/** A gzip member that holds nothing: the whole of an empty log. */
const EMPTY_MEMBER = Buffer.from('1f8b080000000000000303000000000000000000', 'hex');
/** Raw bytes looked at for the beginning of a tail. */
const TAIL_SCAN_BYTES = 256 * 1024 * 1024;

/** Where a tail begins: a byte of a stream, or (both streams) bytes to skip in the chunk with this sequence. */
export interface TailStart {
  sequence: number;
  offset: number;
  /** Bytes of the chunk before the tail. */
  skip: number;
}

/** The stored bytes of one stream, compared with its agent's report. */
export interface StreamVerdict {
  stream: Stream;
  /** Stored raw bytes. */
  bytes: number;
  /** The SHA-256 of the stored bytes, hexadecimal. */
  sha256: string;
  /** The hash that the agent reported at the end; null before. */
  expected_sha256: string | null;
  /** Pieces follow each other without a gap or overlap, and each could be unpacked. */
  intact: boolean;
  /** Stored and reported agree; null while the execution has not ended. */
  matches: boolean | null;
  problem?: string;
}

/** Stored logs: ranges, tails, wholes. Memory does not depend on their size. */
export class LogReader {
  constructor(private readonly store: Store) {}

  /** Raw bytes `from` (inclusive) to `to` (exclusive) of a stream, as far as they are stored. */
  async *range(
    executionId: string,
    stream: Stream,
    from: number,
    to = Number.MAX_SAFE_INTEGER,
  ): AsyncGenerator<Buffer> {
    if (from >= to) return;
    for await (const page of this.streamPages(executionId, stream, from)) {
      // All of a page at once: the thread pool unpacks them side by side.
      const raws = await Promise.all(page.filter((chunk) => chunk.offset < to).map(rawOf));
      for (const [index, raw] of raws.entries()) {
        const { offset } = page[index] as LogChunk;
        yield raw.subarray(Math.max(0, from - offset), Math.min(raw.length, to - offset));
      }
      if (raws.length < page.length) return;
    }
  }

  /**
   * The gzip members of a stream, as they came: together they are the gzip of its bytes. `to`: stored length at the
   * time of asking.
   */
  async *members(executionId: string, stream: Stream, to = Number.MAX_SAFE_INTEGER): AsyncGenerator<Buffer> {
    let any = false;
    for await (const page of this.streamPages(executionId, stream, 0)) {
      for (const chunk of page) {
        if (chunk.offset >= to) return;
        any = true;
        yield chunk.data;
      }
    }
    if (!any) yield EMPTY_MEMBER;
  }

  /** Both streams in the order in which the agent saw them. */
  async *interleaved(executionId: string, after = -1): AsyncGenerator<LogChunk & { raw: Buffer }> {
    for await (const page of this.sequencePages(executionId, after)) {
      const raws = await Promise.all(page.map(rawOf));
      for (const [index, chunk] of page.entries()) yield { ...chunk, raw: raws[index] as Buffer };
    }
  }

  /** The members of both streams in that order: the gzip of the interleaved view. */
  async *interleavedMembers(executionId: string): AsyncGenerator<Buffer> {
    let any = false;
    for await (const page of this.sequencePages(executionId, -1)) {
      for (const chunk of page) {
        any = true;
        yield chunk.data;
      }
    }
    if (!any) yield EMPTY_MEMBER;
  }

  /**
   * Where the last `lines` lines begin, of one stream or of both interleaved. Null: nothing is stored. A last line
   * without an end counts as one. Looks back at most 256 MiB; lines longer than that are cut at their beginning.
   */
  async tailStart(executionId: string, stream: Stream | null, lines: number): Promise<TailStart | null> {
    let before: number | null = null;
    let first: TailStart | null = null;
    let scanned = 0;
    // The newline at the very end belongs to the last line.
    let wanted = lines;
    let atEnd = true;
    for (;;) {
      const page: LogChunk[] = await logStore.backwards(this.store.sql, executionId, stream, before, 4);
      for (const chunk of page) {
        const raw = await rawOf(chunk);
        if (atEnd && raw.at(-1) === 0x0a) wanted += 1;
        atEnd = false;
        for (let at = raw.lastIndexOf(0x0a); at >= 0; at = at === 0 ? -1 : raw.lastIndexOf(0x0a, at - 1)) {
          wanted -= 1;
          if (wanted === 0) return { sequence: chunk.sequence, offset: chunk.offset + at + 1, skip: at + 1 };
        }
        first = { sequence: chunk.sequence, offset: chunk.offset, skip: 0 };
        before = stream ? chunk.offset : chunk.sequence;
        scanned += raw.length;
        if (scanned >= TAIL_SCAN_BYTES) return first;
      }
      if (page.length < 4) return first;
    }
  }

  /** Recomputes size and digest of both streams from what is stored. */
  async verify(execution: StoredExecution): Promise<StreamVerdict[]> {
    const verdicts: StreamVerdict[] = [];
    for (const stream of STREAMS) verdicts.push(await this.verifyStream(execution, stream));
    return verdicts;
  }

  private async verifyStream(execution: StoredExecution, stream: Stream): Promise<StreamVerdict> {
    const hash = createHash('sha256');
    let bytes = 0;
    let problem: string | undefined;
    try {
      for await (const page of this.streamPages(execution.id, stream, 0)) {
        const raws = await Promise.all(page.map(rawOf));
        for (const [index, raw] of raws.entries()) {
          const { offset } = page[index] as LogChunk;
          if (offset !== bytes) problem ??= `byte ${bytes} is followed by byte ${offset}`;
          hash.update(raw);
          bytes = offset + raw.length;
        }
      }
    } catch (error) {
      problem ??= error instanceof Error ? error.message : String(error);
    }
    const sha256 = hash.digest('hex');
    const counted = stream === 'stdout' ? execution.stdout_bytes : execution.stderr_bytes;
    if (problem === undefined && execution.state === 'ended' && bytes !== counted)
      problem = `${bytes} bytes are stored, ${counted} were acknowledged`;
    const expected = stream === 'stdout' ? execution.stdout_sha256 : execution.stderr_sha256;
    return {
      stream,
      bytes,
      sha256,
      expected_sha256: expected,
      intact: problem === undefined,
      matches: expected === null ? null : problem === undefined && expected === sha256,
      ...(problem === undefined ? {} : { problem }),
    };
  }

  private streamPages(executionId: string, stream: Stream, from: number): AsyncGenerator<LogChunk[]> {
    return pages((after, limit) =>
      logStore.ofStream(this.store.sql, executionId, stream, after ? after.offset + after.length : from, limit),
    );
  }

  private sequencePages(executionId: string, after: number): AsyncGenerator<LogChunk[]> {
    return pages((last, limit) =>
      logStore.interleaved(this.store.sql, executionId, last ? last.sequence : after, limit),
    );
  }
}
