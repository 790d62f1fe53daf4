import type { IQueueBackend } from 'bullmq';
import type { QueueCounts } from './ports.js';

/**
 * How a ticket's lock and its loss are timed. Fetch to done is milliseconds, so a worker killed between is noticed
 * within 6 + 3 s.
 */
export const LOCK_MS = 6000;
export const STALLED_CHECK_MS = 3000;
/** A ticket is never failed for having been lost often: it is a doorbell, the record counts losses. */
export const MAX_STALLS = 1_000_000_000;
/** BullMQ's event stream has no reader here; keep next to nothing of it. */
export const EVENTS_KEPT = 100;

/** A queue's blocking wait: its own connection (Redis) or subscription (Postgres). */
export interface Doorbell {
  /** True: whoever hears the message has taken it from the others. */
  readonly exclusive: boolean;
  /**
   * Resolves when a ticket may be there (0: now, else the time in milliseconds), or with null after the time-out or an
   * interrupt.
   */
  wait(timeoutMs: number): Promise<number | null>;
  /** Ends the wait under way and refuses new ones. */
  interrupt(): Promise<void>;
  /** Allows waiting again. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** Queues whose objects are kept for the next use; queue names are the users', so there may be any number. */
export const BACKENDS_KEPT = 1000;

/** One connection to where the tickets are, seen through BullMQ's own port. Both sides of the queue build on it. */
export interface TicketStore {
  readonly kind: 'redis' | 'postgres';
  /** The broker's time. */
  readonly clock: () => number;
  /** Host and port, for messages. */
  readonly label: string;
  /** BullMQ's operations of one queue, over the shared connection. */
  backend(bullName: string): IQueueBackend;
  doorbell(bullName: string): Doorbell;
  /** A ticket in hand goes back to the front of its priority, and somebody is told. */
  putBack(bullName: string, id: string, token: string): Promise<void>;
  /**
   * A backend of its own that waits for its connection, for BullMQ's Worker class (internal jobs). The Worker closes
   * it.
   */
  workerBackend(bullName: string): IQueueBackend;
  /** Runs an operation with a deadline; any failure becomes `unavailable`. Fails at once while there is no connection. */
  run<T>(what: string, operation: () => Promise<T>, deadlineMs?: number): Promise<T>;
  /**
   * Runs an operation that must not run in two processes at once. Where the store's own operations are atomic, nothing
   * more is needed.
   */
  alone(operation: () => Promise<void>): Promise<void>;
  /** Which of these tickets are in no live state. At most a few hundred ids. */
  missing(bullName: string, ids: string[]): Promise<string[]>;
  counts(bullNames: string[]): Promise<Map<string, QueueCounts>>;
  /** An id of the store's contents. It changes when the store may have lost tickets: restarted, failed over, emptied. */
  incarnation(): Promise<string>;
  /** Called each time the connection has come (back). */
  onReady(listener: () => void): void;
  ping(): Promise<void>;
  close(): Promise<void>;
}
