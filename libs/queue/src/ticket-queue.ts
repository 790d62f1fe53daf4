import { Queue, type ConnectionOptions, type IQueueBackend, type JobsOptions } from 'bullmq';
import { DroverError } from '@drover/domain';
import { isRefusal } from './guard.js';
import { bullPriority, bullQueue, delayUntil } from './names.js';
import { openStore } from './open-store.js';
import type { QueueCounts, QueueOptions, Ticket, TicketQueue } from './ports.js';
import { Recent } from './recent.js';
import { BACKENDS_KEPT, EVENTS_KEPT, type TicketStore } from './store.js';

/**
 * Tickets of one queue that go out as one pipeline (Redis) or statement (Postgres, where one of a thousand takes longer
 * than four of these).
 */
const BATCH = 250;
/** A second, and one more for a full batch. */
const deadline = (count: number): number => 1000 + count;
/** Ids asked for or removed at a time. */
const LOOKUP_BATCH = 500;
/** The name of every ticket in BullMQ. */
const TICKET_NAME = 'ticket';

type TicketData = { job_id: string };
type BullQueue = Queue<TicketData, void, string, TicketData, void, string, IQueueBackend, ConnectionOptions>;

/** Opens the producer side. Comes back, connected or not, within two seconds. */
export async function createTicketQueue(options: QueueOptions): Promise<TicketQueue> {
  return new BullTicketQueue(await openStore(options));
}

class BullTicketQueue implements TicketQueue {
  readonly backend: 'redis' | 'postgres';
  private readonly queues = new Recent<BullQueue>(BACKENDS_KEPT, (name) => this.openQueue(name));
  private closed = false;

  constructor(private readonly store: TicketStore) {
    this.backend = store.kind;
  }

  private openQueue(name: string): BullQueue {
    const bullName = bullQueue(name);
    const queue: BullQueue = new Queue(bullName, { connection: {}, streams: { events: { maxLen: EVENTS_KEPT } } }, () =>
      this.store.backend(bullName),
    );
    queue.on('error', () => undefined);
    return queue;
  }

  private run<T>(what: string, operation: () => Promise<T>, deadlineMs?: number): Promise<T> {
    if (this.closed) return Promise.reject(new DroverError('unavailable', 'The ticket queue is closed.'));
    return this.store.run(what, operation, deadlineMs);
  }

  async add(tickets: Ticket[]): Promise<void> {
    const byQueue = new Map<string, Ticket[]>();
    for (const ticket of tickets) {
      const batch = byQueue.get(ticket.queue);
      if (batch) batch.push(ticket);
      else byQueue.set(ticket.queue, [ticket]);
    }
    await Promise.all([...byQueue].map(([name, batch]) => this.addToOne(name, batch)));
  }

  private async addToOne(name: string, tickets: Ticket[]): Promise<void> {
    for (let from = 0; from < tickets.length; from += BATCH) {
      const now = this.store.clock();
      const batch = tickets.slice(from, from + BATCH).map((ticket) => ({
        name: TICKET_NAME,
        data: { job_id: ticket.job_id },
        opts: {
          jobId: ticket.ticket_id,
          priority: bullPriority(ticket.priority),
          delay: delayUntil(ticket.due_at, now),
          timestamp: now,
          removeOnComplete: true,
          removeOnFail: true,
        },
      }));
      const add =
        batch.length === 1 ? () => this.addSingle(name, batch[0]!) : () => this.queues.get(name).addBulk(batch);
      await this.run<unknown>('add', add, deadline(batch.length));
    }
  }

  private async addSingle(
    queue: string,
    { name, data, opts }: { name: string; data: TicketData; opts: JobsOptions },
  ): Promise<void> {
    await this.queues.get(queue).add(name, data, opts);
  }

  async remove(queue: string, ticketIds: string[]): Promise<void> {
    const backend = this.store.backend(bullQueue(queue));
    for (let from = 0; from < ticketIds.length; from += LOOKUP_BATCH) {
      const batch = ticketIds.slice(from, from + LOOKUP_BATCH);
      await this.run('remove', () => Promise.all(batch.map((id) => backend.remove(id, false))), deadline(batch.length));
    }
  }

  async missing(queue: string, ticketIds: string[]): Promise<string[]> {
    const missing: string[] = [];
    for (let from = 0; from < ticketIds.length; from += LOOKUP_BATCH) {
      const batch = ticketIds.slice(from, from + LOOKUP_BATCH);
      missing.push(
        ...(await this.run('look up', () => this.store.missing(bullQueue(queue), batch), deadline(batch.length))),
      );
    }
    return missing;
  }

  async promote(queue: string, ticketIds: string[]): Promise<void> {
    const backend = this.store.backend(bullQueue(queue));
    // A refusal: the ticket is not delayed (any more), which is what was wanted.
    const one = (id: string): Promise<void> =>
      backend.promote(id).catch((error: unknown) => (isRefusal(error) ? undefined : Promise.reject(error as Error)));
    for (let from = 0; from < ticketIds.length; from += LOOKUP_BATCH) {
      const batch = ticketIds.slice(from, from + LOOKUP_BATCH);
      await this.run('promote', () => Promise.all(batch.map(one)), deadline(batch.length));
    }
  }

  async pause(queue: string): Promise<void> {
    await this.run('pause', () => this.store.backend(bullQueue(queue)).pause(true));
  }

  async resume(queue: string): Promise<void> {
    await this.run('resume', () => this.store.backend(bullQueue(queue)).pause(false));
  }

  async counts(queues: string[]): Promise<Map<string, QueueCounts>> {
    if (queues.length === 0) return new Map();
    const found = await this.run('count', () => this.store.counts(queues.map(bullQueue)), deadline(queues.length));
    return new Map(queues.map((name) => [name, found.get(bullQueue(name))!]));
  }

  async incarnation(): Promise<string> {
    return this.run('incarnation', () => this.store.incarnation());
  }

  async ping(): Promise<void> {
    await this.store.ping();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.store.close();
  }
}
