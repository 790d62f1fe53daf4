import type { Config } from '@drover/config';
import type { RegisterResponse } from '@drover/protocol';
import type { HeldTicket, QueueOptions, TicketSource } from '@drover/queue';
import type { Logger } from '@drover/telemetry';
import type { SlotGroup, Slots } from './slots.js';
import { TicketlessSource } from './ticketless-source.js';

/** How the tickets' store is opened: `createTicketSource` of @drover/queue. */
export type OpenSource = (options: QueueOptions) => Promise<TicketSource>;

/** Tickets in hand are given back within this, or redelivered by the store. */
const CLOSE_MS = 1_000;

interface Line {
  queues: string[];
  slots: SlotGroup;
  source: TicketSource;
}

/**
 * Pulls tickets for all queues of the node. A queue with a cap of its own has a source of its own; the others share
 * one.
 */
export class Tickets {
  private lines: Line[] = [];
  private readonly groups: { queues: string[]; slots: SlotGroup; limited: boolean }[];
  private readonly groupOf = new Map<string, SlotGroup>();
  /** Where the open sources fetch from. */
  private at = '';
  private reasons = new Set<string>(['not started']);

  constructor(
    queues: Config['queues'],
    private readonly slots: Slots,
    private readonly open: OpenSource,
    private readonly onTicket: (ticket: HeldTicket, releaseSlot: () => void) => void,
    private readonly logger: Logger,
    /** The broker's time, by which tickets are due. */
    private readonly clock: () => number = Date.now,
  ) {
    const shared = queues.filter((queue) => queue.slots === null).map((queue) => queue.name);
    this.groups = queues
      .filter((queue) => queue.slots !== null)
      .map((queue) => ({
        queues: [queue.name],
        slots: slots.group(queue.name, queue.slots ?? Infinity),
        limited: true,
      }));
    if (shared.length > 0) this.groups.push({ queues: shared, slots: slots.group('', Infinity), limited: false });
    for (const group of this.groups) for (const queue of group.queues) this.groupOf.set(queue, group.slots);
  }

  /** The slots of a job that runs already, or is started whatever is free. */
  occupy(queue: string, weight = 1): () => void {
    const slots = this.groupOf.get(queue) ?? this.slots.group('', Infinity);
    slots.occupy(weight);
    return once(() => slots.release(weight));
  }

  /** A free slot for a job that came without a ticket. Null: there is none. */
  tryOccupy(queue: string): (() => void) | null {
    const slots = this.groupOf.get(queue);
    if (!slots?.tryAcquire()) return null;
    return once(() => slots.release());
  }

  /** Queues in which jobs probably wait, with the slots that their own limits leave (Infinity: no limit). */
  backlog(): [name: string, most: number][] {
    return this.lines.flatMap(({ source, slots }) =>
      source
        .backlog()
        .map((queue): [string, number] => [queue, slots.room()])
        .filter(([, most]) => most > 0),
    );
  }

  /** Free slots of the queues with limits of their own. */
  freeOfQueues(): Record<string, number> {
    const free: Record<string, number> = {};
    for (const { queues, slots, limited } of this.groups)
      if (limited) for (const queue of queues) free[queue] = slots.room();
    return free;
  }

  /**
   * Opens the sources where the API says the tickets are, unless they are open there; those of another place are
   * closed. @throws when there is no such store
   */
  async start(access: RegisterResponse['tickets'], redisUrl: string | null): Promise<void> {
    const { at, open } = this.placeOf(access, redisUrl);
    if (this.lines.length > 0 && this.at === at) return;
    await this.close(CLOSE_MS);
    this.lines = [];
    const lines: Line[] = [];
    for (const group of this.groups) {
      const source = await open();
      await source.serve(group.queues);
      lines.push({ ...group, source });
    }
    this.lines = lines;
    this.at = at;
    for (const { source, slots } of lines) {
      source.start({
        slotFree: (signal) => slots.slotFree(signal),
        tryAcquire: () => slots.tryAcquire(),
        onTicket: (ticket) =>
          this.onTicket(
            ticket,
            once(() => slots.release()),
          ),
        onError: (error) => this.logger.warn({ err: error }, 'tickets cannot be fetched at the moment'),
      });
    }
    this.resume('not started');
    if (this.reasons.size > 0) await this.pauseAll();
  }

  private placeOf(
    { backend, url: told, prefix }: RegisterResponse['tickets'],
    redisUrl: string | null,
  ): { at: string; open: () => Promise<TicketSource> } {
    if (backend === 'api') return { at: 'api', open: async () => new TicketlessSource() };
    const url = (backend === 'redis' ? redisUrl : null) ?? told;
    if (url === undefined)
      throw new Error('The API does not say where the tickets are: set DROVER_REDIS_URL for this worker.');
    return { at: `${backend} ${url} ${prefix}`, open: () => this.open({ backend, url, prefix, clock: this.clock }) };
  }

  /** No more tickets until every reason is gone. */
  async pause(reason: string): Promise<void> {
    const first = this.reasons.size === 0;
    this.reasons.add(reason);
    if (first) await this.pauseAll();
  }

  resume(reason: string): void {
    if (!this.reasons.delete(reason) || this.reasons.size > 0) return;
    this.slots.blocked = false;
    for (const { source } of this.lines) source.resume();
  }

  async close(deadlineMs: number): Promise<void> {
    await Promise.all(this.lines.map(({ source }) => source.close(deadlineMs)));
  }

  private async pauseAll(): Promise<void> {
    this.slots.blocked = true;
    await Promise.all(this.lines.map(({ source }) => source.pause()));
  }
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) run();
    done = true;
  };
}
