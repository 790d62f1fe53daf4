import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Demuxer } from './demux.js';
import { EngineError, type ContainerState, type Engine } from './engine.js';
import type { Output } from './output.js';

/** How soon after the end of the output the container is looked at again: most often it has just ended. Milliseconds. */
const SOON_MS = 40;
const SOON_LOOKS = 25;
/** Between two looks at a container whose output cannot be followed. */
const LOOK_MS = 1_000;
const MOST_MS = 60_000;
/** While everything is well the engine's own `wait` tells; this is for one that forgets to. */
const SAFETY_MS = 10_000;
/** Milliseconds for the last bytes to come after a container has ended. */
const LAST_BYTES_MS = 3_000;

/**
 * Follows one started container to its end and brings its whole output into the files: from the attached stream as long
 * as that lives, else from the engine's log, past what the files hold already.
 */
export class Follower {
  private attachedEnd: Promise<void> | undefined;
  /** The stream ended, and nothing since has said that it ended too early. */
  private attached = false;
  private cut: boolean;
  /** The error that broke the writing: the disk. */
  private failure: Error | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly id: string,
    private readonly output: Output,
    private readonly preambleBytes: number,
    attached: Duplex | undefined,
    private readonly onTrouble: (error: Error) => void,
  ) {
    this.cut = attached === undefined;
    if (attached !== undefined) this.read(attached);
  }

  /**
   * The state of the ended container; null: it was removed behind our back. Waits as long as the engine cannot be
   * reached.
   */
  async untilEnd(): Promise<ContainerState | null> {
    const stop = new AbortController();
    const waited = this.waited(stop.signal);
    try {
      return await this.watch(waited);
    } finally {
      stop.abort();
    }
  }

  /** Brings in what is missing. Call when the container has ended. */
  async complete(): Promise<void> {
    if (this.attached) await Promise.race([this.attachedEnd, sleep(LAST_BYTES_MS, undefined, { ref: false })]);
    while ((this.cut || this.attached) && !(await this.readLog())) await sleep(LOOK_MS);
  }

  private async watch(waited: Promise<void>): Promise<ContainerState | null> {
    let ended = false;
    let looks = 0;
    const over = Promise.race([waited, this.attachedEnd ?? waited]).then(() => {
      ended = true;
    });
    for (;;) {
      const state = await this.inspect();
      if (state === null || !state.running) return state;
      if (!ended) await Promise.race([over, sleep(this.cut ? LOOK_MS : SAFETY_MS, undefined, { ref: false })]);
      else if (looks++ < SOON_LOOKS) await sleep(SOON_MS);
      else {
        // It goes on without an output of ours: closed by itself, or the engine dropped us.
        this.cut = true;
        await sleep(LOOK_MS);
      }
      if (!this.cut) continue;
      const began = performance.now();
      await this.readLog();
      // A log is read from its beginning each time: a long one not so often.
      await sleep(Math.min(10 * (performance.now() - began), MOST_MS));
    }
  }

  private async inspect(): Promise<ContainerState | null> {
    for (;;) {
      try {
        return await this.engine.inspect(this.id);
      } catch (error) {
        // The container may well go on without its engine: only the engine can tell how it ended.
        this.cut = true;
        this.onTrouble(error as Error);
        await sleep(LOOK_MS);
      }
    }
  }

  private async waited(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.engine.wait(this.id, signal);
        return;
      } catch (error) {
        if (signal.aborted || (error as EngineError).fault === 'missing') return;
        this.cut = true;
        await sleep(LOOK_MS, undefined, { ref: false });
      }
    }
  }

  private read(stream: Duplex): void {
    this.attached = true;
    const demuxer = new Demuxer((name, bytes) => this.output.write(name, bytes));
    stream.on('data', (chunk: Buffer) => {
      try {
        if (this.failure === undefined) demuxer.push(chunk);
      } catch (error) {
        this.failed(error as Error);
        stream.destroy();
      }
    });
    this.attachedEnd = new Promise((resolve) => {
      const end = (): void => {
        this.attached = false;
        resolve();
      };
      stream.once('end', end);
      stream.once('close', end);
      stream.once('error', () => {
        this.cut = true;
        end();
      });
    });
  }

  /** False: the engine cannot be reached, try again. */
  private async readLog(): Promise<boolean> {
    if (this.failure !== undefined) return true;
    try {
      await this.engine.readLog(this.id, this.output.continuing(this.preambleBytes));
    } catch (error) {
      if (!(error instanceof EngineError)) this.failed(error as Error);
      else {
        this.onTrouble(error);
        return error.fault !== 'unreachable';
      }
    }
    return true;
  }

  private failed(error: Error): void {
    this.failure ??= error;
    this.onTrouble(error);
  }
}
