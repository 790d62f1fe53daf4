import { isTerminal, slices, type Stream } from '@drover/domain';
import { executionStore, jobStore, type Store, type StoredExecution, type StoredJob } from '@drover/store';
import type { Doorbells } from './doorbells.js';
import { SharedPages, type RawChunk, type RawPage } from './shared-pages.js';

/** Looks at the record at least this often: a doorbell may be lost. */
const POLL_MS = 1_000;

/** Where to begin. */
export interface FollowFrom {
  /** The execution to follow; absent: the job's present one, or its first when it has none yet. */
  executionId?: string;
  /** First byte, when one stream is followed. */
  offset?: number;
  /** Last sequence already seen, when both are. */
  after?: number;
  /** Bytes to leave out of the first piece after that. */
  skip?: number;
}

export interface FollowOptions {
  jobId: string;
  /** Absent: both, in the order in which the agent saw them. */
  stream?: Stream;
  from?: FollowFrom;
  /** Go on with the job's next executions (a retry, a lost node) until the job itself has ended. */
  nextExecutions?: boolean;
  /** Gives each stored chunk in one piece, for who passes bytes on. Absent: pieces small enough to become text. */
  whole?: boolean;
  signal: AbortSignal;
}

export type LogNews =
  /** The pieces after this one belong to this execution. */
  | { type: 'execution'; execution: StoredExecution }
  | {
      type: 'bytes';
      execution_id: string;
      stream: Stream;
      offset: number;
      /** The sequence number of the stored piece that these bytes are from. */
      sequence: number;
      /** Bytes of that piece that have been given, these among them. */
      given: number;
      /** Bytes of that piece that follow. */
      rest: number;
      at: Date;
      raw: Buffer;
    }
  /** Everything was delivered and nothing more will come. Null: the job was deleted. */
  | { type: 'end'; job: StoredJob | null; execution: StoredExecution | null };

/** Live logs: replays from the record, then waits for the doorbell; never skips or repeats a byte. */
export class LogFollower {
  private readonly pages: SharedPages;

  constructor(
    private readonly store: Store,
    private readonly logBells: Doorbells,
    private readonly jobBells: Doorbells,
  ) {
    this.pages = new SharedPages(store);
  }

  /**
   * Ends after `end`, or when the signal is aborted. The reader's pace is ours: nothing is read ahead of it but a page.
   * Followers of one execution share what is read and unpacked.
   */
  async *follow(options: FollowOptions): AsyncGenerator<LogNews> {
    const { jobId, signal } = options;
    const bell = this.jobBells.listen(jobId);
    try {
      let from = options.from ?? {};
      let last: StoredExecution | null = null;
      for (;;) {
        const job = await jobStore.get(this.store.sql, jobId);
        if (signal.aborted) return;
        if (!job) {
          yield { type: 'end', job: null, execution: last };
          return;
        }
        const execution = await this.next(job, last, from.executionId);
        if (execution) {
          yield { type: 'execution', execution };
          last = yield* this.execution(execution, options, from);
          if (signal.aborted) return;
          from = {};
          // The job's row changes in the transaction that ended the execution: look at both again.
          if (options.nextExecutions) continue;
        }
        const over = isTerminal(job.state) || (last !== null && !options.nextExecutions);
        if (over) {
          yield { type: 'end', job: execution ? await jobStore.get(this.store.sql, jobId) : job, execution: last };
          return;
        }
        await bell.wait(POLL_MS, signal);
        if (signal.aborted) return;
      }
    } finally {
      bell.close();
    }
  }

  /** The execution to follow now: the asked one, the present one, or the first after `last`. */
  private async next(
    job: StoredJob,
    last: StoredExecution | null,
    asked: string | undefined,
  ): Promise<StoredExecution | null> {
    if (last) return executionStore.firstAfter(this.store.sql, job.id, last.epoch);
    const id = asked ?? job.execution_id;
    const execution = id ? await executionStore.get(this.store.sql, id) : null;
    return execution && execution.job_id === job.id ? execution : null;
  }

  /** Follows one execution to its end; returns it as it is then. */
  private async *execution(
    execution: StoredExecution,
    options: FollowOptions,
    from: FollowFrom,
  ): AsyncGenerator<LogNews, StoredExecution> {
    const { stream, signal } = options;
    const bell = this.logBells.listen(execution.id);
    const pages = this.pages.open(execution.id);
    let offset = from.offset ?? 0;
    let after = from.after ?? -1;
    let leaveOut = stream ? 0 : (from.skip ?? 0);
    let present = execution;
    let limit = 4;
    try {
      for (;;) {
        // The row first: when it says "ended", every chunk there will ever be is stored before we look at them. Until
        // then it is enough that the chunks are read after the bell rang.
        const rang = pages.mark();
        const { row, mark: read } = await pages.row(rang);
        present = row ?? { ...present, state: 'ended' };
        const mark = present.state === 'ended' ? read : rang;
        const next = (): Promise<RawPage> => pages.read(stream, stream ? offset : after, limit, mark);
        let ahead: Promise<RawPage> | null = next();
        while (ahead) {
          const page: RawPage = await ahead;
          ahead = null;
          if (signal.aborted) return present;
          limit = page.limit;
          for (const [index, chunk] of page.chunks.entries()) {
            const skip = stream ? Math.max(0, offset - chunk.offset) : leaveOut;
            leaveOut = 0;
            offset = chunk.offset + chunk.length;
            after = chunk.sequence;
            // The next page is read while the reader takes the end of this one.
            if (page.full && index === page.chunks.length - 1) {
              ahead = next();
              ahead.catch(() => undefined);
            }
            let given = Math.min(skip, chunk.raw.length);
            for (const raw of piecesOf(chunk, given, options.whole ?? false)) {
              const at = chunk.offset + given;
              given += raw.length;
              yield {
                type: 'bytes',
                execution_id: execution.id,
                stream: chunk.stream,
                offset: at,
                sequence: chunk.sequence,
                given,
                rest: chunk.raw.length - given,
                at: chunk.at,
                raw,
              };
              if (signal.aborted) return present;
            }
          }
        }
        if (present.state === 'ended') return present;
        await bell.wait(POLL_MS, signal);
        if (signal.aborted) return present;
      }
    } finally {
      bell.close();
      pages.close();
    }
  }
}

/** The bytes of a chunk from one on. Those from the first on are the same buffers for every follower. */
function piecesOf(chunk: RawChunk, from: number, whole: boolean): Iterable<Buffer> {
  const raw = from === 0 ? chunk.raw : chunk.raw.subarray(from);
  if (whole) return raw.length > 0 ? [raw] : [];
  return from === 0 ? chunk.slices() : slices(raw);
}
