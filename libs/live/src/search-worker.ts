import { Worker } from 'node:worker_threads';
import type { MatcherOptions } from './line-matcher.js';
import type { SearchAnswer, SearchWork } from './search-thread.js';

const ENTRY = new URL('./search-thread.js', import.meta.url);
const MEMORY_MB = 128;

/** The time of a search is up. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/** A thread that searches. One piece of work at a time. */
export class SearchWorker {
  private readonly thread: Worker;
  private failure: Error | null = null;

  constructor(options: MatcherOptions) {
    this.thread = new Worker(ENTRY, {
      workerData: options,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    this.thread.on('error', (error: Error) => (this.failure = error));
  }

  /** Throws {@link OutOfTime} after `ms`, and when the signal is aborted; the thread is of no use then. */
  async search(work: SearchWork, ms: number, signal: AbortSignal): Promise<SearchAnswer> {
    signal.throwIfAborted();
    if (this.failure) throw this.failure;
    const { thread } = this;
    let timer: NodeJS.Timeout | undefined;
    let stopListening = (): void => undefined;
    try {
      return await new Promise<SearchAnswer>((resolve, reject) => {
        const onExit = (code: number): void => reject(new Error(`The search ended with code ${code}.`));
        thread.once('message', resolve).once('error', reject).once('exit', onExit);
        const onAbort = (): void => reject(new Error('The search is not wanted any more.'));
        signal.addEventListener('abort', onAbort);
        stopListening = () => {
          thread.off('message', resolve).off('error', reject).off('exit', onExit);
          signal.removeEventListener('abort', onAbort);
        };
        timer = setTimeout(() => reject(new OutOfTime()), Math.max(0, ms));
        thread.postMessage(work);
      });
    } finally {
      clearTimeout(timer);
      stopListening();
    }
  }

  async close(): Promise<void> {
    await this.thread.terminate();
  }
}
