import type { AgentBlock, Cause, JobSpec, NodeFacts, Sample, Stream } from '@drover/domain';

/**
 * The agent protocol, /agent/v1: JSON over HTTP between our worker and our API. All bodies are JSON but the raw log and
 * artifact uploads. `Authorization: Bearer <token>`: the enrolment token for register, the agent token for the rest.
 */

/** Seconds of silence after which an agent is lost. */
export const LEASE_S = 10;
/** Seconds between two heartbeats. */
export const HEARTBEAT_S = 2;
/** A chunk whose gzip member is larger than this travels by the raw route, not inside a report. */
export const INLINE_CHUNK_BYTES = 64 * 1024;
/** Raw bytes a chunk holds at most. */
export const MAX_CHUNK_BYTES = 1024 * 1024;
/** Items a claims or reports request holds at most. */
export const MAX_BATCH = 500;

/** POST /agent/v1/register */
export interface RegisterRequest {
  name: string;
  queues: string[];
  slots: number;
  facts: NodeFacts;
  /** Kept by a worker that is restarted (it lives in the spool), so that it finds its executions again. */
  boot_id: string;
  /** The version of this protocol that the worker speaks (`AGENT_PROTOCOL`). Absent: 1, a worker of release 0.1.0. */
  protocol?: number;
}
export interface RegisterResponse {
  agent_id: string;
  token: string;
  lease_s: number;
  heartbeat_s: number;
  /** Where tickets are pulled from. `url` is absent when the worker has to know it by itself. */
  tickets: {
    /** api: this node gets no login to the tickets, and asks for jobs with its heartbeats and reports. */
    backend: 'redis' | 'postgres' | 'api';
    url?: string;
    prefix: string;
    /** A hash of backend, address and prefix together. */ fingerprint?: string;
  };
  /** Executions the record still holds as this agent's and of this boot. All others in the spool are to be ended. */
  executions: {
    execution_id: string;
    epoch: number;
    cancel: boolean;
    /** True: the record does not know of a start. A control tells to start it. */ offered?: boolean;
  }[];
  server_time: string;
  /** Jobs come from clients that log in: of several people. Absent: an API that does not say. */
  login?: boolean;
  /** The API starts jobs without tickets, see {@link FreeSlots} and {@link NextJobs}. Absent: it does not. */
  starts?: boolean;
  /** The version of this protocol that the API speaks. Absent: 1, an API of release 0.1.0. */
  protocol?: number;
  /** The oldest version that the API gives work to. */
  oldest_protocol?: number;
  /** The version of the API's program. */
  version?: string;
  /** Present: the worker is too old, gets no new jobs, and finishes those it has. A sentence with the remedy. */
  too_old?: string;
}

/**
 * The slots for which a worker could start jobs at once. The API may then claim a new job for it in the statement that
 * accepts the job, and pushes the execution. Absent in a request: the worker starts nothing without a ticket.
 */
export interface FreeSlots {
  /** Slots for jobs of any queue it serves. What is kept for jobs with demands is not among them. 0: it takes no work. */
  slots: number;
  /** Free slots of the queues that have a limit of their own on the node. */
  of_queues?: Record<string, number>;
}

/** A worker's request for the jobs that wait first in its queues, for slots that have just come free. */
export interface NextJobs {
  slots: number;
  /** Queues in which jobs probably wait, and the most jobs of each; in the order of their turns. At most 32. */
  queues: [name: string, most: number][];
}

/** POST /agent/v1/heartbeat */
export interface HeartbeatRequest {
  slots_free: number;
  running: { execution_id: string; epoch: number }[];
  facts?: NodeFacts;
  /** Queues being served changed. */
  queues?: string[];
  draining?: boolean;
  /** Processes of the whole node that ran or wanted to, mean of the last minute. */
  cpu_load?: number;
  /** The disk of its data folder, in bytes. Absent: it was not read. */
  disk?: { free_bytes: number; total_bytes: number };
  /**
   * How far its clock is ahead of the API's, as the last answer showed (taken for read half-way). Milliseconds; 0: no
   * more than the way explains.
   */
  clock_skew_ms?: number;
  /** Why it takes no work at the moment. Absent: it takes work. */
  blocked_by?: AgentBlock;
  free?: FreeSlots;
  /** A node without tickets asks for the jobs that wait; they are in `start` of the control. */
  next?: NextJobs;
}
/**
 * Controls for an agent. The push channel sends the same: GET /agent/v1/control, SSE, event `control`, data = Control.
 * Its event `start` has {@link Started} as data: executions to be started, beside those of the last control.
 */
export interface Control {
  /** Executions to end because somebody cancelled their job. Repeated until their end is reported. */
  cancel: { execution_id: string; reason: string }[];
  /** Executions that no longer hold their job: end them, send nothing more. */
  lost: string[];
  /**
   * Executions that were opened for this agent and are to be started. Repeated until their start is reported; one it
   * has, or had, is to be ignored.
   */
  start?: ClaimedExecution[];
  /** Slots to keep free of tickets, beside those that running executions take. Absent: none. */
  reserve?: number;
  /** Take no more tickets. */
  drain: boolean;
}
/** Executions that were opened for an agent without a ticket. */
export interface Started {
  start: ClaimedExecution[];
}
export interface HeartbeatResponse {
  control: Control;
  server_time: string;
  /** The fingerprint of where the tickets are now. Another one than at the registration: register again. */
  tickets?: string;
}

/** POST /agent/v1/claims: at most MAX_BATCH tickets. */
export interface ClaimsRequest {
  tickets: { ticket_id: string; job_id: string }[];
  free?: FreeSlots;
}
export interface ClaimedExecution {
  execution_id: string;
  job_id: string;
  epoch: number;
  attempt: number;
  queue: string;
  name: string | null;
  /** The client the job belongs to. Absent: an API that does not say; null: nobody, there was no login. */
  owner?: string | null;
  spec: JobSpec;
  /** GPU indexes assigned, if resources ask for any. */
  gpus?: number[];
  /** The place of this execution in its gang. */
  gang?: {
    rank: number;
    size: number;
    hostlist: string[];
    /** Rank of this node's first task, and the number of tasks on all nodes. */ first_rank: number;
    task_size: number;
  };
  /** Slots of the node it takes. Default 1. */
  slots?: number;
  /**
   * True: the execution was claimed for a slot that the worker had told to be free. A worker that has none any more
   * reports it `declined`.
   */
  pushed?: boolean;
  /** Phases of a dialect job, run in order (Testflinger). */
  payload?: Record<string, unknown>;
  /** Values to be overwritten in the output before it leaves the node. */
  mask?: string[];
  /** The token for calls of the job to the API. */
  token: string;
}
export type ClaimResult =
  | { ticket_id: string; outcome: 'claimed'; execution: ClaimedExecution }
  /** Drop the ticket: the job is gone, cancelled, claimed by another, or ended. */
  | { ticket_id: string; outcome: 'refused'; reason: string }
  /** The job is not due yet: the worker gives the ticket back, due in `delay_ms`. */
  | { ticket_id: string; outcome: 'later'; reason: string; delay_ms: number };
export interface ClaimsResponse {
  results: ClaimResult[];
}

export type WireSample = Omit<Sample, 'execution_id' | 'job_id' | 'at'> & { at: string };

/** POST /agent/v1/reports: items of one execution are applied in their order; at most MAX_BATCH. */
export interface ReportsRequest {
  items: ReportItem[];
  free?: FreeSlots;
  /** Asks for further jobs. They come with the answer. */
  next?: NextJobs;
}
export type ReportItem = { execution_id: string; epoch: number } & (
  | {
      kind: 'started';
      pid: number | null;
      container_id?: string;
      /** Bytes at the head of stderr that are not the job's (progress of an image's pull). */ preamble_bytes?: number;
      spawned_at: string;
    }
  | { kind: 'phase'; phase: string; exit_code?: number | null }
  /** A pushed execution found no free slot: its job waits again, and no attempt and no loss is counted. */
  | { kind: 'declined'; reason: string }
  | {
      kind: 'chunk';
      stream: Stream;
      offset: number;
      length: number;
      sequence: number;
      at: string;
      /** Newlines among the raw bytes. Absent, as from older workers: the API counts them. */
      lines?: number;
      /** The last raw byte is not a newline. Goes with `lines`. */
      open?: boolean;
      /** base64 of one gzip member */ data: string;
    }
  | { kind: 'samples'; samples: WireSample[] }
  | {
      kind: 'ended';
      ok: boolean;
      cause: Cause | null;
      cause_detail: string | null;
      exit_code: number | null;
      signal: string | null;
      exited_at: string;
      first_byte_at: string | null;
      stdout: { bytes: number; sha256: string };
      stderr: { bytes: number; sha256: string };
    }
);
/**
 * In the order of the items. 200 applied (or applied before), 409 stale epoch, 416 gap (`stored` = where to rewind to),
 * 422 not understood.
 */
export interface ReportsResponse {
  results: { status: 200 | 409 | 416 | 422; stored?: number; message?: string }[];
  /** The jobs that were asked for by `next`, claimed for this agent. */
  start?: ClaimedExecution[];
}

/*
 * POST /agent/v1/executions/{id}/logs?epoch=&stream=&offset=&length=&sequence=&at=&lines=&open= body: one gzip member,
 * application/gzip
 *   200 {"stored": n} · 409 stale · 416 {"stored": n} gap
 * PUT /agent/v1/executions/{id}/artifacts?epoch=&path=   body: the bytes, streamed; 200 {"size","sha256"}
 * GET /agent/v1/control   SSE of Control, event `control`
 * POST /agent/v1/deregister   after a drain; 200
 */
