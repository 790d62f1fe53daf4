import type { LogChunk, Stream } from '@drover/domain';
import { executionStore, logStore, type Store, type StoredExecution } from '@drover/store';
import type { Doorbells } from './doorbells.js';
import type { FoundLine, MatcherOptions } from './line-matcher.js';
import type { LineReader } from './line-reader.js';
import { nextLimit } from './pages.js';
import type { PackedPiece, SearchAnswer } from './search-thread.js';
import { OutOfTime, SearchWorker } from './search-worker.js';

/** Looks at the record at least this often: a doorbell may be lost. */
const POLL_MS = 1_000;
const PROGRESS_MS = 250;

export interface SearchOptions extends MatcherOptions {
  /** Null: the view of both. */
  stream: Stream | null;
  /** Goes on with what comes until the execution has ended. */
  follow: boolean;
  /** The search itself may take so long, milliseconds; waiting for output or the reader is not counted. */
  budgetMs: number;
  signal: AbortSignal;
}

interface SearchProgress {
  /** Bytes of the view that were searched, of so many that are stored. */
  bytes: number;
  of_bytes: number;
  hits: number;
  /** The line to go on with, from 1. */
  next: number;
}

/** end: all of the log was searched. limit: so many hits were wanted. time: the time is up. */
type SearchEnd = 'end' | 'limit' | 'time';

export type SearchNews =
  | { type: 'found'; line: FoundLine }
  | ({ type: 'progress' } & SearchProgress)
  | { type: 'damaged'; stream: Stream; offset: number }
  | ({ type: 'end'; reason: SearchEnd; ms: number } & SearchProgress);

/** Searches whole logs, in threads. */
export class LogSearch {
  constructor(
    private readonly store: Store,
    private readonly reader: LineReader,
    private readonly bells: Doorbells,
  ) {}

  /** Ends after `end`, or when the signal is aborted. The reader's pace is ours. */
  async *search(execution: StoredExecution, options: SearchOptions): AsyncGenerator<SearchNews> {
    const { stream, follow, signal, first, before, after, limit, ignoreCase, text, regex } = options;
    const start = await this.start(execution, stream, first);
    const pattern = { ...(text === undefined ? {} : { text }), ...(regex === undefined ? {} : { regex }) };
    const worker = new SearchWorker({ first, before, after, limit, ignoreCase, ...pattern });
    const bell = this.bells.listen(execution.id);
    const state = new SearchState(start.bytes);
    let present = execution;
    try {
      let { key } = start;
      let pageLimit = 4;
      for (;;) {
        // The row first: when it says "ended", every chunk there will ever be is stored before we look at them.
        present = (await executionStore.get(this.store.sql, execution.id)) ?? { ...present, state: 'ended' };
        const over = present.state === 'ended' || !follow;
        await this.reader.index.ensure(present);
        const total = stream === null ? present.stdout_bytes + present.stderr_bytes : present[`${stream}_bytes`];
        for (let page = this.page(present, stream, key, pageLimit); ;) {
          const chunks = await page;
          if (signal.aborted) return;
          const full = chunks.length >= pageLimit;
          const last = chunks.at(-1);
          if (last) {
            key = stream === null ? last.sequence : last.offset + last.length;
            pageLimit = nextLimit(chunks);
          }
          // The next page is read while the thread searches this one.
          const next = full ? this.page(present, stream, key, pageLimit) : null;
          next?.catch(() => undefined);
          const pieces = chunks.map((chunk) => packed(chunk, stream));
          const begun = performance.now();
          const answer = await worker.search({ pieces, last: !full && over }, options.budgetMs - state.ms, signal);
          state.searched(answer, pieces, performance.now() - begun, total);
          for (const line of answer.found) {
            yield { type: 'found', line };
            if (signal.aborted) return;
          }
          if (answer.damaged) yield { type: 'damaged', ...answer.damaged };
          if (answer.isDone) return yield state.end('limit');
          if (state.ms >= options.budgetMs) return yield state.end('time');
          if (state.isToldNow()) yield { type: 'progress', ...state.progress };
          if (!next) break;
          page = next;
        }
        if (over) return yield state.end('end');
        yield { type: 'progress', ...state.progress };
        await bell.wait(POLL_MS, signal);
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof OutOfTime)) throw error;
      yield state.end('time');
    } finally {
      bell.close();
      await worker.close();
    }
  }

  /** The key after which to read, and the bytes of the view that are left out by that. */
  private async start(
    execution: StoredExecution,
    stream: Stream | null,
    first: number,
  ): Promise<{ key: number; bytes: number }> {
    if (first === 0) return { key: stream === null ? -1 : 0, bytes: 0 };
    await this.reader.index.ensure(execution);
    const chunk = await logStore.located(this.store.sql, execution.id, stream, 'line', first);
    if (!chunk) return { key: stream === null ? -1 : 0, bytes: 0 };
    return stream === null
      ? { key: chunk.sequence - 1, bytes: chunk.place?.view_offset ?? 0 }
      : { key: chunk.offset, bytes: chunk.offset };
  }

  /** Every chunk with its place: one that was appended without it, since the log was counted, is counted now. */
  private async page(
    execution: StoredExecution,
    stream: Stream | null,
    key: number,
    limit: number,
  ): Promise<LogChunk[]> {
    const { sql } = this.store;
    for (;;) {
      const page =
        stream === null
          ? await logStore.interleaved(sql, execution.id, key, limit)
          : await logStore.ofStream(sql, execution.id, stream, key, limit);
      if (page.every(({ place }) => place !== null)) return page;
      await this.reader.index.ensure(execution);
    }
  }
}

/** How far a search is. */
class SearchState {
  /** Milliseconds that the thread has searched. */
  ms = 0;
  readonly progress: SearchProgress;
  private toldAt = performance.now();

  constructor(bytes: number) {
    this.progress = { bytes, of_bytes: bytes, hits: 0, next: 1 };
  }

  searched(answer: SearchAnswer, pieces: PackedPiece[], ms: number, total: number): void {
    this.ms += ms;
    this.progress.bytes += pieces.reduce((sum, { length }) => sum + length, 0);
    this.progress.of_bytes = Math.max(total, this.progress.bytes);
    this.progress.hits = answer.hits;
    this.progress.next = answer.next + 1;
  }

  isToldNow(): boolean {
    const now = performance.now();
    if (now - this.toldAt < PROGRESS_MS) return false;
    this.toldAt = now;
    return true;
  }

  end(reason: SearchEnd): SearchNews {
    return { type: 'end', reason, ms: Math.round(this.ms), ...this.progress };
  }
}

/** A chunk for the thread. */
function packed({ place, stream: of, at, offset, length, data }: LogChunk, stream: Stream | null): PackedPiece {
  const view =
    stream === null
      ? { line: place?.view_line ?? 0, offset: place?.view_offset ?? 0 }
      : { line: place?.line ?? 0, offset };
  return { stream: of, ...view, stream_offset: offset, at: at.toISOString(), data, length };
}
