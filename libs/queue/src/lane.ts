import { sleep } from './guard.js';
import { STALLED_CHECK_MS, type Doorbell, type TicketStore } from './store.js';

/** Longest blocking wait. A doorbell that got lost (a worker killed between hearing it and fetching) costs this much. */
const LONGEST_WAIT_MS = 2000;
/**
 * Fetches under way for one queue: grows with each ticket, so that a single ticket costs one fetch and a backlog is
 * drained in parallel.
 */
const MOST_FETCHES = 8;
const MANY_BROKEN_WAITS = 3;
const ERROR_WAIT_MS = { first: 100, most: 2000 };

/** Milliseconds before the next attempt, after so many that failed. */
const backOff = (failures: number): number =>
  Math.min(ERROR_WAIT_MS.first * 2 ** Math.min(failures - 1, 10), ERROR_WAIT_MS.most) * (0.8 + 0.4 * Math.random());

/** The events that a lane tells its source. */
export interface LaneEvents {
  /** Called when it has become worthwhile to fetch. */
  ready(): void;
  failed(error: unknown): void;
}

/**
 * One served queue: knows whether a fetch is worthwhile. While its queue is empty it waits for the doorbell, for the
 * next due time, or for a short time-out, whichever comes first; while there is a backlog it does not wait at all.
 */
export class Lane {
  /** A fetch would probably bring something. */
  ready = true;
  /** A doorbell was heard that now nobody else hears: fetch even without a free slot, and give the ticket back. */
  must = false;
  /** Fetches under way. */
  fetching = 0;
  /** Fetches that may be under way. */
  burst = 1;
  private readonly doorbell: Doorbell;
  private waiting = false;
  private stopped = true;
  private pokes = 0;
  private errors = 0;
  private deaf = 0;
  private dueTimer: NodeJS.Timeout | undefined;
  private stalledTimer: NodeJS.Timeout | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private onQuiet: (() => void)[] = [];

  constructor(
    readonly queue: string,
    readonly bullName: string,
    private readonly store: TicketStore,
    private readonly events: LaneEvents,
  ) {
    this.doorbell = store.doorbell(bullName);
  }

  async resume(): Promise<void> {
    if (!this.stopped) return;
    this.stopped = false;
    await this.doorbell.restore();
    this.stalledTimer = setInterval(() => void this.redeliverLost(), STALLED_CHECK_MS);
    void this.redeliverLost();
    this.poke(false);
  }

  /** Ends the wait under way; no wait begins before {@link Lane.resume}. */
  async pause(): Promise<void> {
    this.stopped = true;
    clearInterval(this.stalledTimer);
    clearTimeout(this.dueTimer);
    clearTimeout(this.retryTimer);
    await this.doorbell.interrupt();
  }

  async close(): Promise<void> {
    await this.pause();
    await this.doorbell.close();
  }

  /** Resolves when no fetch is under way. */
  async quiet(): Promise<void> {
    if (this.fetching > 0) await new Promise<void>((resolve) => this.onQuiet.push(resolve));
  }

  private ended(): void {
    this.fetching -= 1;
    if (this.fetching === 0) for (const resolve of this.onQuiet.splice(0)) resolve();
  }

  /** Something may be there. `must`: and nobody else was told. */
  poke(must: boolean): void {
    if (this.stopped) return;
    this.pokes += 1;
    this.ready = true;
    this.must ||= must;
    this.burst = 1;
    this.events.ready();
  }

  /** A fetch begins; the answer goes to {@link Lane.fetched} together with what this returned. */
  begin(): number {
    this.fetching += 1;
    this.must = false;
    return this.pokes;
  }

  /**
   * @param nextDue when the next delayed ticket is due (ms since epoch), 0 when none waits. Only looked at when nothing
   *   came.
   */
  fetched(began: number, ticket: boolean, nextDue: number): void {
    this.ended();
    this.errors = 0;
    if (ticket) {
      this.burst = Math.min(this.burst * 2, MOST_FETCHES);
      return;
    }
    // Whoever poked after the fetch had begun knows more than its answer.
    if (this.pokes !== began) return;
    this.ready = false;
    this.burst = 1;
    this.waitUntil(nextDue, false);
    void this.listen();
  }

  fetchFailed(error: unknown): void {
    this.ended();
    this.ready = false;
    this.events.failed(error);
    this.retry();
  }

  private retry(): void {
    if (this.stopped) return;
    this.errors += 1;
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.poke(false), backOff(this.errors));
  }

  private waitUntil(due: number, must: boolean): void {
    clearTimeout(this.dueTimer);
    if (due <= 0 || this.stopped) return;
    const inMs = Math.max(due - this.store.clock(), 0);
    // Later ones are seen by the fetch that follows each time-out.
    if (inMs <= LONGEST_WAIT_MS) this.dueTimer = setTimeout(() => this.poke(must), inMs + 1);
  }

  private async listen(): Promise<void> {
    if (this.waiting || this.stopped) return;
    this.waiting = true;
    let heard: number | null = null;
    try {
      heard = await this.doorbell.wait(LONGEST_WAIT_MS);
      this.deaf = 0;
    } catch (error) {
      // One broken wait is nothing: a fetch follows. When no wait works any more, fetching goes on as polling.
      if (++this.deaf === MANY_BROKEN_WAITS) this.events.failed(error);
      await sleep(backOff(this.deaf));
    }
    this.waiting = false;
    if (this.stopped) return;
    const taken = heard !== null && this.doorbell.exclusive;
    // A doorbell of a delayed ticket carries the ticket's time.
    if (heard !== null && heard > this.store.clock()) {
      this.waitUntil(heard, taken);
      void this.listen();
    } else {
      this.poke(taken);
    }
  }

  /**
   * Tickets whose worker died between fetch and done go back. One worker of all does it each interval: the store sees
   * to that.
   */
  private async redeliverLost(): Promise<void> {
    try {
      const lost = await this.store.run('look for lost tickets', () =>
        this.store.backend(this.bullName).moveStalledJobsToWait(),
      );
      if (lost.length > 0) this.poke(false);
    } catch (error) {
      if (!this.stopped) this.events.failed(error);
    }
  }
}
