import type { ClaimedExecution } from '@drover/protocol';

/** Jobs are fetched ahead as many as ended in this time: they start within about as long. Milliseconds. */
const AHEAD_MS = 50;
/** Fewer ends than this in that time: jobs are not short, and none is fetched ahead. */
const FEWEST_ENDS = 4;
/** More than a node starts in {@link AHEAD_MS}. */
const MOST_AHEAD = 256;
/** An execution that has waited this long is given back. Milliseconds. */
const PATIENCE_MS = 250;
/** After an execution was given back late, none is fetched ahead for this long. Milliseconds. */
const REST_MS = 1_000;

/** Takes the slots of a queue; null: none is free. */
type TakeSlot = () => (() => void) | null;

interface Waiting {
  claimed: ClaimedExecution;
  takeSlot: TakeSlot;
  until: number;
}

/**
 * Executions that were fetched before a slot was free for them, the first ones first. While jobs are short, a slot that
 * comes free has its next job at once, instead of after a request. As many are fetched as ended lately, so that none
 * waits here for much longer than {@link AHEAD_MS}; what does wait is given back, and its job goes to the queue again.
 * Then none is fetched ahead for a second, so that a job is not fetched and given back in a loop.
 */
export class WaitingLine {
  private line: Waiting[] = [];
  /** When executions ended lately, by the clock of `performance`. */
  private ends: number[] = [];
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  /** Nothing is fetched ahead before this time, by the clock of `performance`. */
  private restsUntil = 0;

  constructor(
    private readonly start: (claimed: ClaimedExecution, releaseSlot: () => void) => void,
    private readonly giveBack: (claimed: ClaimedExecution) => void,
  ) {}

  /** Executions that wait here. */
  get size(): number {
    return this.line.length;
  }

  /** Executions of a queue that wait here. */
  of(queue: string): number {
    return this.line.reduce((sum, { claimed }) => sum + (claimed.queue === queue ? 1 : 0), 0);
  }

  /** How many more executions to fetch, beyond those for free slots. */
  get wanted(): number {
    if (this.closed || performance.now() < this.restsUntil) return 0;
    this.forgetOldEnds();
    return this.ends.length < FEWEST_ENDS ? 0 : Math.max(0, Math.min(this.ends.length, MOST_AHEAD) - this.line.length);
  }

  /** An execution has ended, and its slot is free. True: the slot has its next execution. */
  ended(): boolean {
    this.ends.push(performance.now());
    if (this.ends.length > 2 * MOST_AHEAD) this.forgetOldEnds();
    return this.startNext();
  }

  /** An execution waits for one of its slots; where the line is closed it is given back at once. */
  add(claimed: ClaimedExecution, takeSlot: TakeSlot): void {
    if (this.closed) {
      this.giveBack(claimed);
      return;
    }
    this.line.push({ claimed, takeSlot, until: performance.now() + PATIENCE_MS });
    this.timer ??= setTimeout(() => this.expire(), PATIENCE_MS);
  }

  /** Takes an execution out of the line; nobody is told. False: it does not wait here. */
  drop(executionId: string): boolean {
    const before = this.line.length;
    this.line = this.line.filter(({ claimed }) => claimed.execution_id !== executionId);
    return this.line.length < before;
  }

  /** The executions that wait. */
  *list(): Generator<ClaimedExecution> {
    for (const { claimed } of this.line) yield claimed;
  }

  /** No more is fetched ahead, and all that waits is given back. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const { claimed } of this.line.splice(0)) this.giveBack(claimed);
  }

  /** Fetches ahead again. */
  reopen(): void {
    this.closed = false;
  }

  /** Starts what fits, of any queue. True: something was started. */
  private startNext(): boolean {
    let started = false;
    for (let at = 0; at < this.line.length;) {
      const { claimed, takeSlot } = this.line[at] as Waiting;
      const release = takeSlot();
      if (release === null) at += 1;
      else {
        // Out of the line first: what cannot be started ends in this turn, and its slot looks for the next one here.
        this.line.splice(at, 1);
        started = true;
        this.start(claimed, release);
      }
    }
    return started;
  }

  private expire(): void {
    this.timer = undefined;
    const now = performance.now();
    // Slots come free without an end, too: a claim was refused, or fewer are reserved.
    this.startNext();
    const late = this.line.filter(({ until }) => until <= now + 1);
    this.line = this.line.filter(({ until }) => until > now + 1);
    if (late.length > 0) this.restsUntil = now + REST_MS;
    for (const { claimed } of late) this.giveBack(claimed);
    const [next] = this.line;
    if (next !== undefined) this.timer = setTimeout(() => this.expire(), Math.max(1, next.until - now));
  }

  private forgetOldEnds(): void {
    const oldest = performance.now() - AHEAD_MS;
    const first = this.ends.findIndex((at) => at > oldest);
    this.ends = first === -1 ? [] : this.ends.slice(first);
  }
}
