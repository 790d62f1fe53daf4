import { watch, type FSWatcher } from 'node:fs';
import { STREAMS } from '@drover/domain';
import type { Budget } from './budget.js';
import type { ChunkSink, TailEnd, TailProgress } from './chunk.js';
import { Mask } from './mask.js';
import { Pump } from './pump.js';
import { EMPTY_SHA256, StreamFile } from './stream-file.js';

/** A job that is shorter than this never costs a watch. Milliseconds. */
const WATCH_AFTER_MS = 8;
/** After the first sign of output, so that a burst of lines travels as one chunk. */
const FLUSH_MS = 3;
/** Where inotify has no watch to give, and as a guard against an event that never came. */
const POLL_MS = 250;
/** A restarted daemon does not know the sequences of the last second of its former life. */
const SEQUENCE_LEAP = 10_000;

export interface TailOptions {
  /** Folder with the files `stdout` and `stderr`. */
  folder: string;
  sink: ChunkSink;
  budget: Budget;
  /** The state of a former life of this daemon. */
  resume?: TailProgress;
  /** Values to be overwritten in what is sent. */
  mask?: readonly string[];
  /** The server holds more than before. */
  onProgress?: (progress: TailProgress) => void;
  /** Following has ended before the job did: what the sink rejected with, or the file system. */
  onFailure?: (error: Error) => void;
}

/** Follows the two output files of one execution while it runs, and finishes them when it has ended. */
export class Tail {
  private readonly files: readonly StreamFile[];
  private readonly pump: Pump;
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;
  private flush: NodeJS.Timeout | undefined;
  private pumping: Promise<void> | undefined;
  private failure: Error | undefined;
  private following = false;

  constructor(private readonly options: TailOptions) {
    const mask = Mask.of(options.mask ?? []);
    this.files = STREAMS.map((name) => new StreamFile(options.folder, name, mask));
    this.pump = new Pump(this.files, options.sink, options.budget, () => options.onProgress?.(this.pump.progress()));
    const { resume } = options;
    if (resume === undefined) return;
    for (const file of this.files) {
      file.position = resume[file.name];
      file.stored = resume[file.name];
    }
    this.pump.sequence = resume.sequence + SEQUENCE_LEAP;
    this.pump.firstByteAt = resume.first_byte_at;
  }

  /** Begins to follow. The files exist. */
  start(): void {
    this.following = true;
    this.timer = setTimeout(() => {
      this.watch();
      this.look();
      this.timer = setInterval(() => this.look(), POLL_MS);
    }, WATCH_AFTER_MS);
  }

  /**
   * The job has ended: hands over the rest and says what the streams are. With `eager` it does not wait for the server
   * when the rest is small, so that the report of the end can travel in the same request; `stored` then tells when the
   * server has it.
   *
   * @throws what the sink rejected with
   */
  async finish(eager: boolean): Promise<TailEnd & { stored: Promise<void> }> {
    this.unfollow();
    await this.pumping;
    if (this.failure !== undefined) throw this.failure;
    for (const file of this.files) {
      file.open();
      file.complete();
    }
    let stored: Promise<void> | undefined = eager ? (await this.pump.handOver())?.stored : undefined;
    if (stored === undefined) {
      await this.pump.drain();
      stored = Promise.resolve();
    }
    // Not everybody looks at it at once.
    stored.catch(() => {});
    const of = async (file: StreamFile | undefined): Promise<TailEnd['stdout']> =>
      file === undefined || file.position === 0
        ? { bytes: 0, sha256: EMPTY_SHA256 }
        : { bytes: file.position, sha256: await file.sha256() };
    return {
      stdout: await of(this.files[0]),
      stderr: await of(this.files[1]),
      first_byte_at: this.pump.firstByteAt,
      stored,
    };
  }

  /** Stops following and closes the files, once nothing of them is on its way any more. */
  close(): void {
    this.unfollow();
    const done = (): void => {
      for (const file of this.files) file.close();
    };
    if (this.pumping === undefined) done();
    else void this.pumping.then(done, done);
  }

  private watch(): void {
    try {
      this.watcher = watch(this.options.folder, { persistent: false }, () => {
        this.flush ??= setTimeout(() => {
          this.flush = undefined;
          this.look();
        }, FLUSH_MS);
      });
      this.watcher.on('error', () => this.watcher?.close());
    } catch {
      // Out of watches (fs.inotify.max_user_watches): the poll does it alone.
    }
  }

  private look(): void {
    if (!this.following || this.pumping !== undefined || this.failure !== undefined) return;
    this.pumping = this.run().finally(() => {
      this.pumping = undefined;
    });
  }

  private async run(): Promise<void> {
    try {
      let all = true;
      for (const file of this.files) all = file.open() && all;
      if (all) await this.pump.drain();
    } catch (error) {
      this.failure = error as Error;
      this.unfollow();
      this.options.onFailure?.(this.failure);
    }
  }

  private unfollow(): void {
    this.following = false;
    this.watcher?.close();
    this.watcher = undefined;
    clearTimeout(this.timer);
    clearTimeout(this.flush);
    this.timer = this.flush = undefined;
  }
}
