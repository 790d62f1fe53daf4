import { type DispatchMark, type Store, dispatchStore, queueStore } from '@drover/store';
import type { JobsLogger, TicketSink } from './ports.js';
import { parcelsOf, TicketLine, type Parcel } from './ticket-line.js';

/** Marks read in one go. */
const BATCH = 250;
/** Queues whose tickets are sent at the same time. */
const QUEUES_AT_ONCE = 4;
/** So many queues one after another that could not be sent: the ticket store is away, and the rest is left to `drain`. */
const AWAY_AFTER = 4;
/** Queues whose last failure is remembered, for `explain`. */
const FAILURES_KEPT = 1_000;
/** Marks younger than this belong to a send that is under way. */
const IN_FLIGHT_MS = 2_000;
/**
 * Marks of tickets that were sent are cleared together, this long after the first of them: nobody waits for it, and the
 * claim of the job it would be in the way of comes within milliseconds.
 */
const CLEAR_AFTER_MS = 100;
/** Marks cleared in one statement. */
const CLEAR_BATCH = 5_000;
/** Jobs compared at a time: pages of 250 take half again to twice the time. */
const PAGE = 1_000;
/**
 * Tickets of jobs that changed within this time may be on their way. After a loss they are added all the same: who
 * waits for the next comparison may wait long.
 */
const UNCHANGED_MS = 1_000;
/**
 * From the begin of a comparison to that of the next at least this many times what it took. The tick sees to the least
 * of ten seconds.
 */
const COMPARISON_REST = 20;

/** Name of a job's ticket: one for each time it becomes ready, the same however often it is added. */
export const ticketId = (job: { id: string; dispatch_seq: number }): string => `${job.id}-${job.dispatch_seq}`;

export const ticketOf = (job: {
  id: string;
  dispatch_seq: number;
  queue: string;
  priority: number;
  start_at: Date | null;
}): DispatchMark => ({
  ticket_id: ticketId(job),
  job_id: job.id,
  queue: job.queue,
  priority: job.priority,
  due_at: job.start_at,
});

/**
 * Carries dispatch marks from the record to BullMQ. The mark is written with the job; the ticket is added after the
 * commit; then the mark is cleared. Tickets go out by queue, so that one that cannot be sent to holds up no other.
 * Whatever fails in between is done again by `drain` (the marks) or `reconcile` (everything).
 */
export class Dispatcher {
  private readonly line = new TicketLine();
  /** Why the tickets of a queue could not be sent the last time; gone once they can. */
  private readonly failures = new Map<string, string>();
  private failedInARow = 0;
  private sending: Promise<void> | null = null;
  private sent: string[] = [];
  private clearTimer: NodeJS.Timeout | undefined;
  private clearing: Promise<void> = Promise.resolve();
  private lastWarning = 0;
  private comparing = false;
  /** Incarnation of the ticket store that was compared whole. */
  private compared: string | undefined;
  private nextComparison = 0;

  constructor(
    private readonly store: Store,
    private readonly tickets: TicketSink,
    private readonly log: JobsLogger,
    /** Milliseconds of a clock that never goes back. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Rings for committed marks. Returns at once: an outage of BullMQ never holds up an accepted job. */
  ring(tickets: DispatchMark[]): void {
    if (tickets.length === 0) return;
    this.line.add(tickets);
    this.sending ??= this.send().finally(() => {
      this.sending = null;
    });
  }

  /**
   * Takes tickets of jobs that ended before their start out of the queue. Best effort: a ticket left behind is refused
   * at its claim.
   */
  drop(tickets: { queue: string; ticket_id: string }[]): void {
    const byQueue = new Map<string, string[]>();
    for (const ticket of tickets) byQueue.set(ticket.queue, [...(byQueue.get(ticket.queue) ?? []), ticket.ticket_id]);
    for (const [queue, ids] of byQueue) {
      this.tickets
        .remove(queue, ids)
        .catch((error: unknown) =>
          this.log.warn({ error: String(error), queue }, 'dropped tickets stay until they are claimed'),
        );
    }
  }

  /**
   * The time of these tickets has come by the record's clock: who fetches next gets them, whatever its own clock says.
   * Best effort: workers fetch by the time the broker tells them, this is for those it has not told.
   */
  due(tickets: { queue: string; ticket_id: string }[]): void {
    const byQueue = new Map<string, string[]>();
    for (const ticket of tickets) byQueue.set(ticket.queue, [...(byQueue.get(ticket.queue) ?? []), ticket.ticket_id]);
    for (const [queue, ids] of byQueue) {
      this.tickets
        .promote(queue, ids)
        .catch((error: unknown) =>
          this.warn(
            error,
            ids.length,
            'tickets that are due could not be promoted; workers fetch them by the time they were told',
          ),
        );
    }
  }

  /** Waits until everything rung for so far was tried, and the marks of what was sent are cleared. */
  async settled(): Promise<void> {
    while (this.sending) await this.sending;
    await this.clear();
  }

  /** Why the last tickets of a queue could not be sent, as far as this process knows; null when they could. */
  failureOf(queue: string): string | null {
    return this.failures.get(queue) ?? null;
  }

  private async send(): Promise<void> {
    while (!this.line.empty) {
      await this.each(this.line.next(), async (parcel) => {
        const failed = await this.sendOne(parcel);
        this.line.settled(parcel.tickets);
        if (failed) return;
        for (const { ticket_id } of parcel.tickets) this.sent.push(ticket_id);
        this.clearTimer ??= setTimeout(() => void this.clear(), CLEAR_AFTER_MS);
      });
      // The marks stay; `drain` sends them when the ticket store is back.
      if (this.failedInARow >= AWAY_AFTER) return this.line.drop();
    }
  }

  /** Works on a few queues side by side. One that fails is in nobody's way. */
  private async each(parcels: Parcel[], work: (parcel: Parcel) => Promise<void>): Promise<void> {
    const waiting = parcels.values();
    const lane = async (): Promise<void> => {
      for (const parcel of waiting) await work(parcel);
    };
    await Promise.all(Array.from({ length: Math.min(QUEUES_AT_ONCE, parcels.length) }, lane));
  }

  /** Sends the tickets of one queue. Gives the error when it cannot: their marks stay. */
  private async sendOne({ queue, tickets }: Parcel): Promise<unknown> {
    try {
      await this.tickets.add(
        tickets.map(({ due_at, ...ticket }) => ({ ...ticket, ...(due_at ? { due_at: new Date(due_at) } : {}) })),
      );
      this.failures.delete(queue);
      this.failedInARow = 0;
      return null;
    } catch (error) {
      this.failedInARow += 1;
      if (this.failures.size < FAILURES_KEPT || this.failures.has(queue))
        this.failures.set(queue, error instanceof Error ? error.message : String(error));
      this.warn(
        error,
        tickets.length,
        `tickets of the queue ${queue} could not be sent; their marks stay and are tried again`,
      );
      return error ?? new Error('unknown');
    }
  }

  /** Runs one dispatch at a time, so that whoever waits for it waits for the one under way too. */
  private clear(): Promise<void> {
    clearTimeout(this.clearTimer);
    this.clearTimer = undefined;
    this.clearing = this.clearing.then(() => this.clearSent());
    return this.clearing;
  }

  private async clearSent(): Promise<void> {
    const ids = this.sent;
    this.sent = [];
    try {
      for (let from = 0; from < ids.length; from += CLEAR_BATCH)
        await dispatchStore.clear(this.store.keyed, ids.slice(from, from + CLEAR_BATCH));
    } catch (error) {
      this.warn(
        error,
        ids.length,
        'marks of sent tickets could not be cleared; their tickets are sent again, which changes nothing',
      );
    }
  }

  private warn(error: unknown, tickets: number, what: string): void {
    if (Date.now() - this.lastWarning <= 5_000) return;
    this.lastWarning = Date.now();
    this.log.warn({ error: String(error), tickets }, what);
  }

  /**
   * Sends marks that were left behind, the oldest of each queue first. A queue that fails is passed by until the next
   * time, so that it holds up no other.
   *
   * @throws the first error, when everything else was sent
   */
  async drain(olderThanMs = IN_FLIGHT_MS): Promise<number> {
    let sent = 0;
    let first: unknown = null;
    const failing = new Set<string>();
    for (;;) {
      const found = await dispatchStore.pending(this.store.sql, BATCH, olderThanMs, [...failing]);
      // Marks that are still in our own line are sent by it.
      const marks = found.filter((mark) => !this.line.has(mark.ticket_id));
      const failed = failing.size;
      let done = 0;
      await this.each(parcelsOf(marks), async (parcel) => {
        if (failing.size >= AWAY_AFTER && done === 0) return;
        const error = await this.sendOne(parcel);
        if (error) {
          first ??= error;
          failing.add(parcel.queue);
          return;
        }
        await dispatchStore.clear(
          this.store.sql,
          parcel.tickets.map((mark) => mark.ticket_id),
        );
        done += parcel.tickets.length;
      });
      sent += done;
      // A whole page of which nothing was sent: the ticket store is away, or the page is in our own line.
      if (found.length < BATCH || (done === 0 && (failing.size === failed || failing.size >= AWAY_AFTER))) break;
    }
    if (first) throw first;
    return sent;
  }

  /** Pauses again what the record says is paused: an emptied Redis has forgotten it. */
  async repause(): Promise<void> {
    for (const queue of await queueStore.list(this.store.sql)) if (queue.paused) await this.tickets.pause(queue.name);
  }

  /**
   * Compares the record with BullMQ and adds what is missing: at once when BullMQ may have lost something (a FLUSHALL,
   * a Redis that came back empty), else so seldom that comparing takes at most a twentieth of the time, however many
   * jobs wait. Small records are thus compared at every tick. What is known of the last comparison is this process's
   * own: ticks go to any replica, so each compares once after a loss, and each keeps to its own share.
   */
  async reconcile(): Promise<number> {
    // A tick comes also while the one before is still comparing.
    if (this.comparing) return 0;
    this.comparing = true;
    try {
      // Asked before the comparison: what is lost meanwhile is seen at the next tick.
      const incarnation = await this.tickets.incarnation();
      const changed = incarnation !== this.compared;
      if (!changed && this.now() < this.nextComparison) return 0;
      const began = this.now();
      try {
        const repaired = await this.compare(changed ? 0 : UNCHANGED_MS);
        this.compared = incarnation;
        return repaired;
      } finally {
        this.nextComparison = began + COMPARISON_REST * (this.now() - began);
      }
    } finally {
      this.comparing = false;
    }
  }

  /** The whole record, a page at a time. Adding is idempotent, so it may run beside everything else. */
  private async compare(unchangedMs: number): Promise<number> {
    let repaired = 0;
    let cursor = '0';
    for (;;) {
      const page = await dispatchStore.expected(this.store.sql, cursor, PAGE, unchangedMs);
      const last = page.at(-1);
      if (!last) break;
      cursor = last.seq;
      const byQueue = new Map<string, (typeof page)[number][]>();
      for (const row of page) byQueue.set(row.queue, [...(byQueue.get(row.queue) ?? []), row]);
      for (const [queue, rows] of byQueue) {
        const missing = new Set(
          await this.tickets.missing(
            queue,
            rows.map((row) => row.ticket_id),
          ),
        );
        const lost = rows.filter((row) => missing.has(row.ticket_id));
        if (lost.length === 0) continue;
        await this.tickets.add(
          lost.map((row) => ({
            ticket_id: row.ticket_id,
            job_id: row.job_id,
            queue,
            priority: row.priority,
            ...(row.due_at ? { due_at: row.due_at } : {}),
          })),
        );
        repaired += lost.length;
      }
      if (page.length < PAGE) break;
    }
    if (repaired > 0) this.log.warn({ repaired }, 'tickets missing in the queue were added again from the record');
    return repaired;
  }
}
