import { randomUUID } from 'node:crypto';
import type { HeldTicket, QueueOptions, Ticket, TicketSource } from '@drover/queue';

/** The parts that a backend's test file brings to the contract. */
export interface Backend {
  options: QueueOptions;
  /** The options by which a worker reaches the store. Default: those of the API. */
  worker?: QueueOptions;
  /** Loses everything, as FLUSHALL does. */
  wipe(): Promise<void>;
  /** Where the server is the test's own: it is killed and started again. */
  restart?(): Promise<void>;
  stop(): Promise<void>;
}

/** A consumer with a number of slots, as the worker daemon is one. */
export class Consumer {
  readonly got: HeldTicket[] = [];
  readonly errors: Error[] = [];
  used = 0;
  most = 0;
  private waiters: (() => void)[] = [];

  constructor(
    readonly source: TicketSource,
    private readonly slots: number,
    private readonly act: (ticket: HeldTicket, consumer: Consumer) => Promise<void>,
  ) {}

  start(): this {
    this.source.start({
      slotFree: async (signal) => {
        while (this.used >= this.slots) {
          signal.throwIfAborted();
          await new Promise<void>((resolve) => {
            this.waiters.push(resolve);
            signal.onabort = () => resolve();
          });
        }
      },
      tryAcquire: () => {
        if (this.used >= this.slots) return false;
        this.used += 1;
        this.most = Math.max(this.most, this.used);
        return true;
      },
      onTicket: (ticket) => {
        this.got.push(ticket);
        void this.act(ticket, this);
      },
      onError: (error) => this.errors.push(error),
    });
    return this;
  }

  free(): void {
    this.used -= 1;
    for (const wake of this.waiters.splice(0)) wake();
  }

  get ids(): string[] {
    return this.got.map((ticket) => ticket.ticket_id);
  }
}

export const finish = async (ticket: HeldTicket, consumer: Consumer): Promise<void> => {
  await ticket.done();
  consumer.free();
};
export const keep = async (): Promise<void> => undefined;

export function ticket(queue: string, priority = 0, due_at?: Date): Ticket {
  const job_id = randomUUID();
  return { ticket_id: `${job_id}-1`, job_id, queue, priority, due_at };
}

export const tickets = (count: number, queue: string, priority = 0): Ticket[] =>
  Array.from({ length: count }, () => ticket(queue, priority));
export const idsOf = (list: Ticket[]): string[] => list.map((t) => t.ticket_id);
