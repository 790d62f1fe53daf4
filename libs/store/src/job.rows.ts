import type { Execution, Job, Placed } from '@drover/domain';

/** A job row as `pg` gives it; bigint columns arrive as text. */
export type JobRow = Omit<Job, never> & {
  seq: string;
  agent_id: string | null;
  held: boolean;
  claimed_by: string | null;
};

/** A job with what only the server's own code needs. */
export interface StoredJob extends Job {
  /** Order of acceptance, as text (64 bit); the cursor of lists. */
  seq: string;
  agent_id: string | null;
  /** Accepted, not to be handed out yet. */
  held: boolean;
  /** The agent client it was last handed out to over HTTP. Null: to none, or to one of our own workers. */
  claimed_by: string | null;
}

export const JOB_COLUMNS = `id, seq, queue, name, owner, project, dialect, dispatch, spec, payload, tags, metadata, priority, state, cause, cause_detail,
  exit_code, signal, attempt, epoch, losses, dispatch_seq, node, agent_id, claimed_by, execution_id, parent_id, depends_on, pending_dependencies, held, cron,
  start_at, expires_at, cancel_requested_at, cancel_reason, created_at, queued_at, claimed_at, started_at, finished_at, updated_at`;

export const jobColumns = (alias: string): string =>
  JOB_COLUMNS.split(',')
    .map((c) => `${alias}.${c.trim()}`)
    .join(', ');

/** Rows are ours and typed by the columns above; nothing is renamed, so that a reader finds one word for one thing. */
export const toJob = (row: JobRow): StoredJob => row;

type Big = 'stdout_bytes' | 'stderr_bytes' | 'stdout_skew' | 'stderr_skew' | 'log_dropped';

export type ExecutionRow = Omit<Execution, Big> &
  Record<Big, string> & {
    boot_id: string;
    payload: Record<string, unknown>;
    placed: Placed | null;
  };

export interface StoredExecution extends Execution {
  boot_id: string;
  /** Facts of a dialect: phases with their codes. */
  payload: Record<string, unknown>;
  /** The share of its node that it holds; null: one slot. */
  placed: Placed | null;
}

export const EXECUTION_COLUMNS = `id, job_id, epoch, attempt, agent_id, node, boot_id, state, phase, cause, cause_detail, exit_code, signal, pid,
  container_id, payload, claimed_at, spawned_at, first_byte_at, exited_at, finished_at, stdout_bytes, stderr_bytes, stdout_sha256, stderr_sha256, log_complete, placed,
  stdout_skew, stderr_skew, log_dropped`;

export const toExecution = (row: ExecutionRow): StoredExecution => ({
  ...row,
  stdout_bytes: Number(row.stdout_bytes),
  stderr_bytes: Number(row.stderr_bytes),
  stdout_skew: Number(row.stdout_skew),
  stderr_skew: Number(row.stderr_skew),
  log_dropped: Number(row.log_dropped),
});
