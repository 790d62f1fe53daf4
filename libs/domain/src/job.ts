import type { WebhookFormat } from './deliveries.js';
import type { LogTally, TrailEntry } from './records.js';
import type { Cause, ExecutionState, JobState } from './states.js';

/** The demands of a job on its node. Counts; memory in MiB. Absent = no demand (one slot). */
export interface Resources {
  nodes?: number;
  tasks?: number;
  cpus_per_task?: number;
  gpus_per_task?: number;
  memory_mb?: number;
  /** Alone on its node. */
  exclusive?: boolean;
}

/** Limits of one execution. Seconds and bytes. Absent = unlimited. */
interface Limits {
  /** The time from process start to the first TERM. */
  runtime_s?: number;
  /** Longest time without a byte of output. */
  silence_s?: number;
  /** Both streams together. */
  output_bytes?: number;
  /** Seconds from TERM to KILL. Default 10. */
  grace_s?: number;
}

/** Automatic retries after a failed attempt (a lost node never counts). */
interface RetryPolicy {
  /** How many attempts may follow the first. */
  max: number;
  /** Wait before the first retry, seconds. Default 1. */
  backoff_s?: number;
  /** Each further wait is this many times longer. Default 2. */
  factor?: number;
}

export interface CronSpec {
  /** Five or six fields (a sixth, first, is seconds). */
  pattern: string;
  /** IANA name. Default UTC. */
  timezone: string;
}

interface WebhookSpec {
  url: string;
  /** Job states that are told. */
  on: JobState[];
  /** HMAC key of X-Drover-Signature. */
  secret?: string;
  /** Absent: json. */
  format?: WebhookFormat;
  headers?: Record<string, string>;
  retries?: number;
}

/** The container part of a job; absent for a plain process. */
interface ContainerSpec {
  image: string;
  extra_hosts?: Record<string, string>;
}

/** How a job runs. Never goes into a ticket. */
export interface JobSpec {
  /**
   * A text is run by /bin/sh -c; a list is executed as it is. Null: nothing for our worker to run (HTTP-pull or
   * observed jobs).
   */
  command: string | string[] | null;
  container?: ContainerSpec;
  env?: Record<string, string>;
  /** Relative to the job's own folder, or absolute. */
  workdir?: string;
  stdin?: string;
  resources?: Resources;
  limits?: Limits;
  retry?: RetryPolicy;
  /** Globs relative to the working directory. */
  artifacts?: string[];
  /** Keep the job's own folder after the end. */
  keep_workdir?: boolean;
  webhooks?: WebhookSpec[];
  /** The `traceparent` of the request that submitted it (W3C Trace Context); its trace has a link to it. */
  traceparent?: string;
}

/**
 * The ways a job gets to its runner: our workers (through a ticket, or where placement finds room for its demands), an
 * HTTP-pull agent (no ticket needed, none refused), or nobody (observed from outside).
 */
export const DISPATCHES = ['ticket', 'placed', 'pull', 'observed'] as const;
export type Dispatch = (typeof DISPATCHES)[number];

/** A job as the record holds it. */
export interface Job {
  id: string;
  queue: string;
  name: string | null;
  owner: string;
  /** The project whose members may see it; others find no such job. */
  project: string;
  /** `native`, or the name of the dialect it came through. */
  dialect: string;
  dispatch: Dispatch;
  spec: JobSpec;
  /** Opaque to the core: what a dialect knows more than it. */
  payload: Record<string, unknown>;
  tags: string[];
  metadata: Record<string, unknown>;
  /** Higher runs first. */
  priority: number;
  state: JobState;
  cause: Cause | null;
  /** One sentence for a person. */
  cause_detail: string | null;
  exit_code: number | null;
  /** Name, e.g. SIGKILL. */
  signal: string | null;
  attempt: number;
  epoch: number;
  /** Executions ended by the loss of their agent. */
  losses: number;
  dispatch_seq: number;
  /** Name of the agent that holds or held it. */
  node: string | null;
  execution_id: string | null;
  parent_id: string | null;
  depends_on: string[];
  /** Dependencies that have not succeeded yet. */
  pending_dependencies: number;
  cron: CronSpec | null;
  start_at: Date | null;
  expires_at: Date | null;
  cancel_requested_at: Date | null;
  cancel_reason: string | null;
  created_at: Date;
  queued_at: Date | null;
  claimed_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
  updated_at: Date;
  /** True: it is kept, with all that belongs to it, however old it is. */
  pinned: boolean;
}

/** One claim of a job by an agent. */
export interface Execution {
  id: string;
  job_id: string;
  epoch: number;
  attempt: number;
  agent_id: string;
  node: string;
  state: ExecutionState;
  /** Dialects with phases (Testflinger) keep the present one here. */
  phase: string | null;
  cause: Cause | null;
  cause_detail: string | null;
  exit_code: number | null;
  signal: string | null;
  pid: number | null;
  container_id: string | null;
  claimed_at: Date;
  /** Agent's clock, converted to the server's. */
  spawned_at: Date | null;
  first_byte_at: Date | null;
  exited_at: Date | null;
  finished_at: Date | null;
  stdout_bytes: number;
  stderr_bytes: number;
  stdout_sha256: string | null;
  stderr_sha256: string | null;
  /** How far the sender's offsets are ahead of the stored log, since output was dropped and a notice took its place. */
  stdout_skew: number;
  stderr_skew: number;
  /** Bytes of output that were not kept because the project's quota was used up. */
  log_dropped: number;
  /** The lines of what is stored. Null: not all of it was counted when it was stored. */
  log_tally: LogTally | null;
  /** Every byte the agent says the job wrote is stored. Null until the end. */
  log_complete: boolean | null;
}

/** A job as a client asks for it, through whichever API. The API has validated it. */
export interface Submission {
  /** Chosen by the dialect, else made by the core (UUID version 7). */
  id?: string;
  queue: string;
  name?: string | null;
  owner: string;
  /** Absent: the project of the client that asks, else `default`. */
  project?: string;
  dialect: string;
  dispatch?: Dispatch;
  spec: JobSpec;
  payload?: Record<string, unknown>;
  tags?: string[];
  metadata?: Record<string, unknown>;
  priority?: number;
  start_at?: Date | null;
  expires_at?: Date | null;
  cron?: CronSpec | null;
  depends_on?: string[];
  parent_id?: string | null;
  /** Ids the dialect shows instead of ours: rows of external_ref. */
  external_ids?: string[];
  /** The agent client that reports an observed job, and alone may go on doing so beside its owner. */
  reported_by?: string;
  /** The start of an observed job, when it is known. */
  started_at?: Date;
  /** Written to the trail together with the job. */
  trail?: Omit<TrailEntry, 'job_id'>;
  /** True: the job is not handed out until JobsService.release(id), because attachments are to come. */
  held?: boolean;
  /** True: it is kept, however old it is. */
  pinned?: boolean;
}
