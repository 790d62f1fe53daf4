import type { DispatchMark } from '@drover/store';

/** Tickets taken of one load in its turn. */
const TURN = 100;

/** The tickets of one queue, to be sent together. */
export interface Parcel {
  queue: string;
  tickets: DispatchMark[];
}

export function parcelsOf(tickets: readonly DispatchMark[]): Parcel[] {
  const byQueue = new Map<string, DispatchMark[]>();
  for (const ticket of tickets) {
    const parcel = byQueue.get(ticket.queue);
    if (parcel) parcel.push(ticket);
    else byQueue.set(ticket.queue, [ticket]);
  }
  return [...byQueue].map(([queue, parcel]) => ({ queue, tickets: parcel }));
}

/**
 * Tickets that wait to be sent. What was rung for together is a load, and the loads take turns: a single job behind a
 * batch of thousands, in whatever queues, goes out after one turn of each load before it.
 */
export class TicketLine {
  private readonly loads: { tickets: readonly DispatchMark[]; at: number }[] = [];
  private readonly inHand = new Set<string>();

  add(tickets: readonly DispatchMark[]): void {
    for (const ticket of tickets) this.inHand.add(ticket.ticket_id);
    this.loads.push({ tickets, at: 0 });
  }

  get empty(): boolean {
    return this.loads.length === 0;
  }

  /** Whether a ticket waits here or is being sent. */
  has(ticketId: string): boolean {
    return this.inHand.has(ticketId);
  }

  /** The next turn, by queue. */
  next(): Parcel[] {
    const load = this.loads.shift();
    if (!load) return [];
    const turn = load.tickets.slice(load.at, load.at + TURN);
    load.at += TURN;
    if (load.at < load.tickets.length) this.loads.push(load);
    return parcelsOf(turn);
  }

  /** These were sent, or are left to their marks. */
  settled(tickets: readonly DispatchMark[]): void {
    for (const ticket of tickets) this.inHand.delete(ticket.ticket_id);
  }

  /** Leaves everything to its marks. */
  drop(): void {
    this.loads.length = 0;
    this.inHand.clear();
  }
}
