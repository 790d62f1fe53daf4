import type { LogLine, LogLines } from '../../api/types.js';

/** Lines of a page. Their texts, 8 KiB each at most, fit into one answer. */
export const PAGE_LINES = 200;
/** Memory for the texts of lines, bytes. Hits of a search have 16 MiB more. */
const HELD_BYTES = 40 * 1024 * 1024;
/** A line without its text, and a character, in the memory of a browser, bytes. */
const LINE_BYTES = 200;
const CHARACTER_BYTES = 2;

type Read = (from: number, count: number, signal: AbortSignal) => Promise<LogLines>;

interface Page {
  /** Lines that are here; others are holes. */
  lines: (LogLine | undefined)[];
  bytes: number;
}

/**
 * The lines of a log that are held: pages are read when their lines are wanted, and those that were not looked at for
 * the longest time are dropped when their texts grow too large.
 */
export class LinePages {
  /** In the order of their last use. */
  private readonly pages = new Map<number, Page>();
  private readonly asked = new Map<number, AbortController>();
  private readonly failed = new Set<number>();
  private readonly listeners = new Set<() => void>();
  private wanted: ReadonlySet<number> = new Set();
  private version = 0;
  private heldBytes = 0;
  total = 0;
  state: LogLines['state'] = 'waiting';
  /** Why the last read failed; null after one that did not. */
  error: unknown = null;

  constructor(
    private readonly read: Read,
    private readonly mostBytes = HELD_BYTES,
  ) {}

  /** A number that changes with every change, for `useSyncExternalStore`. */
  now = (): number => this.version;
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Bytes that the texts take. */
  get held(): number {
    return this.heldBytes;
  }

  /** A line by its number, from 1; undefined while it is not here. */
  line(number: number): LogLine | undefined {
    return this.pages.get(pageOf(number))?.lines[(number - 1) % PAGE_LINES];
  }

  /** Reads what is missing of these lines, and gives up what was asked for before and is not wanted any more. */
  want(numbers: readonly number[]): void {
    const there = numbers.filter((number) => number >= 1 && number <= this.total);
    this.wanted = new Set(there.map(pageOf));
    for (const [page, request] of this.asked) if (!this.wanted.has(page)) request.abort();
    for (const page of this.wanted) this.touch(page);
    const missing = new Set(there.filter((number) => this.line(number) === undefined).map(pageOf));
    for (const page of missing) if (!this.asked.has(page) && !this.failed.has(page)) void this.ask(page);
  }

  /** Takes lines that were read, wherever they begin. */
  put({ lines, total, state }: LogLines): void {
    const before = this.total;
    this.total = Math.max(before, total);
    this.state = state;
    // The line that was the last one may have gone on.
    if (this.total > before && this.line(before)?.ended === false) this.set(before, undefined);
    for (const line of lines) this.set(line.number, line);
    this.shrink();
    this.error = null;
    this.changed();
  }

  /** Notes that a read failed. */
  fail(error: unknown): void {
    this.error = error;
    this.changed();
  }

  /** Reads again what could not be read. */
  again(): void {
    this.failed.clear();
    this.error = null;
    this.changed();
  }

  /** Gives up every request. */
  close(): void {
    for (const request of this.asked.values()) request.abort();
  }

  private async ask(page: number): Promise<void> {
    const request = new AbortController();
    this.asked.set(page, request);
    try {
      const first = this.firstMissing(page);
      const answer = await this.read(first, (page + 1) * PAGE_LINES - first + 1, request.signal);
      this.asked.delete(page);
      // An answer may be short, never empty: what is not there is not asked for without end.
      if (answer.lines.length === 0) this.failed.add(page);
      this.put(answer);
    } catch (error) {
      this.asked.delete(page);
      if (request.signal.aborted) return;
      this.failed.add(page);
      this.fail(error);
    }
  }

  private firstMissing(page: number): number {
    let number = page * PAGE_LINES + 1;
    while (this.line(number) !== undefined) number += 1;
    return number;
  }

  private touch(page: number): void {
    const held = this.pages.get(page);
    if (held === undefined) return;
    this.pages.delete(page);
    this.pages.set(page, held);
  }

  private set(number: number, line: LogLine | undefined): void {
    const page = pageOf(number);
    const held = this.pages.get(page) ?? { lines: [], bytes: 0 };
    const at = (number - 1) % PAGE_LINES;
    const more = costOf(line) - costOf(held.lines[at]);
    held.lines[at] = line;
    held.bytes += more;
    this.heldBytes += more;
    this.pages.set(page, held);
  }

  private shrink(): void {
    for (const [page, { bytes }] of this.pages) {
      if (this.heldBytes <= this.mostBytes) return;
      if (this.wanted.has(page)) continue;
      this.pages.delete(page);
      this.heldBytes -= bytes;
    }
  }

  private changed(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }
}

const pageOf = (number: number): number => Math.floor((number - 1) / PAGE_LINES);
const costOf = (line: LogLine | undefined): number =>
  line === undefined ? 0 : LINE_BYTES + CHARACTER_BYTES * line.text.length;
