import type { OutboxRow, Store } from '@drover/store';
import { dispatchStore, queueStore } from '@drover/store';
import type { JobsLogger, TicketSink } from './ports.js';

/** Tickets sent in one go, and marks read in one go. */
const BATCH = 250;
/** Marks younger than this belong to a send that is under way. */
const IN_FLIGHT_MS = 2_000;
/** Marks of tickets that were sent are cleared together, this long after the first of them: nobody waits for it, and the claim of the job it would be in the way of comes within milliseconds. */
const CLEAR_AFTER_MS = 100;
/** Marks cleared in one statement. */
const CLEAR_BATCH = 5_000;

/** Name of a job's ticket: one for each time it becomes ready, the same however often it is added. */
export const ticketId = (job: { id: string; dispatch_seq: number }): string => `${job.id}-${job.dispatch_seq}`;

export const ticketOf = (job: {
  id: string;
  dispatch_seq: number;
  queue: string;
  priority: number;
  start_at: Date | null;
}): OutboxRow => ({ ticket_id: ticketId(job), job_id: job.id, queue: job.queue, priority: job.priority, due_at: job.start_at });

/**
 * Carries dispatch marks from the record to BullMQ. The mark is written with the job; the ticket is added after the commit; then the mark is
 * cleared. Whatever fails in between is done again by `drain` (the marks) or `reconcile` (everything).
 */
export class Dispatcher {
  private queue: OutboxRow[] = [];
  private sending: Promise<void> | null = null;
  private sent: string[] = [];
  private clearTimer: NodeJS.Timeout | undefined;
  private clearing: Promise<void> = Promise.resolve();
  private lastWarning = 0;

  constructor(
    private readonly store: Store,
    private readonly tickets: TicketSink,
    private readonly log: JobsLogger,
  ) {}

  /** Rings for committed marks. Returns at once: an outage of BullMQ never holds up an accepted job. */
  ring(tickets: OutboxRow[]): void {
    if (tickets.length === 0) return;
    for (const ticket of tickets) this.queue.push(ticket);
    this.sending ??= this.send().finally(() => {
      this.sending = null;
    });
  }

  /** Takes tickets of jobs that ended before their start out of the queue. Best effort: a ticket left behind is refused at its claim. */
  drop(tickets: { queue: string; ticket_id: string }[]): void {
    const byQueue = new Map<string, string[]>();
    for (const ticket of tickets) byQueue.set(ticket.queue, [...(byQueue.get(ticket.queue) ?? []), ticket.ticket_id]);
    for (const [queue, ids] of byQueue) {
      this.tickets.remove(queue, ids).catch((error: unknown) => this.log.warn({ error: String(error), queue }, 'dropped tickets stay until they are claimed'));
    }
  }

  /** Waits until everything rung for so far was tried, and the marks of what was sent are cleared. */
  async settled(): Promise<void> {
    while (this.sending) await this.sending;
    await this.clear();
  }

  private async send(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.queue.splice(0, BATCH);
      try {
        await this.tickets.add(batch.map(({ due_at, ...ticket }) => ({ ...ticket, ...(due_at ? { due_at: new Date(due_at) } : {}) })));
      } catch (error) {
        // The marks stay; `drain` sends them when BullMQ is back.
        this.queue = [];
        this.warn(error, batch.length, 'tickets could not be sent; their marks stay and are tried again');
        return;
      }
      for (const { ticket_id } of batch) this.sent.push(ticket_id);
      this.clearTimer ??= setTimeout(() => void this.clear(), CLEAR_AFTER_MS);
    }
  }

  /** One at a time, so that who waits for it waits for the one under way too. */
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
      for (let from = 0; from < ids.length; from += CLEAR_BATCH) await dispatchStore.clear(this.store.keyed, ids.slice(from, from + CLEAR_BATCH));
    } catch (error) {
      this.warn(error, ids.length, 'marks of sent tickets could not be cleared; their tickets are sent again, which changes nothing');
    }
  }

  private warn(error: unknown, tickets: number, what: string): void {
    if (Date.now() - this.lastWarning <= 5_000) return;
    this.lastWarning = Date.now();
    this.log.warn({ error: String(error), tickets }, what);
  }

  /** Sends marks that were left behind. */
  async drain(olderThanMs = IN_FLIGHT_MS): Promise<number> {
    let sent = 0;
    for (;;) {
      const marks = await dispatchStore.pending(this.store.sql, BATCH, olderThanMs);
      if (marks.length === 0) return sent;
      await this.tickets.add(marks.map(({ due_at, ...ticket }) => ({ ...ticket, ...(due_at ? { due_at } : {}) })));
      await dispatchStore.clear(this.store.sql, marks.map((mark) => mark.ticket_id));
      sent += marks.length;
      if (marks.length < BATCH) return sent;
    }
  }

  /** Pauses again what the record says is paused: an emptied Redis has forgotten it. */
  async repause(): Promise<void> {
    for (const queue of await queueStore.list(this.store.sql)) if (queue.paused) await this.tickets.pause(queue.name);
  }

  /**
   * Compares the whole record with BullMQ, a page at a time, and adds what is missing: after a FLUSHALL, or a Redis that came back empty.
   * Adding is idempotent, so it may run beside everything else.
   */
  async reconcile(): Promise<number> {
    let repaired = 0;
    let cursor = '0';
    for (;;) {
      const page = await dispatchStore.expected(this.store.sql, cursor, BATCH);
      const last = page.at(-1);
      if (!last) return repaired;
      cursor = last.seq;
      const byQueue = new Map<string, (typeof page)[number][]>();
      for (const row of page) byQueue.set(row.queue, [...(byQueue.get(row.queue) ?? []), row]);
      for (const [queue, rows] of byQueue) {
        const missing = new Set(await this.tickets.missing(queue, rows.map((row) => row.ticket_id)));
        const lost = rows.filter((row) => missing.has(row.ticket_id));
        if (lost.length === 0) continue;
        await this.tickets.add(
          lost.map((row) => ({ ticket_id: row.ticket_id, job_id: row.job_id, queue, priority: row.priority, ...(row.due_at ? { due_at: row.due_at } : {}) })),
        );
        repaired += lost.length;
      }
      if (page.length < BATCH) break;
    }
    if (repaired > 0) this.log.warn({ repaired }, 'tickets missing in the queue were added again from the record');
    return repaired;
  }
}
