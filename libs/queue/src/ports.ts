/** A doorbell in BullMQ: "this job may be claimable". Holds ids only. */
export interface Ticket {
  /** `<job id>-<dispatch>`: deterministic, so that adding it twice is adding it once. */
  ticket_id: string;
  job_id: string;
  queue: string;
  /** Drover priority: higher first. Clamped to ±1,000,000. */
  priority: number;
  /** The ticket is not due before this time. Absent: it is due now. */
  due_at?: Date;
}

export interface QueueCounts {
  /** Claimable now. */
  waiting: number;
  /** Waiting for their time. */
  delayed: number;
  /** Fetched by a worker, its claim not answered yet (milliseconds). */
  active: number;
  paused: boolean;
}

/**
 * Producer side, used by the API. Every method rejects within about a second (`unavailable`) when the store is away;
 * never hangs.
 */
export interface TicketQueue {
  readonly backend: 'redis' | 'postgres';
  /** Idempotent by `ticket_id`. After a refusal some of the tickets may be in: add them again. */
  add(tickets: Ticket[]): Promise<void>;
  /** Tickets that a worker has just fetched stay: their claim is refused by the record. */
  remove(queue: string, ticketIds: string[]): Promise<void>;
  /** Which of these tickets are in no live state (waiting, delayed, active). */
  missing(queue: string, ticketIds: string[]): Promise<string[]>;
  /** Makes those of these tickets that wait for their time due now, whatever the clocks of the workers say. */
  promote(queue: string, ticketIds: string[]): Promise<void>;
  pause(queue: string): Promise<void>;
  resume(queue: string): Promise<void>;
  counts(queues: string[]): Promise<Map<string, QueueCounts>>;
  /**
   * The same as long as the store cannot have lost anything by itself: another one after a restart, a failover, or when
   * it was emptied.
   */
  incarnation(): Promise<string>;
  /** Throws with the reason, within 2 s. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A ticket in hand. One of its methods is to be called within a minute, else it goes to another worker. Neither ever
 * rejects.
 */
export interface HeldTicket {
  readonly ticket_id: string;
  readonly job_id: string;
  readonly queue: string;
  /** The claim was answered, whatever the answer. */
  done(): Promise<void>;
  /** Back to the front of its priority, or due in `delayMs`. */
  giveBack(delayMs?: number): Promise<void>;
}

export interface SourceHooks {
  /** Resolves when a slot is free; rejects when the signal is aborted. Called before each fetch. */
  slotFree(signal: AbortSignal): Promise<void>;
  /** Takes a free slot now, or says that there is none any more. */
  tryAcquire(): boolean;
  /** The slot is held. */
  onTicket(ticket: HeldTicket): void;
  /** Once an outage, not once an attempt. */
  onError(error: Error): void;
}

/** Consumer side, used by the worker daemon. */
export interface TicketSource {
  /** Sets or replaces the served queues. */
  serve(queues: string[]): Promise<void>;
  start(hooks: SourceHooks): void;
  /** The served queues in which tickets probably wait: their last fetch brought one, or their doorbell was heard since. */
  backlog(): string[];
  /** No ticket is fetched after it resolved. Tickets in hand stay in hand. */
  pause(): Promise<void>;
  resume(): void;
  /** Gives back what is still in hand. Resolves within the deadline, whatever the store does. */
  close(deadlineMs: number): Promise<void>;
}

/** About one run of an internal job. */
export interface InternalRun {
  /** The same when the run is repeated after a crash: usable as an idempotency key. */
  id: string;
  /** Counted from 1. */
  attempt: number;
  /** When the first attempt was to begin; of a tick the tick's own time. */
  due_at: Date;
  /** Aborted when this process closes. */
  signal?: AbortSignal;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the data is what the caller of add() gave; each handler knows its own
export type InternalHandler = (data: any, run: InternalRun) => Promise<void>;

/**
 * Internal periodic and one-off work of the API, on the queue `drover.internal`: one owner a tick, however many
 * replicas.
 */
export interface InternalJobs {
  /**
   * The first tick comes at once. Survives the loss of the store, and its absence now: it is put (back) within seconds
   * of its return.
   */
  every(name: string, everyMs: number, data?: object): Promise<void>;
  /**
   * Five or six fields (a sixth, first, is seconds); IANA time zone. `invalid` when they are none. The same id again
   * replaces it.
   */
  cron(id: string, pattern: string, timezone: string, name: string, data: object): Promise<void>;
  removeCron(id: string): Promise<void>;
  crons(): Promise<string[]>;
  add(
    name: string,
    data: object,
    opts?: {
      id?: string;
      delayMs?: number;
      attempts?: number;
      backoff?: { type: 'exponential' | 'fixed'; delayMs: number };
    },
  ): Promise<void>;
  remove(id: string): Promise<void>;
  handle(handlers: Record<string, InternalHandler>, opts?: { concurrency?: number }): void;
  close(): Promise<void>;
}

/** Where tickets live. */
export type QueueOptions = {
  /** Redis: prefix of every key, default `drover`. Postgres: name of BullMQ's schema, default `bullmq`. */
  prefix?: string;
  /** Told once an outage (and of failures of internal jobs). Default: nobody. */
  onError?: (error: Error) => void;
  /**
   * The broker's time, milliseconds since 1970: what is due is decided by it. Default: this machine's, which is the
   * broker's where the API runs.
   */
  clock?: () => number;
} & ({ backend: 'redis'; url: string } | { backend: 'postgres'; url: string });
