import type { Sql } from '@drover/store';

/** The port of the jobs to the ticket store; libs/queue has the adapters. */
export interface TicketSink {
  add(tickets: { ticket_id: string; job_id: string; queue: string; priority: number; due_at?: Date }[]): Promise<void>;
  remove(queue: string, ticketIds: string[]): Promise<void>;
  missing(queue: string, ticketIds: string[]): Promise<string[]>;
  /** Delayed tickets among these are due now. */
  promote(queue: string, ticketIds: string[]): Promise<void>;
  /** An id of the store's contents. It changes when the store may have lost tickets. */
  incarnation(): Promise<string>;
  pause(queue: string): Promise<void>;
  resume(queue: string): Promise<void>;
}

/** The port to the limits of projects and to how much of them is free; libs/quotas has the adapter. */
export interface ProjectRoom {
  /** Knows the quotas of now; before a transaction. */
  ready(): Promise<void>;
  /** Throws where there is no room; takes nothing. */
  demand(project: string, quota: 'waiting_jobs', asked: number): Promise<void>;
  /** Whether so much may be taken without asking in the transaction. It counts as taken. */
  covers(quota: 'waiting_jobs' | 'log_bytes', amounts: ReadonlyMap<string, number>): Promise<boolean>;
  /**
   * The free room, read in the transaction, for which others of these projects then wait. Projects without a limit are
   * absent.
   */
  lockedRooms(sql: Sql, projects: Iterable<string>, quota: 'waiting_jobs'): Promise<Map<string, Room>>;
  room(sql: Sql, project: string, quota: 'log_bytes'): Promise<Room>;
  refusal(project: string, quota: 'waiting_jobs', room: Room, asked: number): Error;
}

export interface Room {
  used: number;
  limit: number;
  free: number;
}

/** Room without an end, for programs and tests without quotas. */
export const unlimited: ProjectRoom = {
  ready: () => Promise.resolve(),
  demand: () => Promise.resolve(),
  covers: () => Promise.resolve(true),
  lockedRooms: () => Promise.resolve(new Map()),
  room: () => Promise.resolve({ used: 0, limit: 0, free: Infinity }),
  refusal: () => new Error('There are no quotas.'),
};

/**
 * Doorbells to other processes; libs/bus has the adapters. Best effort: every listener also looks by itself now and
 * then.
 */
export interface Doorbell {
  publish(topic: string, payload?: string): void;
}

/** Topics of the doorbells. Payloads are lists of ids, joined by commas, at most IDS_A_BELL of them. */
export const topics = {
  /** Jobs that changed. */
  jobs: 'jobs',
  /** Executions with new bytes of log, or whose log ended. */
  logs: 'logs',
  /** A job with demands came, or left room. No payload. */
  placement: 'placement',
  /** Webhooks or mails are to be sent. No payload. */
  deliveries: 'deliveries',
  /** Something for this agent to do: ask the record. No payload. */
  agent: (agentId: string): string => `agent.${agentId}`,
} as const;

/** 100 ids are 3.7 kB: under the 8 kB a Postgres NOTIFY may carry. */
export const IDS_A_BELL = 100;

/** Rings for many ids in as few messages as fit. */
export function ringFor(bell: Doorbell, topic: string, ids: Iterable<string>): void {
  const all = [...new Set(ids)];
  for (let start = 0; start < all.length; start += IDS_A_BELL)
    bell.publish(topic, all.slice(start, start + IDS_A_BELL).join(','));
}

export interface JobsLogger {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

/** The port to what is counted and timed; libs/telemetry has it. No label holds a job id. */
export interface JobsObserver {
  accepted(queue: string, n: number): void;
  /** Seconds between two steps of a job's life. */
  step(
    step:
      | 'accept_to_queued'
      | 'queued_to_claimed'
      | 'claimed_to_spawned'
      | 'spawned_to_first_byte'
      | 'exit_to_result'
      | 'run',
    seconds: number,
  ): void;
  ended(queue: string, state: string, cause: string | null): void;
  lost(n: number): void;
  /** Bytes of output that were not kept. */
  dropped(bytes: number): void;
}

export const silentObserver: JobsObserver = {
  accepted: () => undefined,
  step: () => undefined,
  ended: () => undefined,
  lost: () => undefined,
  dropped: () => undefined,
};
