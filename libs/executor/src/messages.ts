/*
 * The messages that worker daemon and supervisor exchange: one JSON object a line over a UNIX socket. The supervisor
 * may be older than the daemon (it outlives it), hence SUPERVISOR_PROTOCOL.
 */
import type { Cause } from '@drover/domain';
import type { JobUser, JobView } from './isolation/job-user.js';

/** Raised with each incompatible change; a daemon ends a supervisor that speaks another one. */
export const SUPERVISOR_PROTOCOL = 2;

/** An order to run a command. Everything is resolved: absolute paths, complete limits. */
export interface LaunchOrder {
  execution_id: string;
  /** Exists. Gets `stdout`, `stderr` and, if need be, `exit.json`. */
  folder: string;
  /** A text for /bin/sh -c, or an argument list. */
  command: string | string[];
  /** Exists, unless the user named one that does not. */
  cwd: string;
  /** The variables on top of the base environment of the session. */
  env: Record<string, string>;
  /** Processes to start, each with its own DROVER_TASK_RANK, all writing to the same two files. At least 1. */
  tasks: number;
  /** DROVER_TASK_RANK of the first of them: of a gang, this node's tasks come after those of the nodes before it. */
  first_rank: number;
  /** `folder/stdin` is its standard input, else /dev/null. */
  stdin: boolean;
  limits: LaunchLimits;
  /** Present: the command runs in a container. */
  container?: ContainerLaunch;
  /** The user whose rights its processes have. Absent: the worker's. */
  user?: JobUser;
  /** Present: its processes are in namespaces of their own, and see this of the file system. */
  view?: JobView;
  /** Opaque: comes back with `list` and with the end. Must be small. */
  note: Record<string, unknown>;
}

/**
 * The container of an execution. A list as command is handed to the image's entrypoint; a text replaces it by /bin/sh
 * -c.
 */
export interface ContainerLaunch {
  image: string;
  /** Host name to address, for /etc/hosts. */
  extra_hosts: Record<string, string>;
  /** Processors it may use, e.g. 1.5. Absent: all. */
  cpus?: number;
  /** Inside the container, absolute. Absent: the image's. */
  workdir?: string;
  /** The order's `cwd` is mounted at CONTAINER_WORK, writable. */
  mount: boolean;
}

/** Where a container finds the job's own folder. */
export const CONTAINER_WORK = '/drover/work';

interface LaunchLimits {
  runtime_s?: number;
  silence_s?: number;
  output_bytes?: number;
  memory_bytes?: number;
  /** Processors of all its processes together; held where a process can have a cgroup. */
  cpus?: number;
  /** Seconds from TERM to KILL. */
  grace_s: number;
}

/** How an execution ended. Also the content of exit.json. */
export interface ExitRecord {
  execution_id: string;
  ok: boolean;
  cause: Cause | null;
  /** One sentence for a person; null when it ended well. */
  cause_detail: string | null;
  exit_code: number | null;
  signal: string | null;
  pid: number | null;
  spawned_at: string | null;
  exited_at: string;
  /** Length of the two files when the last process of the tree was gone. */
  stdout_bytes: number;
  stderr_bytes: number;
  note: Record<string, unknown>;
}

/** An execution that has not ended. */
export interface RunningRecord {
  execution_id: string;
  pid: number | null;
  spawned_at: string | null;
  folder: string;
  note: Record<string, unknown>;
  user?: JobUser;
  container_id?: string;
  /** Bytes at the head of stderr that are not the job's (progress of the pull). */
  preamble_bytes?: number;
}

export type ToSupervisor =
  | { t: 'hello'; pid: number; protocol: number; base_env: Record<string, string> }
  | { t: 'spawn'; order: LaunchOrder }
  | { t: 'end'; execution_id: string; cause: Cause; detail: string; grace_s?: number }
  /** Their end is reported: the supervisor may forget them. */
  | { t: 'forget'; ids: string[] }
  | { t: 'ping' }
  /** End everything within the grace, then exit. */
  | { t: 'shutdown'; grace_s: number };

export type FromSupervisor =
  | { t: 'welcome'; protocol: number; pid: number; running: RunningRecord[]; ended: ExitRecord[] }
  /** The supervisor serves another daemon now. */
  | { t: 'refused'; reason: string }
  | {
      t: 'started';
      execution_id: string;
      pid: number | null;
      spawned_at: string;
      container_id?: string;
      preamble_bytes?: number;
    }
  | { t: 'phase'; execution_id: string; phase: string }
  | { t: 'exited'; record: ExitRecord }
  | { t: 'pong' };
