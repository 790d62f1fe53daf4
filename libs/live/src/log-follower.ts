import { isTerminal, slices, type LogChunk, type Stream } from '@drover/domain';
import { executionStore, jobStore, logStore, type Store, type StoredExecution, type StoredJob } from '@drover/store';
import type { Doorbells } from './doorbells.js';
import { rawOf } from './member.js';
import { nextLimit } from './pages.js';

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
  constructor(
    private readonly store: Store,
    private readonly logBells: Doorbells,
    private readonly jobBells: Doorbells,
  ) {}

  /** Ends after `end`, or when the signal is aborted. The reader's pace is ours: nothing is read ahead of it but a page. */
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
    let offset = from.offset ?? 0;
    let after = from.after ?? -1;
    let leaveOut = stream ? 0 : (from.skip ?? 0);
    let present = execution;
    let limit = 4;
    try {
      for (;;) {
        // The row first: when it says "ended", every chunk there will ever be is stored before we look at them.
        present = (await executionStore.get(this.store.sql, execution.id)) ?? { ...present, state: 'ended' };
        for (;;) {
          const page: LogChunk[] = stream
            ? await logStore.ofStream(this.store.sql, execution.id, stream, offset, limit)
            : await logStore.interleaved(this.store.sql, execution.id, after, limit);
          if (signal.aborted) return present;
          const raws = await Promise.all(page.map(rawOf));
          for (const [index, whole] of raws.entries()) {
            const chunk = page[index] as LogChunk;
            const skip = stream ? Math.max(0, offset - chunk.offset) : leaveOut;
            leaveOut = 0;
            let given = Math.min(skip, whole.length);
            for (const raw of slices(whole.subarray(given))) {
              const offset = chunk.offset + given;
              given += raw.length;
              yield {
                type: 'bytes',
                execution_id: execution.id,
                stream: chunk.stream,
                offset,
                sequence: chunk.sequence,
                given,
                rest: whole.length - given,
                at: chunk.at,
                raw,
              };
              if (signal.aborted) return present;
            }
            offset = chunk.offset + chunk.length;
            after = chunk.sequence;
          }
          const full = page.length >= limit;
          if (page.length > 0) limit = nextLimit(page);
          if (!full) break;
        }
        if (present.state === 'ended') return present;
        await bell.wait(POLL_MS, signal);
        if (signal.aborted) return present;
      }
    } finally {
      bell.close();
    }
  }
}
