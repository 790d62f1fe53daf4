import { setTimeout as wait } from 'node:timers/promises';
import { countLines } from '@drover/domain';
import { INLINE_CHUNK_BYTES, MAX_CHUNK_BYTES } from '@drover/protocol';
import type { Budget } from './budget.js';
import type { ChunkSink, TailProgress } from './chunk.js';
import { gzipMember } from './gzip.js';
import type { StreamFile } from './stream-file.js';

/** Chunks up to this do not count against the budget: only one of them is under way for an execution. */
const SMALL_BYTES = 64 * 1024;
/** Read ahead of the server's answers, an execution. */
const WINDOW_BYTES = 8 * MAX_CHUNK_BYTES;
/** Chunks under way at once: the sink sends those that are short when compressed with one request. */
const MOST_UNDER_WAY = 4;
const SECOND_REWIND_MS = 100;
const LONGEST_REWIND_MS = 5_000;

interface Prepared {
  file: StreamFile;
  offset: number;
  length: number;
  sequence: number;
  at: string;
  lines: number;
  open: boolean;
  /** Taken from the budget. */
  cost: number;
  data: Buffer | Promise<Buffer>;
}

/**
 * Moves what is new in both files to the sink: in order, one sequence over both. Only one chunk that is not full is
 * under way at a time, so what is written meanwhile gathers in the file. Full chunks are read and compressed ahead, as
 * far as window and budget go, and several of them are under way at once.
 */
export class Pump {
  sequence = 0;
  /** ISO. */
  firstByteAt: string | null = null;
  private readonly prepared: Prepared[] = [];
  /** The chunks that the sink has, in their order. */
  private readonly underWay: Promise<void>[] = [];
  /** Where the server is in the files of which it did not take the last chunk. */
  private readonly gaps = new Map<StreamFile, number>();
  private window = 0;
  private turn = 0;
  private rewinds = 0;

  constructor(
    private readonly files: readonly StreamFile[],
    private readonly sink: ChunkSink,
    private readonly budget: Budget,
    private readonly onProgress: () => void = () => {},
  ) {}

  /** Until the server holds all that was in the files. @throws what the sink rejected with, or the file system */
  async drain(): Promise<void> {
    try {
      for (;;) {
        while (await this.readAhead());
        const [next] = this.prepared;
        if (next !== undefined) await this.send(next);
        else if (this.underWay.length > 0) await this.landed(this.underWay.length - 1);
        else return;
      }
    } catch (error) {
      await Promise.allSettled(this.underWay.splice(0));
      for (const file of this.files) this.drop(file);
      throw error;
    }
  }

  /** Gives the next chunk to the sink, once that may have it. */
  private async send(next: Prepared): Promise<void> {
    const data = await next.data;
    // A long one has a request of its own, which could overtake others.
    const isAlone = data.length > INLINE_CHUNK_BYTES;
    await this.landed(isAlone ? 0 : MOST_UNDER_WAY - 1);
    // Going back has dropped it.
    if (this.prepared[0] !== next) return;
    this.prepared.shift();
    this.give(next, data);
    if (isAlone) await this.landed(0);
  }

  private give(chunk: Prepared, data: Buffer): void {
    const flight = this.ship(chunk, data);
    // Whoever waits for it hears of the failure.
    flight.catch(() => {});
    this.underWay.push(flight);
  }

  /** Waits until at most `left` chunks are under way; goes back when the server is elsewhere than we thought. */
  private async landed(left: number): Promise<void> {
    while (this.underWay.length > left || (this.gaps.size > 0 && this.underWay.length > 0)) {
      await this.underWay[0];
      this.underWay.shift();
    }
    await this.goBack();
  }

  /**
   * Hands the rest over without waiting for the answers, when it is small. The promise inside settles when the server
   * holds it all. Undefined: too much for that, nothing was done. Not while a drain is under way.
   */
  async handOver(): Promise<{ stored: Promise<void> } | undefined> {
    const rest = this.files.filter((file) => file.unread() > 0);
    if (rest.some((file) => file.unread() > SMALL_BYTES)) return undefined;
    for (const file of rest) await this.prepare(file, file.unread(), 0);
    const chunks = this.prepared.splice(0);
    for (const chunk of chunks) this.give(chunk, await chunk.data);
    return { stored: this.drain() };
  }

  progress(): TailProgress {
    const of = (name: string): number => this.files.find((file) => file.name === name)?.stored ?? 0;
    return { stdout: of('stdout'), stderr: of('stderr'), sequence: this.sequence, first_byte_at: this.firstByteAt };
  }

  /** Prepares one more chunk. False: there is nothing, not enough to hurry, or no room. */
  private async readAhead(): Promise<boolean> {
    if (this.window >= WINDOW_BYTES) return false;
    const hurry = this.prepared.length === 0 && this.underWay.length === 0;
    for (const file of hurry ? this.byLastWrite() : this.inTurn()) {
      const length = Math.min(file.unread(), MAX_CHUNK_BYTES);
      if (length === 0 || (!hurry && length < MAX_CHUNK_BYTES)) continue;
      const cost = length > SMALL_BYTES ? length : 0;
      if (cost > 0 && hurry) await this.budget.take(cost);
      else if (cost > 0 && !this.budget.tryTake(cost)) return false;
      await this.prepare(file, length, cost);
      return true;
    }
    return false;
  }

  /** So that a busy stream does not starve the other. */
  private inTurn(): StreamFile[] {
    this.turn += 1;
    return this.files.map((_, at) => this.files[(at + this.turn) % this.files.length] as StreamFile);
  }

  /** The file that was left alone first comes first: a line on one stream shows before the next one on the other. */
  private byLastWrite(): StreamFile[] {
    for (const file of this.files) file.unread();
    // One that was looked at early may have been written since.
    const written = this.files.filter((file) => file.unread() > 0);
    return written.toSorted((one, other) => one.writtenAt - other.writtenAt);
  }

  private async prepare(file: StreamFile, length: number, cost: number): Promise<void> {
    const { offset, raw } = await file.read(length);
    if (raw.length === 0) {
      this.budget.give(cost);
      return;
    }
    this.firstByteAt ??= new Date(file.writtenAt).toISOString();
    this.window += raw.length;
    const data = gzipMember(raw);
    // Whoever awaits it hears of the failure.
    if (data instanceof Promise) data.catch(() => {});
    this.prepared.push({
      file,
      offset,
      length: raw.length,
      sequence: this.sequence++,
      at: new Date().toISOString(),
      ...countLines(raw),
      cost,
      data,
    });
  }

  private async ship(chunk: Prepared, compressed: Buffer): Promise<void> {
    const { file, cost, data: _, ...rest } = chunk;
    const { offset, length } = rest;
    try {
      const { stored } = await this.sink({ stream: file.name, ...rest, data: compressed });
      file.stored = stored;
      const isWhole = stored === offset + length;
      if (isWhole) this.rewinds = 0;
      if (!isWhole || this.gaps.has(file)) this.gaps.set(file, stored);
    } finally {
      this.window -= length;
      this.budget.give(cost);
    }
    this.onProgress();
  }

  /**
   * The server is elsewhere than we thought: back, because it lost something, or ahead, because a former life of this
   * daemon had sent more. Nothing is under way.
   */
  private async goBack(): Promise<void> {
    if (this.gaps.size === 0) return;
    if (this.rewinds++ > 0) await wait(Math.min(SECOND_REWIND_MS * 2 ** (this.rewinds - 2), LONGEST_REWIND_MS));
    for (const [file, stored] of this.gaps) {
      this.drop(file);
      file.seek(stored);
    }
    this.gaps.clear();
  }

  private drop(file: StreamFile): void {
    for (const chunk of this.prepared.splice(0)) {
      if (chunk.file !== file) {
        this.prepared.push(chunk);
        continue;
      }
      this.window -= chunk.length;
      this.budget.give(chunk.cost);
    }
  }
}
