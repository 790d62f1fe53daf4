import type { Cause, JobState } from '@drover/domain';

/** The fields of a job of a task: as they were asked for, checked and complete. */
export interface TaskJobDetails {
  image: string;
  /** The text as it was given. */
  command: string;
  /** The same as words: what is run. */
  words: string[];
  envs: Record<string, string>;
  /** Free data of the client; null: none. */
  custom: Record<string, unknown> | null;
  retries: number;
  /** Seconds. */
  timeout: number;
  /** Unix seconds; null: none. */
  expiration: number | null;
  /** The text as it was given; null: none. */
  cron: string | null;
  notify: TaskNotices<string>;
  webhooks: TaskNotices<TaskWebhook>;
  /** Host and address. */
  extra_hosts: [string, string][];
}

export interface TaskNotices<T> {
  succeeds: T[];
  fails: T[];
  finishes: T[];
}

export interface TaskWebhook extends Record<string, unknown> {
  url?: unknown;
  headers?: unknown;
  retries?: unknown;
  secret?: unknown;
}

export interface TaskRow {
  task_id: string;
  jobs_count: number;
  created_at: Date;
  modified_at: Date;
}

/** A job of a task: what is to be run, now and then. */
export interface TaskJob {
  task_id: string;
  job_id: string;
  seq: string;
  owner: string;
  project: string;
  details: TaskJobDetails;
  retry_count: number;
  /** Id of the record's job that was last queued for it. */
  enqueued_id: string;
  request_ip: string | null;
  /** The record's cron parent; null: none, or stopped. */
  cron_job_id: string | null;
  created_at: Date;
  modified_at: Date;
}

/** Why there is an execution of a task's job. */
export const TASK_ORIGINS = ['now', 'timed', 'cron', 'retry', 'manual'] as const;
export type TaskOrigin = (typeof TASK_ORIGINS)[number];

/** A new execution, with the submission that makes it a job of the record. */
export interface NewTaskExecution {
  id: string;
  task_id: string;
  job_id: string;
  image: string;
  command: string;
  request_ip: string | null;
  origin: TaskOrigin;
  /** The tick of a cron it is for. */
  tick_at: Date | null;
  /** The job does not run before this time. */
  start_at: Date | null;
  /** The job does not exist for clients before this time. Null: it exists now. */
  created_at: Date | null;
  /** Name of the farm whose limit it counts for. */
  farm: string | null;
  submission: object;
}

/** An execution with what the record knows of its run. */
export interface TaskExecution {
  id: string;
  task_id: string;
  job_id: string;
  seq: string;
  image: string;
  command: string;
  request_ip: string | null;
  origin: TaskOrigin;
  created_at: Date;
  start_at: Date | null;
  farm: string | null;
  stop_requested: boolean;
  settled: boolean;
  /** Null: not yet a job of the record. */
  state: JobState | null;
  cause: Cause | null;
  cause_detail: string | null;
  exit_code: number | null;
  signal: string | null;
  started_at: Date | null;
  finished_at: Date | null;
  expires_at: Date | null;
  timeout_s: number | null;
  /** The execution of its present or last run. */
  execution_id: string | null;
  node: string | null;
  phase: string | null;
  container_id: string | null;
  /** True: the run reached a process or a container at some time. */
  spawned: boolean;
  stdout_bytes: number;
  stderr_bytes: number;
  /** Bytes at the head of stderr that are not the job's. */
  preamble_bytes: number;
}
